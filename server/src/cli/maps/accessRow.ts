import type { PermissionCounts } from '../../core/features/permissions/counts';
import type { AccessEntry } from '../../core/features/accessMap';
import type { Decision } from '../../core/trust/verdict';

/** A row of the access map as the command line writes it: paths relative, lines from 1. */
export interface AccessRow {
  readonly workload?: { readonly kind: string; readonly name: string; readonly path: string; readonly line: number };
  readonly namespace?: string;
  readonly serviceAccount: string;
  readonly path: string;
  readonly line: number;
  readonly role: string;
  /** How the role is had: the annotation and the webhook's token, or an EKS Pod Identity association. */
  readonly mechanism: 'irsa' | 'pod-identity';
  /** The target role of an association, which EKS assumes with the role. */
  readonly targetRole?: string;
  /** The overlays in which this is so, where kustomizations decide. */
  readonly overlays?: readonly string[];
  /** True where an association overrides the annotation: `decision` is what IRSA alone would give, and isn't in effect. */
  readonly hidden?: true;
  /** True for what an association gives in place of the annotation if it applies: `decision` isn't in effect. */
  readonly perhaps?: true;
  /** What the other mechanism would give, where something of it is there: between the steps of a move. */
  readonly other?: AccessEntry['other'];
  /** True where an association overrides an annotation that names the same role. */
  readonly moving?: true;
  /** The service account's own verdict, if this workload alone doesn't get the role: it runs where EKS Pod Identity isn't available. */
  readonly accountDecision?: Decision;
  readonly decision: Decision;
  /** Why not, or why it is unknown, in a few words. */
  readonly reason?: string | undefined;
  readonly policy?: { readonly path: string; readonly line: number };
  /** Of the target role. */
  readonly targetPolicy?: { readonly path: string; readonly line: number };
  /** True where the target role is what fails, or what is unknown. */
  readonly isTargetAtFault?: true;
  /** Where AWS, or a snapshot of it, tells the role's policies. */
  readonly permissions?: PermissionCounts;
}

/** One way of writing the map. One file a format, one line in registry.ts. */
export interface MapFormat {
  readonly id: string;
  write(rows: readonly AccessRow[]): string;
}

export const marks: Readonly<Record<Decision, string>> = { allowed: '✓', denied: '✗', unknown: '?' };

/** The verdict on the row's service account, whatever its one workload gets. */
export function accountDecision(row: AccessRow): Decision {
  return row.accountDecision ?? row.decision;
}

/** True for what a row's account has; false for what an association overrides, or gives only if it applies. */
export function isInEffect({ hidden, perhaps }: Pick<AccessRow, 'hidden' | 'perhaps'>): boolean {
  return !hidden && !perhaps;
}

/** The mark of a row in a graph. What isn't in effect has none. */
export function markOf(row: AccessRow): string {
  return isInEffect(row) ? marks[accountDecision(row)] : insteadOf(row);
}

/** What a row that isn't in effect would give. */
export function insteadOf({ hidden, decision }: AccessRow): string {
  return `${hidden ? 'overridden' : 'if the association applies'} (${words[decision]})`;
}

export const words: Readonly<Record<Decision, string>> = { allowed: 'can assume', denied: "can't assume", unknown: 'unknown' };

export function accountOf(row: AccessRow): string {
  return row.namespace === undefined ? row.serviceAccount : `${row.namespace}/${row.serviceAccount}`;
}

/** What else decides, for people: ` (overlays/prod)`, ` (Pod Identity)`. */
export function noteOf({ mechanism, targetRole, overlays = [], hidden, moving }: AccessRow): string {
  const notes = [
    ...(mechanism === 'pod-identity' ? ['Pod Identity'] : []),
    ...(targetRole === undefined ? [] : [`then ${targetRole}`]),
    ...(moving ? ['moving from IRSA'] : []),
    ...overlays,
    ...(hidden ? ['hidden by an association'] : []),
  ];
  return notes.length > 0 ? ` (${notes.join(', ')})` : '';
}

export function workloadOf(row: AccessRow): string | undefined {
  return row.workload && `${row.workload.kind} ${row.workload.name}`;
}

/** Numbers things by what they are, so that a thing met twice is one node of a graph. */
export class Nodes {
  private readonly ids = new Map<string, string>();

  constructor(private readonly prefix: string) {}

  /** The id, and whether it is new. */
  of(key: string): { readonly id: string; readonly fresh: boolean } {
    const known = this.ids.get(key);
    if (known !== undefined) return { id: known, fresh: false };
    const id = `${this.prefix}${this.ids.size + 1}`;
    this.ids.set(key, id);
    return { id, fresh: true };
  }
}
