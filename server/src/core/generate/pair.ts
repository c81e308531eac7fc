import type { Request } from '../trust/verdict';

/** How pods come to the role. */
export type Mechanism = 'irsa' | 'pod-identity';

/** A role and the service account that may take it: checked, and complete. Made by {@link readPair}, read by the writers. */
export interface Pair {
  readonly mechanism: Mechanism;
  readonly role: RoleSpec;
  /** Kubernetes' service account. */
  readonly account: { readonly namespace: string; readonly name: string };
  /** IRSA: the cluster's issuer without `https://`, and its provider in the role's account. */
  readonly provider?: { readonly issuer: string; readonly arn: string };
  /** IRSA: the token's audience. */
  readonly audience: string;
  /** Always there for Pod Identity. */
  readonly cluster?: ClusterSpec;
}

export interface RoleSpec {
  readonly name: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly arn: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly partition: string;
  readonly description: string;
  /** Managed policies to attach. */
  readonly policyArns: readonly string[];
  /** A policy that is written into the role, as JSON text with line breaks. */
  readonly inline?: { readonly name: string; readonly document: string };
  readonly permissionsBoundary?: string;
  /** Seconds. */
  readonly maxSessionDuration?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ClusterSpec {
  readonly name: string;
  readonly region: string;
  /** In the role's account: an association takes roles of the cluster's own account. */
  readonly arn: string;
}

/** What STS, or EKS, is asked when a pod of the account takes the role. */
export function requestFor(pair: Pair, account: { readonly namespace: string; readonly name: string } = pair.account): Request {
  const base = {
    namespace: account.namespace,
    serviceAccount: account.name,
    roleAccount: pair.role.accountId,
    rolePartition: pair.role.partition,
  };
  if (pair.mechanism === 'pod-identity') {
    return {
      mechanism: 'pod-identity',
      ...base,
      account: pair.role.accountId,
      ...(pair.cluster ? { clusterArn: pair.cluster.arn, clusterName: pair.cluster.name } : {}),
    };
  }
  return { mechanism: 'irsa', ...base, audience: pair.audience, ...(pair.provider ? { issuer: pair.provider.issuer } : {}) };
}

/** `demo-namespace/demo-sa`. */
export function accountName({ account }: Pair): string {
  return `${account.namespace}/${account.name}`;
}
