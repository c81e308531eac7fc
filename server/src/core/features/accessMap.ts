import { parseProviderArn, webhookRoleArnPattern } from '../model/arn';
import type { PodIdentityAssociationFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import type { PolicyDocument } from '../model/policy';
import type { Place } from '../syntax/sourceFile';
import { shownText } from '../text/shown';
import type { Text } from '../text/text';
import { literal, trim } from '../text/texts';
import { accessByGrant, asksForRole, type Access, type OtherMechanism } from '../trust/access';
import { onlyUnsupported, operatorUses, unsupportedUses } from '../trust/platforms';
import { shownRole, shownRoleName } from '../trust/roleText';
import type { Decision } from '../trust/verdict';
import type { Chain, Tie } from '../wiring/chain';
import { passesByWebhook } from '../wiring/chains';
import type { Grant } from '../wiring/grants';
import { byEksctlLast, grantsOfAccount } from './grantee';
import { isMoving } from './mechanisms';
import { permissionCounts, type PermissionCounts } from './permissions/counts';
import type { WorkspaceView } from './workspaceView';

/** One way from a workload to a role: who can assume which role. Plain data. */
export interface AccessEntry {
  /** Absent where no workload of the files uses the account. */
  readonly workload?: { readonly kind: string; readonly name: string; readonly at: Place };
  /** As far as it is known; holes stand as written. */
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly account: Place;
  /** As the annotation or the association has it. */
  readonly role: string;
  /** The role's name as people are shown it. */
  readonly roleName: string;
  /** The ARN, if it is written out. */
  readonly roleArn?: string;
  /** The cluster's name; else the issuer of its tokens; absent if no file tells either. */
  readonly cluster?: string;
  /** How the role is had: the annotation and the webhook's token, or an association. */
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The target role of an association, which EKS assumes with the role: its credentials are what pods get. */
  readonly targetRole?: string;
  /** The overlays in which this is so, where kustomizations make more of the account than its file says. */
  readonly overlays?: readonly string[];
  /** True where an association overrides the annotation: `decision` is what IRSA alone would give, and isn't in effect. */
  readonly hidden?: true;
  /** True for what an association may give in place of the annotation, if it exists. */
  readonly perhaps?: true;
  /** What the other mechanism would give, where something of it is there. */
  readonly other?: Pick<OtherMechanism, 'mechanism' | 'standing' | 'decision' | 'reason'> & { readonly roleName: string };
  /** True between the two steps of a move: an association overrides an annotation that names the same role. */
  readonly moving?: true;
  /** The service account's own verdict, if this workload alone doesn't get the role: it runs where EKS Pod Identity isn't available. */
  readonly accountDecision?: Decision;
  readonly decision: Decision;
  /** Why not, or why it is unknown, in a few words. */
  readonly reason?: string | undefined;
  /** Where the trust policy stands, when it is among the files. */
  readonly policy?: Place;
  /** Where the target role's trust policy stands, when it is among the files. */
  readonly targetPolicy?: Place;
  /** True where the target role is what fails, or what is unknown: its trust policy is the one to read. */
  readonly isTargetAtFault?: true;
  /** Where AWS, or a snapshot of it, tells the role's policies. */
  readonly permissions?: PermissionCounts;
}

type View = Pick<WorkspaceView, 'wiring' | 'access' | 'catalogue'>;

/**
 * Every chain of the workspace, an entry for each workload, in the order of the index; then what the files' associations
 * give, and what AWS's give to accounts of the files.
 */
export function accessMap(view: View): AccessEntry[] {
  const { wiring } = view;
  const entries: AccessEntry[] = [];
  const told = new Set<PodIdentityAssociationFact>();
  const give = (
    grant: Grant,
    account: ServiceAccountFact | undefined,
    workloads: readonly WorkloadFact[],
    { chain, isSure = true }: { readonly chain?: Chain; readonly isSure?: boolean } = {},
  ): void => {
    if (grant.association) told.add(grant.association);
    const place = account
      ? { doc: account.doc, span: account.head }
      : grant.association && { doc: grant.association.doc, span: grant.association.head };
    if (place)
      entries.push(
        ...withWorkloads({ ...grantEntry(view, grant, place, workloads, chain), ...(isSure ? {} : { perhaps: true }) }, workloads, grant),
      );
  };
  for (const account of byEksctlLast(wiring.accounts())) {
    for (const chain of wiring.chainsFor(account).filter(asksForRole)) {
      const { overriddenBy, perhapsOverriddenBy = [], passedBy = [] } = chain;
      const grants = overriddenBy ? [overriddenBy] : perhapsOverriddenBy;
      // Operators use the annotation whatever associations there are.
      const operators = grants.length > 0 ? chain.workloads.filter(passesByWebhook) : [];
      const others = operators.length > 0 ? chain.workloads.filter((workload) => !passesByWebhook(workload)) : chain.workloads;
      entries.push(...withWorkloads(chainEntry(view, chain, overriddenBy !== undefined), others));
      if (operators.length > 0) entries.push(...withWorkloads(chainEntry(view, chain, false), operators));
      for (const grant of grants) give(grant, account, others, { chain, isSure: overriddenBy !== undefined });
      for (const { association } of passedBy) if (association) told.add(association);
    }
    if (wiring.chainsThrough(account).length > 0) continue;
    for (const grant of grantsOfAccount(view, account))
      if (account.eksctl !== 'association' || !grant.association || !told.has(grant.association))
        give(grant, account, wiring.workloadsOf(account));
  }
  for (const grant of wiring.grants()) if (!told.has(grant.association!)) give(grant, undefined, grant.workloads);
  return entries;
}

/**
 * What the annotation asks for, with its own verdict. Where an association overrides it, what pods get is an entry of its own.
 * @param hidden true for the workloads that get the association's role instead
 */
function chainEntry(view: View, chain: Chain, hidden: boolean): AccessEntry {
  const { account, overriddenBy } = chain;
  const access = view.access(chain);
  // The verdict of the chain is that of the association; beside it stands that of the annotation.
  const { decision, reason } = (overriddenBy && access.other) ?? access;
  const [tie] = chain.ties;
  const permissions = permissionCounts(view, chain);
  return {
    ...(chain.namespace === undefined ? {} : { namespace: chain.namespace }),
    serviceAccount: chain.name ?? (account.name ? shownText(account.name) : '(name not given)'),
    account: { doc: account.doc, span: account.head },
    role: chain.request.value ? shownRole(chain.request.value) : '',
    ...named(shownRoleName(chain.request.value), chain.request.value),
    ...clusterOf(view, chain.issuer ?? (tie && onlyIssuer(tie.policy.policy))),
    mechanism: 'irsa',
    ...overlaysOf(chain.overlays),
    ...(hidden ? { hidden: true as const } : {}),
    ...(overriddenBy ? {} : otherOf(access)),
    decision,
    reason,
    ...(tie ? { policy: placeOf(tie) } : {}),
    ...(permissions ? { permissions } : {}),
  };
}

function grantEntry(view: View, grant: Grant, account: Place, workloads: readonly WorkloadFact[], chain: Chain | undefined): AccessEntry {
  const [tie] = grant.ties;
  const access = chain?.overriddenBy === grant ? view.access(chain) : accessByGrant(grant, view.wiring.aws, undefined, workloads);
  const { decision, reason, role, target } = access;
  return {
    namespace: grant.namespace,
    serviceAccount: grant.serviceAccount,
    account,
    role: grant.role ? shownRole(grant.role) : role,
    ...named(role, grant.role),
    ...(grant.cluster.name === undefined ? {} : { cluster: grant.cluster.name }),
    mechanism: 'pod-identity',
    ...(target ? { targetRole: target.role } : {}),
    ...overlaysOf(chain?.overlays),
    ...otherOf(access),
    decision,
    reason,
    ...(tie ? { policy: placeOf(tie) } : {}),
    ...(target?.tie ? { targetPolicy: placeOf(target.tie) } : {}),
    // That the role's own policies lack a permission is not told by the target role's trust policy.
    ...(access.fault === 'target' && target?.fault !== 'permission' ? { isTargetAtFault: true as const } : {}),
  };
}

function placeOf({ policy }: Tie): Place {
  return { doc: policy.doc, span: policy.policy.span };
}

/** What the mechanism that isn't in effect would give. */
function otherOf(access: Access): Pick<AccessEntry, 'other' | 'moving'> {
  const { other } = access;
  if (!other) return {};
  const { mechanism, standing, role, decision, reason } = other;
  return {
    other: { mechanism, standing, roleName: role, decision, ...(reason === undefined ? {} : { reason }) },
    ...(isMoving(access) ? { moving: true as const } : {}),
  };
}

function named(roleName: string, text: Text | undefined): Pick<AccessEntry, 'roleName' | 'roleArn'> {
  const arn = literal(text && trim(text));
  return { roleName, ...(arn !== undefined && webhookRoleArnPattern.test(arn) ? { roleArn: arn } : {}) };
}

/** The cluster whose tokens an issuer makes: its name in pod-roles.yaml or in AWS, else the issuer itself. */
function clusterOf({ wiring }: View, issuer: string | undefined): Pick<AccessEntry, 'cluster'> {
  if (issuer === undefined) return {};
  const setting = wiring.settings.clusters.find((each) => each.issuer === issuer);
  return { cluster: setting?.name ?? wiring.aws?.clusterWithIssuer(issuer)?.name ?? issuer };
}

/** The issuer of the one provider that a policy's statements name. */
function onlyIssuer({ statements }: PolicyDocument): string | undefined {
  const values = statements.flatMap(({ principal }) => principal?.kinds.flatMap((kind) => kind.values) ?? []);
  const issuers = new Set(values.flatMap((value) => literal(parseProviderArn(value)?.issuer) ?? []));
  const [issuer] = issuers;
  return issuers.size === 1 ? issuer : undefined;
}

function overlaysOf(overlays: Chain['overlays']): Pick<AccessEntry, 'overlays'> {
  return overlays ? { overlays: overlays.map(({ name }) => name) } : {};
}

/** An entry for each workload. One that runs where EKS Pod Identity isn't available gets nothing, whatever others get. */
function withWorkloads(base: AccessEntry, workloads: readonly WorkloadFact[], grant?: Grant): AccessEntry[] {
  if (workloads.length === 0) return [base];
  const uses = grant && base.decision !== 'denied' ? [...operatorUses(workloads), ...unsupportedUses(workloads, grant)] : [];
  const reasons = new Map(uses.map((use) => [use.workload, onlyUnsupported([use.workload], [use])]));
  return workloads.map((workload) => ({
    ...base,
    ...(reasons.has(workload) ? { accountDecision: base.decision, decision: 'denied' as const, reason: reasons.get(workload) } : {}),
    workload: {
      kind: workload.objectKind,
      name: literal(workload.name) ?? workload.name?.value ?? '(name not given)',
      at: { doc: workload.doc, span: workload.head },
    },
  }));
}
