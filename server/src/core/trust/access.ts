import { deadlyFault } from './associationFaults';
import { candidatesOf } from './candidates';
import { chainVerdict } from './chainVerdict';
import { grantVerdict } from './grantVerdict';
import { doubtOf, policyAllowsPodIdentity, policyAllowsWebIdentity, type OtherMechanism } from './otherMechanism';
import { cannotUse, onlyUnsupported, operatorUses, unsupportedUses, type OperatorUse, type UnsupportedUse } from './platforms';
import { roleIsKnown } from './roleIdentity';
import { shownRoleName } from './roleText';
import { isMovingPair, isOneAddon, isSameRole } from './sameRole';
import { allowedInstead } from './subjects';
import { targetAccess, type TargetAccess } from './targetAccess';
import type { Decision, Verdict } from './verdict';
import { parseProviderArn, webhookRoleArnPattern } from '../model/arn';
import type { WorkloadFact } from '../model/facts';
import { roleArnProblem } from '../model/roleArnProblem';
import { literal, trim } from '../text/texts';
import type { AwsIndex } from '../wiring/aws';
import type { Chain, Tie } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { isPartlyKnown, type ReferredRole } from '../wiring/roleReferences';

/**
 * Whether an account can assume its role: the one verdict that findings, lenses, hovers, the map, Explain and counts show.
 * Plain data.
 */
export interface Access {
  readonly decision: Decision;
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The role's name as people are shown it. */
  readonly role: string;
  /** The cause, if it isn't the trust policy's answer, or if that is unknown. */
  readonly fault?: AccessFault;
  /** Why not, or why it is unknown, in a few words: "subject doesn't match". Absent if the role can be assumed. */
  readonly reason?: string;
  /** The trust policy's answer, where a policy is known. */
  readonly verdict?: Verdict;
  readonly tie?: Tie;
  /** The association that gives the role; absent for the annotation's. */
  readonly grant?: Grant;
  /** What the other mechanism would give, where something of it is there: between the steps of a move. */
  readonly other?: OtherMechanism;
  /** Whether the association's role can assume the target role, where there is one: both steps must work. */
  readonly target?: TargetAccess;
  /**
   * Workloads that don't get the role though others do: EKS Pod Identity isn't available where they run, or they are operators
   * that use only the annotation, which gives them none.
   */
  readonly exceptions?: readonly (UnsupportedUse | OperatorUse)[];
}

export type { OtherMechanism };

export type AccessFault =
  /** The value of the annotation or the association isn't a role ARN. */
  | 'role-arn'
  /** The role doesn't exist in AWS. */
  | 'role-missing'
  /** IAM has no provider for the token's issuer. */
  | 'provider-missing'
  /** The overlay is for a cluster on a developer's machine, which has no IAM roles. */
  | 'local'
  /** The role's AWS account is unknown: the policy may be another role's. */
  | 'account'
  /** The service account's name or namespace is unknown. */
  | 'identity'
  /** The policy's subject is a placeholder. */
  | 'placeholder'
  /** EKS, Kubernetes or IAM doesn't accept the association by itself: a wildcard, a session policy with session tags. */
  | 'association'
  /** The association's role can't assume the target role, or nobody knows. */
  | 'target'
  /** Every workload runs where EKS Pod Identity isn't available. */
  | 'platform'
  /** Only operators use the account, and those need its annotation. */
  | 'operator'
  /** A condition, a template or another cluster decides whether the association is there. */
  | 'conditional'
  /** No trust policy is known. */
  | 'no-policy';

/** True for a chain with a role, or with a value that certainly isn't one; false for a placeholder. */
export function asksForRole(chain: Chain): boolean {
  return (
    chain.roleArn !== undefined ||
    chain.reference !== undefined ||
    chain.overriddenBy !== undefined ||
    (chain.request.value !== undefined && roleArnProblem(chain.request.value) !== undefined)
  );
}

/**
 * Whether the pods of a chain can assume the role that they get: that of the association that overrides the annotation,
 * else the annotation's, if it is a role's ARN, the role and the token's provider exist, and the trust policy allows it.
 * @param verdict the trust policy's answer, where it is known already.
 */
