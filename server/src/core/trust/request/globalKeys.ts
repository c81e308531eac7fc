import { plain } from '../../text/texts';
import type { Request } from '../verdict';
import { absent, present, unknown, type Lookup } from './lookup';
import { concat, kubernetesName, nameOrHole, unknownText } from './token';
import type { Text } from '../../text/text';

/**
 * AWS's own condition keys in a request for a role, by facts of the IAM guide's key page
 * (reference_policies_condition-keys). Where no source says whether a key is there, the answer is "unknown".
 */

/** There in every request, with a value that only the call itself has. */
const presentUnknown: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime', 'aws:requestedregion', 'sts:rolesessionname']);

/** Never in an AssumeRoleWithWebIdentity request with a service account's token: it has no such parameter, no such claim and no signing caller. */
const absentForWebIdentity: ReadonlySet<string> = new Set([
  'sts:externalid',
  'sts:sourceidentity',
  'sts:transitivetagkeys',
  'aws:tagkeys',
  'aws:federatedprovider',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:username',
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
]);

/** The session tags that EKS passes, all transitive. Source: EKS user guide, pod-id-abac. */
export const podIdentityTags = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
] as const;

const requestTag = 'aws:requesttag/';

/** Looks up a literal key (in lower case) that is not a token's claim. */
export function globalKey(key: string, name: string, request: Request): Lookup {
  const given = request.context?.get(key);
  if (given !== undefined) return present(name, (typeof given === 'string' ? [given] : given).map(plain), typeof given !== 'string');
  if (request.context?.has(key)) return absent(name, "it isn't in the request");
  // STS is called over TLS alone. Source: IAM guide, "always present".
  if (key === 'aws:securetransport') return present(name, [plain('true')]);
  const own = request.mechanism === 'irsa' ? webIdentityKey(key, name) : podIdentityKey(key, name, request);
  if (own) return own;
  if (presentUnknown.has(key)) return unknown(name, [unknownText()], 'its value is known only when STS is called', true);
  if (/^(aws|sts):/.test(key)) return unknown(name, [unknownText()], 'its value is unknown');
  if (/^iam:resourcetag\//.test(key)) return unknown(name, [unknownText()], "the role's tags are unknown");
  return absent(name, "requests to assume a role don't have this key");
}

function webIdentityKey(key: string, name: string): Lookup | undefined {
  if (key.startsWith(requestTag)) return absent(name, 'service account tokens have no session tags');
  if (!absentForWebIdentity.has(key)) return undefined;
  return absent(
    name,
    key === 'sts:externalid' ? 'AssumeRoleWithWebIdentity has no external ID' : "it isn't in an AssumeRoleWithWebIdentity request",
  );
}

type PodRequest = Extract<Request, { mechanism: 'pod-identity' }>;

function podIdentityKey(key: string, name: string, request: PodRequest): Lookup | undefined {
  if (key.startsWith(requestTag)) return sessionTag(key.slice(requestTag.length), name, request);
  switch (key) {
    case 'aws:tagkeys':
    case 'sts:transitivetagkeys':
      return request.sessionTagsDisabled
        ? absent(name, 'the association disables session tags')
        : present(name, podIdentityTags.map(plain), true);
    case 'aws:sourceaccount':
      return present(name, [nameOrHole(accountOf(request))]);
    case 'aws:principalservicename':
      return present(name, [plain('pods.eks.amazonaws.com')]);
    case 'aws:principalisawsservice':
      return present(name, [plain('true')]);
    case 'sts:externalid':
    case 'aws:username':
    case 'aws:multifactorauthpresent':
    case 'aws:multifactorauthage':
      return absent(name, "it isn't in EKS Pod Identity requests");
    case 'sts:rolesessionname':
      // eks-<cluster>-<pod>-<uuid>. Source: botocore, eks-auth model.
      return unknown(name, [concat([plain('eks-'), nameOrHole(undefined)])], 'its value is known only when STS is called', true);
    default:
      return undefined;
  }
}

function sessionTag(tag: string, name: string, request: PodRequest): Lookup {
  if (request.sessionTagsDisabled) return absent(name, 'the association disables session tags');
  const value = tagValue(tag, request);
  return value ? present(name, [value]) : absent(name, 'EKS passes no session tag with this name');
}

function tagValue(tag: string, request: PodRequest): Text | undefined {
  const cluster = clusterOf(request);
  switch (tag) {
    case 'eks-cluster-arn':
      return request.clusterArn
        ? plain(request.clusterArn)
        : concat([
            plain('arn:'),
            nameOrHole(request.rolePartition),
            plain(':eks:'),
            nameOrHole(undefined),
            plain(':'),
            nameOrHole(accountOf(request)),
            plain(':cluster/'),
            nameOrHole(cluster),
          ]);
    case 'eks-cluster-name':
      return nameOrHole(cluster);
    case 'kubernetes-namespace':
      return kubernetesName(request.namespace);
    case 'kubernetes-service-account':
      return kubernetesName(request.serviceAccount);
    case 'kubernetes-pod-name':
      return kubernetesName(request.podName);
    case 'kubernetes-pod-uid':
      return kubernetesName(undefined);
    default:
      return undefined;
  }
}

/** `arn:<partition>:eks:<region>:<account>:cluster/<name>`. */
function clusterParts(request: PodRequest): readonly string[] {
  return request.clusterArn?.split(':') ?? [];
}

function clusterOf(request: PodRequest): string | undefined {
  return request.clusterName ?? clusterParts(request)[5]?.replace(/^cluster\//, '');
}

/** The account of cluster and association, where it is known. */
export function accountOf(request: PodRequest): string | undefined {
  return request.account ?? clusterParts(request)[4];
}
