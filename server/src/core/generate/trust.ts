import { formatSubject } from '../model/subject';
import type { Pair } from './pair';

/** Pod Identity's principal, in every partition. Source: EKS user guide, pod-id-role. */
export const podsPrincipal = 'pods.eks.amazonaws.com';

/** The tags that EKS sends, and which of them are compared. Source: EKS user guide, pod-id-abac-tags. */
export const tagKeys = {
  namespace: 'aws:RequestTag/kubernetes-namespace',
  serviceAccount: 'aws:RequestTag/kubernetes-service-account',
  clusterArn: 'aws:RequestTag/eks-cluster-arn',
} as const;

/** A statement that admits the pair's account, and nobody else. */
export function trustStatement(pair: Pair): Record<string, unknown> {
  const { account, provider, cluster } = pair;
  if (pair.mechanism === 'irsa') {
    return {
      Effect: 'Allow',
      Principal: { Federated: provider!.arn },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${provider!.issuer}:aud`]: pair.audience,
          [`${provider!.issuer}:sub`]: formatSubject(account.namespace, account.name),
        },
      },
    };
  }
  return {
    Effect: 'Allow',
    Principal: { Service: podsPrincipal },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: {
        [tagKeys.clusterArn]: cluster!.arn,
        [tagKeys.namespace]: account.namespace,
        [tagKeys.serviceAccount]: account.name,
      },
    },
  };
}

/** The trust policy of a new role. */
export function trustDocument(pair: Pair): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: [trustStatement(pair)] };
}