export function accessOf(chain: Chain, aws: AwsIndex | undefined, verdict: Verdict | undefined = chainVerdict(chain)): Access {
  const { overriddenBy } = chain;
  if (overriddenBy) {
    const other = overridden(chain, overriddenBy, aws, verdict);
    // Operators go on with the annotation: they get what that gives.
    const users = other.decision === 'denied' ? chain.workloads : chain.workloads.filter(({ operator }) => operator === undefined);
    return { ...grantAccess(overriddenBy, aws, grantVerdict(overriddenBy), users), other };
  }
  const access = annotationAccess(chain, aws, verdict);
  const other = besideAnnotation(chain, access, aws);
  return other ? { ...access, other } : access;
}

/** What the annotation gives where no association overrides it. */
function annotationAccess(chain: Chain, aws: AwsIndex | undefined, verdict: Verdict | undefined): Access {
  const base = {
    mechanism: 'irsa' as const,
    role: shownRoleName(chain.request.value),
    ...(verdict ? { verdict } : {}),
    ...tieOf(chain.ties),
  };
  const { value } = chain.request;
  if (value && roleArnProblem(value)) return { ...base, decision: 'denied', fault: 'role-arn', reason: 'not a role ARN' };
  if (isLocal(chain)) return { ...base, decision: 'unknown', fault: 'local', reason: 'the overlay is for a local cluster' };
  if (aws && roleIsMissing(literal(value && trim(value)), aws))
    return { ...base, decision: 'denied', fault: 'role-missing', reason: missing(aws) };
  if (!verdict) return { ...base, decision: 'unknown', fault: 'no-policy', reason: noPolicy(chain.reference) };
  if (verdict.decision === 'denied') {
    const [tie] = chain.ties;
    const instead = allowedInstead(verdict, tie!.policy);
    if (!roleIsKnown(chain, tie!)) return { ...base, decision: 'unknown', fault: 'account', reason: "the role's account isn't known" };
    if (instead === 'placeholder')
      return { ...base, decision: 'unknown', fault: 'placeholder', reason: 'the subject in the trust policy is a placeholder' };
    // The tool that sets an unknown namespace or name may set any: also that of an association, which overrides the annotation.
    if (chain.perhapsGrantedBy || (instead && (chain.name === undefined || chain.namespace === undefined)))
      return { ...base, decision: 'unknown', fault: 'identity', reason: unnamed(chain) };
    return { ...base, decision: 'denied', reason: deniedReason(verdict) };
  }
  if (verdict.decision === 'unknown') return { ...base, decision: 'unknown', reason: unknownReason(verdict, chain, chain.reference) };
  if (aws && providerIsMissing(chain, aws))
    return { ...base, decision: 'denied', fault: 'provider-missing', reason: 'OIDC provider not registered in IAM' };
  return { ...base, decision: 'allowed' };
}

