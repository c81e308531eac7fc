import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { judge } from '../../server/src/core/trust/judge';
import type { PodIdentityRequest, Verdict, WebIdentityRequest } from '../../server/src/core/trust/verdict';

export const account = '111122223333';
export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
export const otherIssuer = 'oidc.eks.eu-west-1.amazonaws.com/id/0000AAAA1111BBBB2222CCCC3333DDDD';
export const provider = `arn:aws:iam::${account}:oidc-provider/${issuer}`;
export const sub = `${issuer}:sub`;
export const aud = `${issuer}:aud`;
export const subject = 'system:serviceaccount:demo:app';

/** One Allow statement for the provider, with conditions; `more` writes over its elements. */
export function allow(condition?: object, more: object = {}): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(condition ? { Condition: condition } : {}),
    ...more,
  };
}

export function document(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

/** Judges a document for demo/app of the known cluster, unless `request` says otherwise. */
export function askIrsa(policy: object | string, request: Partial<WebIdentityRequest> = {}): Verdict {
  return judge(policyFromText(typeof policy === 'string' ? policy : JSON.stringify(policy)), {
    mechanism: 'irsa',
    issuer,
    roleAccount: account,
    namespace: 'demo',
    serviceAccount: 'app',
    ...request,
  });
}

/** Judges a document for demo/app of cluster prod. */
export function askPod(policy: object | string, request: Partial<PodIdentityRequest> = {}): Verdict {
  return judge(policyFromText(typeof policy === 'string' ? policy : JSON.stringify(policy)), {
    mechanism: 'pod-identity',
    roleAccount: account,
    namespace: 'demo',
    serviceAccount: 'app',
    clusterArn: `arn:aws:eks:eu-west-1:${account}:cluster/prod`,
    ...request,
  });
}
