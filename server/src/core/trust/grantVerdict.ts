import { agreedVerdict } from './candidates';
import { associationAssumed, judge } from './judge';
import { withAssumptions, type PodIdentityRequest, type TraceStep, type Verdict } from './verdict';
import type { PolicyDocument } from '../model/policy';
import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';

type GrantParts = Pick<Grant, 'namespace' | 'serviceAccount' | 'roleArn' | 'cluster' | 'sessionTagsDisabled'>;

/** What EKS Pod Identity answers for an association with its role's trust policy; undefined where none is known. */
export function grantVerdict(grant: Grant): Verdict | undefined {
  return agreedVerdict(grant.ties, (policy) => policyVerdict(policy, grant), grant.reference);
}

function policyVerdict(policy: PolicyDocument, grant: Grant): Verdict {
  const verdict = verdictWithTags(policy, grant);
  if (!grant.sessionTagsUnknown) return verdict;
  const other = verdictWithTags(policy, { ...grantParts(grant), sessionTagsDisabled: true });
  if (other.decision === verdict.decision) return verdict;
  return {
    decision: 'unknown',
    assumptions: verdict.assumptions,
    get trace(): TraceStep[] {
      const message = "It depends on the association's disableSessionTags, which no file sets.";
      return [{ element: 'Request', matched: null, message }, ...verdict.trace];
    },
  };
}

/** What a request is made of, without what is looked up when it is read. */
function grantParts({ namespace, serviceAccount, roleArn, cluster, sessionTagsDisabled }: GrantParts): GrantParts {
  return { namespace, serviceAccount, cluster, ...(roleArn ? { roleArn } : {}), ...(sessionTagsDisabled ? { sessionTagsDisabled } : {}) };
}

/** The answer to an association as it would be with session tags, where they are what it lacks; undefined where they are not. */
export function verdictIfTagged(policy: PolicyDocument, grant: Grant): Verdict | undefined {
  if (!grant.sessionTagsDisabled) return undefined;
  const verdict = verdictWithTags(policy, { ...grantParts(grant), sessionTagsDisabled: false });
  return verdict.decision === 'denied' ? undefined : verdict;
}

function verdictWithTags(policy: PolicyDocument, grant: GrantParts): Verdict {
  const request = grantRequest(grant);
  const verdict = judge(policy, request);
  const answer = verdict.decision === 'unknown' ? (withClusterOf(policy, request) ?? verdict) : verdict;
  // That the association exists is known here, or is what makes the grant unsure.
  return withAssumptions(
    answer,
    answer.assumptions.filter((each) => each !== associationAssumed),
  );
}

/** The request that EKS makes for the pods of an association, as far as files and AWS tell it. */
export function grantRequest({ namespace, serviceAccount, roleArn, cluster, sessionTagsDisabled }: GrantParts): PodIdentityRequest {
  const roleAccount = literal(roleArn?.account);
  const partition = literal(roleArn?.partition) ?? cluster.partition;
  const known = roleAccount !== undefined && /^\d{12}$/.test(roleAccount) ? roleAccount : undefined;
  // An association takes roles of its cluster's own account.
  const account = cluster.account ?? known;
  return {
    mechanism: 'pod-identity',
    namespace,
    serviceAccount,
    ...(known === undefined ? {} : { roleAccount: known }),
    ...(account === undefined ? {} : { account }),
    ...(partition ? { rolePartition: partition } : {}),
    ...(cluster.name === undefined ? {} : { clusterName: cluster.name }),
    ...(cluster.arn === undefined ? {} : { clusterArn: cluster.arn }),
    ...(sessionTagsDisabled ? { sessionTagsDisabled: true } : {}),
  };
}

/**
 * The answer with the one cluster that the policy names, where its name is the association's and nothing known of the
 * association contradicts its account and region: as a token's issuer is taken from the policy where no file tells it.
 * Undefined where that does not allow the request, and where the policy names no such cluster or several.
 */
function withClusterOf(policy: PolicyDocument, request: PodIdentityRequest): Verdict | undefined {
  if (request.clusterArn !== undefined || request.clusterName === undefined) return undefined;
  const named = valuesOf(policy, 'aws:requesttag/eks-cluster-arn');
  const accounts = valuesOf(policy, 'aws:sourceaccount');
  const [arn, another] = named;
  const [account, otherAccount] = accounts;
  if (another !== undefined || otherAccount !== undefined || (arn === undefined && account === undefined)) return undefined;
  const parts =
    arn === undefined ? undefined : /^arn:([a-z0-9-]+):eks:([a-z0-9-]+):(\d{12}):cluster\/([0-9A-Za-z][0-9A-Za-z_-]*)$/.exec(arn);
  if (arn !== undefined && parts?.[4] !== request.clusterName) return undefined;
  const owner = parts?.[3] ?? account!;
  if (!/^\d{12}$/.test(owner) || (request.account !== undefined && request.account !== owner)) return undefined;
  const verdict = judge(policy, { ...request, account: owner, ...(arn === undefined ? {} : { clusterArn: arn }) });
  if (verdict.decision !== 'allowed') return undefined;
  const identity = arn === undefined ? `is in account ${owner}` : `is ${arn}`;
  return withAssumptions(verdict, [`The cluster ${request.clusterName} ${identity}, as in the trust policy.`, ...verdict.assumptions]);
}

/** The literal values that a policy's conditions compare a key with, each once. */
export function valuesOf(policy: PolicyDocument, key: string): readonly string[] {
  const found = new Set<string>();
  for (const statement of policy.statements) {
    for (const operator of statement.condition?.operators ?? []) {
      for (const condition of operator.keys) {
        if (condition.key.value.toLowerCase() !== key) continue;
        for (const value of condition.values.values) found.add(literal(value) ?? '');
      }
    }
  }
  return [...found];
}

/**
 * Containers that set the variables of web identity themselves: for them the SDKs take the token's role before that of
 * the association. Source: botocore credentials.py; the SDKs for Java, Go and JavaScript, default credential providers.
 */
export function webIdentityByHand({
  workloads,
}: Pick<Chain, 'workloads'>): { readonly workload: Chain['workloads'][number]; readonly container: string }[] {
  return workloads.flatMap((workload) =>
    workload.containers.flatMap((container) => {
      const names = new Set(container.env.map(({ name }) => name.value));
      return names.has('AWS_ROLE_ARN') && names.has('AWS_WEB_IDENTITY_TOKEN_FILE')
        ? [{ workload, container: container.name?.value ?? '' }]
        : [];
    }),
  );
}
