import type { PodIdentityAssociationFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { shownText } from '../text/shown';
import { literal } from '../text/texts';
import { accessByGrant, asksForRole } from '../trust/access';
import { shownRole } from '../trust/roleText';
import type { Decision } from '../trust/verdict';
import type { Chain } from '../wiring/chain';
import type { Grant } from '../wiring/grants';
import { grantsOfAccount } from './grantee';
import { permissionCounts, type PermissionCounts } from './permissions/counts';
import type { WorkspaceView } from './workspaceView';

/** One way from a workload to a role: who can become what. Plain data. */
export interface AccessEntry {
  /** Absent where no workload of the files uses the account. */
  readonly workload?: { readonly kind: string; readonly name: string; readonly at: Place };
  /** As far as it is known; holes stand as written. */
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly account: Place;
  /** As the annotation or the association has it. */
  readonly role: string;
  /** How the role is had: the annotation and the webhook's token, or an association. */
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The overlays in which this is so, where kustomizations make more of the account than its file says. */
  readonly overlays?: readonly string[];
  /** True where an association gives the account another role, so that the annotation counts for nothing. */
  readonly hidden?: true;
  readonly decision: Decision;
  /** Why not, or why it is unknown, in a few words. */
  readonly reason?: string | undefined;
  /** Where the trust policy stands, when it is among the files. */
  readonly policy?: Place;
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
    overlays?: Chain['overlays'],
  ): void => {
    if (grant.association) told.add(grant.association);
    const place = account
      ? { doc: account.doc, span: account.head }
      : grant.association && { doc: grant.association.doc, span: grant.association.head };
    if (place) entries.push(...withWorkloads(grantEntry(view, grant, place, overlays), workloads));
  };
  for (const account of wiring.accounts()) {
    for (const chain of wiring.chainsFor(account).filter(asksForRole)) {
      const { overriddenBy, perhapsOverriddenBy = [] } = chain;
      entries.push(...withWorkloads(chainEntry(view, chain), chain.workloads));
      for (const grant of overriddenBy ? [overriddenBy] : perhapsOverriddenBy) give(grant, account, chain.workloads, chain.overlays);
    }
    if (wiring.chainsThrough(account).length > 0) continue;
    for (const grant of grantsOfAccount(view, account)) give(grant, account, wiring.workloadsOf(account));
  }
  for (const grant of wiring.grants()) if (!told.has(grant.association!)) give(grant, undefined, []);
  return entries;
}

/** What the annotation asks for. Where an association overrides it, it gives nothing: what is given is an entry of its own. */
function chainEntry(view: View, chain: Chain): AccessEntry {
  const { account, overriddenBy } = chain;
  const access = overriddenBy ? undefined : view.access(chain);
  const [tie] = chain.ties;
  const permissions = permissionCounts(view, chain);
  return {
    ...(chain.namespace === undefined ? {} : { namespace: chain.namespace }),
    serviceAccount: chain.name ?? (account.name ? shownText(account.name) : '(name not given)'),
    account: { doc: account.doc, span: account.head },
    role: chain.request.value ? shownRole(chain.request.value) : '',
    mechanism: 'irsa',
    ...overlaysOf(chain.overlays),
    ...(overriddenBy ? { hidden: true as const } : {}),
    decision: access?.decision ?? 'unknown',
    reason: access ? access.reason : 'an association overrides the annotation',
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
    ...(permissions ? { permissions } : {}),
  };
}

function grantEntry(view: View, grant: Grant, account: Place, overlays: Chain['overlays']): AccessEntry {
  const [tie] = grant.ties;
  const { decision, reason, role } = accessByGrant(grant, view.wiring.aws);
  return {
    namespace: grant.namespace,
    serviceAccount: grant.serviceAccount,
    account,
    role: grant.role ? shownRole(grant.role) : role,
    mechanism: 'pod-identity',
    ...overlaysOf(overlays),
    decision,
    reason,
    ...(tie ? { policy: { doc: tie.policy.doc, span: tie.policy.policy.span } } : {}),
  };
}

function overlaysOf(overlays: Chain['overlays']): Pick<AccessEntry, 'overlays'> {
  return overlays ? { overlays: overlays.map(({ name }) => name) } : {};
}

function withWorkloads(base: AccessEntry, workloads: readonly WorkloadFact[]): AccessEntry[] {
  if (workloads.length === 0) return [base];
  return workloads.map((workload) => ({
    ...base,
    workload: {
      kind: workload.objectKind,
      name: literal(workload.name) ?? workload.name?.value ?? '(name not given)',
      at: { doc: workload.doc, span: workload.head },
    },
  }));
}
