import { visible } from '../text/visible';
import type { Decision } from '../trust/verdict';
import { accessMap, type AccessEntry } from './accessMap';
import type { ShownPlace, ShowPlace } from './explain/page';
import type { WorkspaceView } from './workspaceView';

/** One way from a workload to a role, as the Roles tree and the Access Map show it. No text holds a character that can't be seen. */
export interface AccessRow {
  readonly workload?: { readonly kind: string; readonly name: string; readonly place?: ShownPlace };
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly account?: ShownPlace;
  readonly role: string;
  readonly roleName: string;
  readonly roleArn?: string;
  readonly cluster?: string;
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The target role of an association. */
  readonly targetRole?: string;
  readonly overlays?: readonly string[];
  /** An association gives the account another role. */
  readonly hidden?: true;
  /** An association gives it in place of the annotation, if it exists. */
  readonly perhaps?: true;
  /** What the other mechanism would give, where something of it is there. */
  readonly other?: AccessEntry['other'];
  /** Between the two steps of a move. */
  readonly moving?: true;
  /** The service account's own verdict, if this workload alone doesn't get the role. */
  readonly accountDecision?: Decision;
  readonly decision: Decision;
  readonly reason?: string;
  readonly policy?: ShownPlace;
  /** Where the target role's trust policy stands. */
  readonly targetPolicy?: ShownPlace;
  /** The target role is what fails, or what is unknown. */
  readonly isTargetAtFault?: true;
}

/** What a role may do. */
export interface RolePermissionsShown {
  readonly words: string;
  readonly services: readonly { readonly name: string; readonly levels: readonly string[] }[];
}

export interface AccessData {
  readonly rows: readonly AccessRow[];
  /** By the role as rows have it; absent for roles of which AWS, or a snapshot, tells nothing. */
  readonly permissions: Readonly<Record<string, RolePermissionsShown>>;
}

/** Who can assume which role, what fails first. */
export function accessData(view: WorkspaceView, show: ShowPlace): AccessData {
  for (const chain of [...view.wiring.chains()]) if (chain.name) view.readWorkloadsOf?.(chain.name);
  const entries = accessMap(view);
  const permissions: Record<string, RolePermissionsShown> = Object.create(null) as Record<string, RolePermissionsShown>;
  for (const { role, permissions: own } of entries) if (own) permissions[visible(role)] ??= { words: own.words, services: own.services };
  return { rows: entries.map((entry) => rowOf(entry, show)), permissions };
}

function rowOf(entry: AccessEntry, show: ShowPlace): AccessRow {
  const {
    workload,
    account,
    policy,
    targetPolicy,
    overlays,
    permissions: _,
    namespace,
    roleArn,
    cluster,
    targetRole,
    reason,
    hidden,
    perhaps,
    other,
    ...rest
  } = entry;
  const [accountAt, policyAt, workloadAt, targetAt] = [account, policy, workload?.at, targetPolicy].map((place) => {
    const shown = place && show(place);
    return shown && { ...shown, label: visible(shown.label) };
  });
  return {
    ...rest,
    serviceAccount: visible(rest.serviceAccount),
    role: visible(rest.role),
    roleName: visible(rest.roleName),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(namespace === undefined ? {} : { namespace: visible(namespace) }),
    ...(cluster === undefined ? {} : { cluster: visible(cluster) }),
    ...(targetRole === undefined ? {} : { targetRole: visible(targetRole) }),
    ...(overlays ? { overlays: overlays.map(visible) } : {}),
    ...(reason === undefined ? {} : { reason: visible(reason) }),
    ...(other ? { other: otherOf(other) } : {}),
    ...(hidden ? { hidden } : {}),
    ...(perhaps ? { perhaps } : {}),
    ...(accountAt ? { account: accountAt } : {}),
    ...(policyAt ? { policy: policyAt } : {}),
    ...(targetAt ? { targetPolicy: targetAt } : {}),
    ...(workload
      ? { workload: { kind: visible(workload.kind), name: visible(workload.name), ...(workloadAt ? { place: workloadAt } : {}) } }
      : {}),
  };
}

function otherOf({ roleName, reason, ...rest }: NonNullable<AccessEntry['other']>): NonNullable<AccessEntry['other']> {
  return { ...rest, roleName: visible(roleName), ...(reason === undefined ? {} : { reason: visible(reason) }) };
}
