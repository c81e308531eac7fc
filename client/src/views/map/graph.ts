import type { AccessData, AccessRow } from '../../../../protocol/access';
import type { ShownPlace } from '../../../../protocol/explain';
import { accountDecision, accountName, fits, notInEffect } from '../roles/model';

export type Decision = AccessRow['decision'];

/** Which rows of the map are shown; empty texts for all. */
export interface MapFilter {
  readonly text: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly role: string;
  readonly decision: string;
}

export type GroupBy = 'none' | 'cluster' | 'namespace' | 'role';

/** What stands for a cluster or a namespace that no file tells. */
export const notKnown = '(unknown)';

export const columns = ['Workloads', 'Service accounts', 'Roles', 'Permissions'] as const;

export interface MapNode {
  readonly id: string;
  /** Index into {@link columns}. */
  readonly column: number;
  readonly label: string;
  /** The whole name and what is to be said of it, for tooltips and screen readers. */
  readonly title: string;
  readonly place?: ShownPlace;
  /** Of service accounts: the group that they are drawn in. */
  readonly group?: string;
  /** The worst verdict of its edges. */
  readonly decision?: Decision;
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  /** Of edges from service accounts to roles; `overridden` and `perhaps` for what isn't in effect. */
  readonly verdict?: Decision | 'overridden' | 'perhaps';
  readonly title: string;
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** The rows that fit every part of a filter. */
export function filterRows(rows: readonly AccessRow[], filter: MapFilter): AccessRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const is = (wanted: string, own: string | undefined): boolean => wanted === '' || wanted === (own ?? notKnown);
  return rows.filter(
    (row) =>
      is(filter.cluster, row.cluster) &&
      is(filter.namespace, row.namespace) &&
      is(filter.role, row.role) &&
      is(filter.decision, notInEffect(row) ?? row.decision) &&
      fits(row, words),
  );
}

/** The values that rows can be filtered by, sorted. */
export function choices(rows: readonly AccessRow[]): Readonly<Record<'cluster' | 'namespace' | 'role', readonly string[]>> {
  const of = (value: (row: AccessRow) => string | undefined): string[] => [...new Set(rows.map((row) => value(row) ?? notKnown))].sort();
  return { cluster: of((row) => row.cluster), namespace: of((row) => row.namespace), role: of((row) => row.role) };
}

const severity: readonly Decision[] = ['allowed', 'unknown', 'denied'];
const rank = (decision: Decision | undefined): number => (decision === undefined ? -1 : severity.indexOf(decision));
const verdicts: Readonly<Record<Decision, string>> = { allowed: 'can assume', denied: "can't assume", unknown: 'may or may not assume' };

/** Nodes and edges of rows: each workload, service account, role and permission once. */
export function graphOf(rows: readonly AccessRow[], permissions: AccessData['permissions'], groupBy: GroupBy): MapGraph {
  const nodes = new Map<string, MapNode>();
  const edges = new Map<string, MapEdge>();
  const add = (node: MapNode): string => {
    const known = nodes.get(node.id);
    // Less than any verdict is none: that of what isn't in effect.
    const worse = rank(node.decision) > rank(known?.decision);
    if (!known || worse) nodes.set(node.id, { ...(known ?? node), ...(node.decision ? { decision: node.decision } : {}) });
    return node.id;
  };
  const join = (edge: MapEdge): void => void edges.set(`${edge.from}\n${edge.to}\n${edge.verdict ?? ''}`, edge);
  for (const row of rows) {
    const account = add(accountNode(row, groupBy));
    const role = add(roleNode(row, permissions));
    const verdict = notInEffect(row) ?? accountDecision(row);
    join({ from: account, to: role, verdict, title: edgeTitle(row) });
    if (row.workload) {
      const { kind, name, place } = row.workload;
      const id = `w ${place?.uri ?? ''} ${place?.line ?? ''} ${place?.character ?? ''} ${kind} ${name}`;
      const title = `${kind} ${name}`;
      join({
        from: add({ id, column: 0, label: title, title, ...(place ? { place } : {}) }),
        to: account,
        title: `${title} uses ${accountName(row)}${row.accountDecision === undefined ? '' : `, and ${verdicts[row.decision]} its role: ${row.reason ?? ''}`}`,
      });
    }
    for (const { id, label } of does(permissions[row.role]))
      join({ from: role, to: add({ id, column: 3, label, title: label }), title: `${row.roleName}: ${label}` });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function accountNode(row: AccessRow, groupBy: GroupBy): MapNode {
  const { account, overlays = [], cluster, namespace, role } = row;
  const decision = accountDecision(row);
  const name = accountName(row);
  const group = { none: undefined, cluster: cluster ?? notKnown, namespace: namespace ?? notKnown, role }[groupBy];
  return {
    id: `a ${account?.uri ?? ''} ${account?.line ?? ''} ${account?.character ?? ''} ${name} ${overlays.join(' ')}${group === undefined ? '' : `\n${group}`}`,
    column: 1,
    label: `${name}${overlays.length > 0 ? ` (${overlays.join(', ')})` : ''}`,
    title: `ServiceAccount ${name}${overlays.length > 0 ? ` in ${overlays.join(', ')}` : ''}`,
    ...(account ? { place: account } : {}),
    ...(group === undefined ? {} : { group }),
    ...(notInEffect(row) ? {} : { decision }),
  };
}

function roleNode(row: AccessRow, permissions: AccessData['permissions']): MapNode {
  const { role, roleName, policy } = row;
  const decision = accountDecision(row);
  const words = permissions[role]?.words;
  return {
    id: `r ${role}`,
    column: 2,
    label: roleName === '' ? notKnown : roleName,
    title: `Role ${role}${words === undefined ? '' : `: ${words}`}`,
    ...(policy ? { place: policy } : {}),
    ...(notInEffect(row) ? {} : { decision }),
  };
}

/** More services than this are one node. */
const mostServices = 4;

function does(permissions: AccessData['permissions'][string] | undefined): { readonly id: string; readonly label: string }[] {
  if (!permissions) return [];
  const { services, words } = permissions;
  if (services.length === 0 || services.length > 40) return [{ id: `p ${words}`, label: words }];
  const shown = services.slice(0, mostServices).map(({ name, levels }) => `${name}: ${levels.join(', ')}`);
  const more = services.length - mostServices;
  return [...shown, ...(more > 0 ? [`and ${more} more services`] : [])].map((label) => ({ id: `p ${label}`, label }));
}

function edgeTitle(row: AccessRow): string {
  const name = accountName(row);
  if (row.hidden) return `${name} names ${row.roleName}; an association overrides it`;
  const how = row.moving ? ' by Pod Identity, moving from IRSA' : row.mechanism === 'pod-identity' ? ' by Pod Identity' : '';
  const applies = row.perhaps ? ', if the association applies' : '';
  // What is wrong with one workload alone is said on the line from it.
  const reason = row.reason === undefined || row.accountDecision !== undefined ? '' : `: ${row.reason}`;
  return `${name} ${verdicts[accountDecision(row)]} ${row.roleName}${how}${applies}${reason}`;
}