/** What the annotation of an account would give, were it not for the association that overrides it. */
function overridden(chain: Chain, grant: Grant, aws: AwsIndex | undefined, verdict: Verdict | undefined): OtherMechanism {
  const { role, decision, reason } = annotationAccess(chain, aws, verdict);
  const sameRole = isSameRole(chain, grant);
  return {
    mechanism: 'irsa',
    standing: 'overridden',
    role,
    sameRole,
    ...(!sameRole && isMovingPair(chain, grant) ? { replaces: true } : {}),
    ...(isOneAddon(chain, grant) ? { oneAddon: true } : {}),
    decision,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** An association that may override the annotation; else what the trust policy allows beside it. */
function besideAnnotation(chain: Chain, { role }: Access, aws: AwsIndex | undefined): OtherMechanism | undefined {
  const [grant] = chain.perhapsOverriddenBy ?? [];
  if (grant) {
    const { decision, reason, role: granted } = grantAccess(grant, aws, grantVerdict(grant), chain.workloads);
    const base = {
      mechanism: 'pod-identity',
      standing: 'perhaps',
      role: granted,
      sameRole: isSameRole(chain, grant),
      doubt: doubtOf(grant),
    } as const;
    return { ...base, decision, ...(reason === undefined ? {} : { reason }) };
  }
  // There is an association; only nobody uses it.
  const decision = chain.passedBy ? undefined : policyAllowsPodIdentity(chain);
  return decision && { mechanism: 'pod-identity', standing: 'policy-only', role, sameRole: true, decision };
}

/**
 * Whether the pods of an association's account can assume its role.
 * @param verdict the trust policy's answer, where it is known already
 * @param workloads of the account; by default those that the files have by its name
 */
export function accessByGrant(
  grant: Grant,
  aws: AwsIndex | undefined,
  verdict: Verdict | undefined = grantVerdict(grant),
  workloads: readonly WorkloadFact[] = grant.workloads,
): Access {
  const access = grantAccess(grant, aws, verdict, workloads);
  const decision = policyAllowsWebIdentity(grant);
  if (decision === undefined) return access;
  return { ...access, other: { mechanism: 'irsa', standing: 'policy-only', role: access.role, sameRole: true, decision } };
}

function grantAccess(grant: Grant, aws: AwsIndex | undefined, verdict: Verdict | undefined, workloads: readonly WorkloadFact[]): Access {
  const uses = [...operatorUses(workloads), ...unsupportedUses(workloads, grant)];
  const target = targetAccess(grant, (arn) => aws !== undefined && roleIsMissing(arn, aws), aws);
  const base = {
    mechanism: 'pod-identity' as const,
    role: grant.role ? shownRoleName(grant.role) : "the association's role",
    grant,
    ...(verdict ? { verdict } : {}),
    ...tieOf(grant.ties),
    ...(uses.length > 0 && uses.length < workloads.length ? { exceptions: uses } : {}),
    ...(target ? { target } : {}),
  };
  if (!grant.sure)
    return {
      ...base,
      decision: 'unknown',
      fault: 'conditional',
      reason: grant.association?.conditional
        ? 'a condition or a template decides whether the association exists'
        : "the service account's cluster isn't known",
    };
  const own = grant.association && deadlyFault(grant.association);
  if (own) return { ...base, decision: 'denied', fault: 'association', reason: own.reason };
  if (grant.role && grant.association?.roleArn && roleArnProblem(grant.association.roleArn))
    return { ...base, decision: 'denied', fault: 'role-arn', reason: 'not a role ARN' };
  if (aws && roleIsMissing(literal(grant.role), aws)) return { ...base, decision: 'denied', fault: 'role-missing', reason: missing(aws) };
  if (verdict?.decision === 'denied') return { ...base, decision: 'denied', reason: deniedReason(verdict, 'pod-identity') };
  if (target?.decision === 'denied') return { ...base, decision: 'denied', fault: 'target', reason: targetReason(target, aws) };
  const platform = onlyUnsupported(workloads, uses);
  if (platform !== undefined)
    return { ...base, decision: 'denied', fault: platform === cannotUse ? 'operator' : 'platform', reason: platform };
  if (!verdict) return { ...base, decision: 'unknown', fault: 'no-policy', reason: noPolicy(grant.reference) };
  if (verdict.decision === 'unknown') return { ...base, decision: 'unknown', reason: unknownReason(verdict, undefined, grant.reference) };
  return target?.decision === 'unknown'
    ? { ...base, decision: 'unknown', fault: 'target', reason: targetReason(target, aws) }
    : { ...base, decision: 'allowed' };
}

/** Why the second step fails, or is unknown, in a few words. */
function targetReason({ role, decision, fault, verdict, target }: TargetAccess, aws: AwsIndex | undefined): string {
  if (fault === 'role-arn') return "the target role isn't a role ARN";
  if (fault === 'role-missing' && aws) return `target role ${role}: ${missing(aws)}`;
  if (fault === 'permission') return `the association's role has no permission to assume target role ${role}`;
  if (fault === 'no-policy' || !verdict) return `target role ${role}: ${noPolicy(target.reference)}`;
  return decision === 'denied'
    ? `target role ${role} doesn't allow the association's role`
    : `target role ${role}: ${unknownReason(verdict, undefined, target.reference)}`;
}

function tieOf(ties: readonly Tie[]): { readonly tie?: Tie } {
  return ties[0] ? { tie: ties[0] } : {};
}

/** True if every role of the ARN's account is known, and this isn't one of them. */
export function roleIsMissing(arn: string | undefined, aws: AwsIndex): boolean {
  return arn !== undefined && webhookRoleArnPattern.test(arn) && !aws.role(arn) && aws.isComplete(arn.split(':')[4]!, 'iam:ListRoles');
}

function missing({ source }: AwsIndex): string {
  return `the role doesn't exist${source.kind === 'live' ? ' in AWS' : ` (${source.label})`}`;
}

/** True where the providers of the role's account are all known, and none of them is that of the token's issuer. */
function providerIsMissing(chain: Chain, aws: AwsIndex): boolean {
  const [account, partition] = [literal(chain.roleArn?.account), literal(chain.roleArn?.partition)];
  if (account === undefined || partition === undefined || !aws.isComplete(account, 'iam:ListOpenIDConnectProviders')) return false;
  const issuers = chain.issuer !== undefined ? [chain.issuer] : issuersIn(chain.ties[0], account);
  return issuers.length > 0 && issuers.every((issuer) => !aws.provider(`arn:${partition}:iam::${account}:oidc-provider/${issuer}`));
}

/** The issuers of the providers that the statements name, of the role's account. Empty where one of them is not written out. */
function issuersIn(tie: Tie | undefined, account: string): readonly string[] {
  const found: string[] = [];
  for (const statement of tie?.policy.policy.statements ?? []) {
    for (const kind of statement.principal?.kinds ?? []) {
      if (kind.key.value !== 'Federated') continue;
      for (const value of kind.values) {
        const arn = parseProviderArn(value);
        const issuer = literal(arn?.issuer);
        if (issuer === undefined || literal(arn?.account) === undefined) return [];
        if (literal(arn?.account) === account) found.push(issuer);
      }
    }
  }
  return found;
}

/** Overlays for a cluster on a developer's machine, which has no IAM roles. */
const localOverlay = /(?:^|[-_./])(?:local|localhost|kind|minikube|k3[ds]|microk8s|docker-desktop)(?:$|[-_./])/i;

function isLocal({ overlays }: Chain): boolean {
  return overlays !== undefined && overlays.every(({ name }) => localOverlay.test(name));
}

/** The failed part, in a few words. */
export function deniedReason(verdict: Verdict, mechanism: Access['mechanism'] = 'irsa'): string {
  const failed = verdict.trace.filter((step) => step.matched === false);
  const sure = failed.find((step) => step.element === 'Document' || step.element === 'Request');
  if (sure)
    return sure.element === 'Document'
      ? 'IAM rejects the trust policy'
      : sure.key === 'account'
        ? 'the role is in another account than the cluster'
        : "the OIDC provider doesn't accept the audience";
  if (verdict.trace.some((s) => s.effect === 'Deny' && s.element === 'Statement' && s.matched === true)) return 'a Deny statement applies';
  const deepest =
    failed.find((s) => s.element === 'Condition') ??
    failed.find((s) => s.element === 'Action') ??
    failed.find((s) => s.element === 'Principal');
  switch (deepest?.element) {
    case 'Condition': {
      const claim = deepest.key?.slice(deepest.key.lastIndexOf(':') + 1).toLowerCase();
      if (claim === 'sub') return "subject doesn't match";
      if (claim === 'aud') return "audience doesn't match";
      return `${deepest.key ?? 'a condition'} doesn't match`;
    }
    case 'Action':
      return "action doesn't match";
    case 'Principal':
      if (mechanism === 'pod-identity') return "principal isn't pods.eks.amazonaws.com";
      return deepest.key === 'Service' ? "principal doesn't match" : "principal doesn't match the OIDC provider";
    default: {
      const missing = verdict.trace.find((step) => step.missing)?.missing;
      return missing ? `it doesn't allow ${missing.join(' and ')}` : 'no statement allows it';
    }
  }
}

function unnamed({ name }: Chain): string {
  return `the service account's ${name === undefined ? 'name' : 'namespace'} isn't known`;
}

/** Why no trust policy is known, in a few words. */
function noPolicy(reference: ReferredRole | undefined): string {
  return reference && reference.unmade > 0 ? 'the role is in none of the files' : 'trust policy not found';
}

function unknownReason(verdict: Verdict, chain: Chain | undefined, reference: ReferredRole | undefined): string {
  if (reference && isPartlyKnown(reference)) return 'it may be another role, too';
  if (verdict.disagreeing !== undefined) return `${verdict.disagreeing} trust policies may be the role's, and they don't agree`;
  if (chain && (chain.name === undefined || chain.namespace === undefined)) return unnamed(chain);
  const open = verdict.trace.find(
    ({ matched, element, key }) => matched === null && (element === 'Condition' || (element === 'Request' && key !== undefined)),
  );
  return open?.key ? `depends on ${open.key}` : 'depends on values that no file has';
}

/** The trust policies that a verdict rests on. */
export function policiesOf({ ties }: Pick<Chain, 'ties'>): readonly Tie[] {
  return ties.length === 0 ? [] : candidatesOf(ties);
}
