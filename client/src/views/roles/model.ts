import type { AccessData, AccessRow } from '../../../../protocol/access';
import type { ShownPlace } from '../../../../protocol/explain';

type Decision = AccessRow['decision'];

/** A row of the Roles tree. Plain data; `id` stays the same while the workspace changes, so that what is expanded stays so. */
export interface RoleNode {
  readonly id: string;
  readonly kind: 'group' | 'role' | 'account' | 'workload';
  readonly label: string;
  /** Beside the label: why not, or how. */
  readonly description: string;
  readonly decision: Decision;
  /** Where "Go to" leads. */
  readonly place?: ShownPlace;
  /** What Explain Access is asked about. */
  readonly explain?: ShownPlace;
  readonly roleArn?: string;
  readonly children: readonly RoleNode[];
}

const groups: readonly (readonly [Decision, string])[] = [
  ['denied', "Can't assume"],
  ['unknown', 'Unknown'],
  ['allowed', 'Can assume'],
];

/**
 * The tree: what fails first, then what is unknown, then what can be assumed; in each the roles, their service accounts, and
 * the workloads that use them. Annotations that an association overrides are left out, and
 * associations that may override one: `check` counts neither.
 * @param filter words that a row's names must all hold; empty for everything.
 */
export function rolesTree({ rows }: Pick<AccessData, 'rows'>, filter = ''): RoleNode[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = rows.filter((row) => notInEffect(row) === undefined && fits(row, words));
  return groups.flatMap(([decision, title]) => {
    const own = fitting.filter((row) => accountDecision(row) === decision);
    if (own.length === 0) return [];
    const roles = grouped(own, ({ role }) => role).map(([role, entries]) => roleNode(decision, role, entries));
    const count = roles.reduce((sum, { children }) => sum + children.length, 0);
    return [{ id: decision, kind: 'group' as const, label: `${title} (${count})`, description: '', decision, children: roles }];
  });
}

/** How many service accounts can't assume their role, may or may not, and can: what the tree lists, and `check` counts. */
export function countAccesses(rows: readonly AccessRow[]): Readonly<Record<Decision, number>> {
  const counts = { denied: 0, unknown: 0, allowed: 0 };
  for (const { decision, children } of rolesTree({ rows })) for (const role of children) counts[decision] += role.children.length;
  return counts;
}

/**
 * Why what a row gives isn't what its account has, where it isn't: the annotation is overridden, or only perhaps there is an
 * association that overrides it. The one test of the tree, the counts and the map; undefined for what is in effect.
 */
export function notInEffect({ hidden, perhaps }: Pick<AccessRow, 'hidden' | 'perhaps'>): 'overridden' | 'perhaps' | undefined {
  return hidden ? 'overridden' : perhaps ? 'perhaps' : undefined;
}

/** True if the names of a row, taken together, hold each of the words (in lower case). */
export function fits(row: AccessRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { namespace = '', serviceAccount, role, cluster = '', overlays = [], workload, reason = '', moving } = row;
  const text = [
    `${namespace}/${serviceAccount}`,
    role,
    cluster,
    ...overlays,
    workload?.kind ?? '',
    workload?.name ?? '',
    reason,
    moving ? 'moving' : '',
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function roleNode(decision: Decision, role: string, rows: readonly AccessRow[]): RoleNode {
  const id = `${decision}\n${role}`;
  const accounts = grouped(rows, accountKey).map(([key, own]) => accountNode(`${id}\n${key}`, own));
  const [{ roleName, roleArn, policy, account }] = rows as [AccessRow, ...AccessRow[]];
  const place = rows.find((row) => row.policy)?.policy ?? policy;
  return {
    id,
    kind: 'role',
    label: roleName === '' ? 'a role that no file names' : roleName,
    description: roleArn?.split(':')[4] ?? '',
    decision,
    ...(place ? { place } : {}),
    ...(account ? { explain: account } : {}),
    ...(roleArn === undefined ? {} : { roleArn }),
    children: accounts,
  };
}

function accountNode(id: string, rows: readonly AccessRow[]): RoleNode {
  // What is wrong with one workload alone is said beside it.
  const row = rows.find((each) => each.accountDecision === undefined) ?? rows[0]!;
  const { account, roleArn, mechanism, moving, overlays = [] } = row;
  const decision = accountDecision(row);
  const reason = row.accountDecision === undefined ? row.reason : undefined;
  const how = moving ? 'moving from IRSA to Pod Identity' : mechanism === 'pod-identity' ? 'Pod Identity' : undefined;
  const notes = [reason, how, ...overlays].filter((note) => note !== undefined);
  const same = { decision, ...(account ? { explain: account } : {}), ...(roleArn === undefined ? {} : { roleArn }) };
  return {
    id,
    kind: 'account',
    label: accountName(row),
    description: notes.join(' · '),
    ...same,
    ...(account ? { place: account } : {}),
    children: rows.flatMap((each, i) =>
      each.workload ? [workloadNode(`${id}\n${i}`, each.workload, { ...same, decision: each.decision }, each)] : [],
    ),
  };
}

function workloadNode(
  id: string,
  { kind, name, place }: NonNullable<AccessRow['workload']>,
  same: Pick<RoleNode, 'decision' | 'explain' | 'roleArn'>,
  row: AccessRow,
): RoleNode {
  return {
    id: `${id} ${kind} ${name}`,
    kind: 'workload',
    label: `${kind} ${name}`,
    description: row.accountDecision === undefined ? '' : (row.reason ?? ''),
    ...same,
    ...(place ? { place } : {}),
    children: [],
  };
}

/** The verdict on the row's service account, whatever its one workload gets. */
export function accountDecision(row: AccessRow): Decision {
  return row.accountDecision ?? row.decision;
}

/** `namespace/name` as far as it is known. */
export function accountName({ namespace, serviceAccount }: Pick<AccessRow, 'namespace' | 'serviceAccount'>): string {
  return namespace === undefined ? serviceAccount : `${namespace}/${serviceAccount}`;
}

/** What makes a service account's access one: its name, its file, how it gets the role and in which overlays. */
export function accountKey(row: AccessRow): string {
  const { account, mechanism, cluster = '', overlays = [] } = row;
  return [accountName(row), account?.uri ?? '', account?.line ?? '', account?.character ?? '', mechanism, cluster, ...overlays].join('\t');
}

/** Rows by a key, in the order of the keys. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
