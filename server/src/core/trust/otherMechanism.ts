import { parseProviderArn } from '../model/arn';
import { issuerKind } from '../model/issuer';
import { podIdentityPrincipal } from '../model/podIdentity';
import type { PolicyDocument } from '../model/policy';
import { line } from '../text/message';
import { literal } from '../text/texts';
import type { Chain, Tie } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { agreedVerdict } from './candidates';
import { requestOf } from './chainVerdict';
import { valuesOf } from './grantVerdict';
import { judge } from './judge';
import { MAX_CANDIDATES } from './providers';
import type { Decision, PodIdentityRequest, Verdict } from './verdict';

/**
 * What an account could get by the mechanism that doesn't give its pods their role: between the two steps of a move both are
 * there. Part of the one verdict (access.ts). Plain data.
 */
export interface OtherMechanism {
  readonly mechanism: 'irsa' | 'pod-identity';
  readonly standing:
    /** The annotation that an association overrides. */
    | 'overridden'
    /** An association that overrides the annotation, if it is there. */
    | 'perhaps'
    /** Only the trust policy allows it: there is no association, or no annotation. */
    | 'policy-only';
  /** The role's name as people are shown it. */
  readonly role: string;
  /** True where both surely name one role. */
  readonly sameRole: boolean;
  /** True where the association's role was made in the place of the annotation's, with the same permissions: eksctl, Terraform modules. */
  readonly replaces?: true;
  /** True where one entry of an EKS add-on names both: eksctl rejects that, so that it is no move in progress. */
  readonly oneAddon?: true;
  /** What its trust policy, and whatever else decides, answers. */
  readonly decision: Decision;
  readonly reason?: string;
  /** Why it is unknown whether the association is the account's, and how to make it known: sentences. */
  readonly doubt?: string;
}

/** Why an association may override an annotation, and may not: what Grants and Chains leave open. Sentences. */
export function doubtOf({ association, ground, sure, cluster }: Grant): string {
  if (association?.conditional) return 'A condition or a template decides whether the association exists.';
  const advice =
    cluster.name === undefined ? '' : line` Add the service account's folder to the paths of cluster ${cluster.name} in pod-roles.yaml.`;
  if (!association) return `The service account's cluster is unknown.${advice}`;
  if (!sure)
    return `Several folders have a service account of this name, and the association is in none of them.${ground === 'open' ? advice : ''}`;
  return `The association and the service account are in different folders, so it is unknown whether they are for the same cluster.${advice}`;
}

/** More clusters than these are not tried one by one. */
const mostClusters = 12;

/**
 * Whether the trust policy of an annotation's role also allows the account by EKS Pod Identity, though no association is known:
 * with the cluster that its conditions name, if they do. Undefined where the policy has no statement for it, or denies it.
 */
export function policyAllowsPodIdentity(chain: Chain): Exclude<Decision, 'denied'> | undefined {
  if (chain.namespace === undefined || chain.name === undefined || !anyStatement(chain.ties, isForPodIdentity)) return undefined;
  const asked = requestOf(chain);
  const verdict = agreedVerdict(chain.ties, (policy) => podIdentityVerdict(policy, asked), chain.reference);
  return verdict === undefined || verdict.decision === 'denied' ? undefined : verdict.decision;
}

function podIdentityVerdict(policy: PolicyDocument, asked: ReturnType<typeof requestOf>): Verdict {
  const { namespace, serviceAccount, roleAccount, rolePartition } = asked;
  const [account, another] = valuesOf(policy, 'aws:sourceaccount');
  const base: PodIdentityRequest = {
    mechanism: 'pod-identity',
    namespace,
    serviceAccount,
    ...(roleAccount === undefined ? {} : { roleAccount }),
    ...(rolePartition === undefined ? {} : { rolePartition }),
    // An association takes roles of its cluster's own account.
    ...accountOf(roleAccount ?? (another === undefined ? account : undefined)),
  };
  const names = valuesOf(policy, 'aws:requesttag/eks-cluster-name');
  const arns = valuesOf(policy, 'aws:requesttag/eks-cluster-arn');
  const clusters = [
    ...arns.flatMap((clusterArn) => {
      const parts = /^arn:[a-z0-9-]+:eks:[a-z0-9-]+:(\d{12}):cluster\/([0-9A-Za-z][0-9A-Za-z_-]*)$/.exec(clusterArn);
      return parts ? [{ clusterArn, clusterName: parts[2]!, account: parts[1]! }] : [];
    }),
    ...(arns.length > 0 ? [] : names.flatMap((clusterName) => (clusterName === '' ? [] : [{ clusterName }]))),
  ].slice(0, mostClusters);
  let best: Verdict | undefined;
  for (const cluster of [...clusters, {}]) {
    const verdict = judge(policy, { ...base, ...cluster });
    if (verdict.decision === 'allowed') return verdict;
    if (!best || (best.decision === 'denied' && verdict.decision === 'unknown')) best = verdict;
  }
  return best!;
}

function accountOf(account: string | undefined): { readonly account?: string } {
  return account !== undefined && /^\d{12}$/.test(account) ? { account } : {};
}

/**
 * Whether the trust policy of an association's role also allows its account by a web identity token, though nothing annotates
 * the account. Undefined where the policy has no statement for an EKS cluster's provider, or denies it.
 */
export function policyAllowsWebIdentity({
  namespace,
  serviceAccount,
  roleArn,
  ties,
  reference,
}: Grant): Exclude<Decision, 'denied'> | undefined {
  if (!anyStatement(ties, isForTokens)) return undefined;
  const roleAccount = literal(roleArn?.account);
  const rolePartition = literal(roleArn?.partition);
  const verdict = agreedVerdict(
    ties,
    (policy) =>
      judge(policy, {
        mechanism: 'irsa',
        namespace,
        serviceAccount,
        ...(roleAccount !== undefined && /^\d{12}$/.test(roleAccount) ? { roleAccount } : {}),
        ...(rolePartition === undefined ? {} : { rolePartition }),
      }),
    reference,
  );
  return verdict === undefined || verdict.decision === 'denied' ? undefined : verdict.decision;
}

type Statement = PolicyDocument['statements'][number];

function anyStatement(ties: readonly Tie[], test: (statement: Statement) => boolean): boolean {
  return ties
    .slice(0, MAX_CANDIDATES)
    .some(({ policy }) => policy.policy.statements.some((statement) => literal(statement.effect?.text) === 'Allow' && test(statement)));
}

function valuesOfKind({ principal }: Statement, name: string): readonly Parameters<typeof literal>[0][] {
  return principal?.kinds.flatMap(({ key, values }) => (key.value === name ? values : [])) ?? [];
}

function isForPodIdentity(statement: Statement): boolean {
  return valuesOfKind(statement, 'Service').some((value) => literal(value) === podIdentityPrincipal);
}

function isForTokens(statement: Statement): boolean {
  return valuesOfKind(statement, 'Federated').some((value) => {
    const issuer = value && literal(parseProviderArn(value)?.issuer);
    return issuer === undefined ? (value?.holes.length ?? 0) > 0 : issuerKind(issuer) !== 'known-other';
  });
}
