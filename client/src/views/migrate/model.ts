import type { Direction, MigrateAccount, MigratePlan, MigrateRow, MigrateStepResult, MigrationStep } from '../../../../protocol/migrate';

/*
 * What the view of Migrate to EKS Pod Identity knows. Nothing here needs a running editor.
 */

/** What the plan is shown for: all accounts, a namespace, or one account. */
export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'account'; readonly key: string };

/** A step that was computed, and how far it is. */
export interface ShownStep {
  readonly result: MigrateStepResult;
  /** True once the files were changed. */
  readonly applied: boolean;
  /** Files that were changed and aren't saved: VS Code saves what a change of several files touches, and not a single one. */
  readonly unsaved: readonly string[];
}

export interface MigrateModel {
  readonly direction: Direction;
  readonly cluster: string;
  readonly scope: Scope;
  /** The accounts that are picked, by {@link keyOf}. */
  readonly picked: ReadonlySet<string>;
  readonly plan: MigratePlan;
  readonly step?: ShownStep;
  /** A word on what went wrong last. */
  readonly problem?: string;
}

/** An account in one string. Kubernetes allows no slash in either part. */
export function keyOf({ namespace, name }: MigrateAccount): string {
  return `${namespace}/${name}`;
}

/** A scope as the value of a list's row, and back. */
export function scopeValue(scope: Scope): string {
  return scope.kind === 'all' ? '' : scope.kind === 'namespace' ? `namespace ${scope.namespace}` : `account ${scope.key}`;
}

export function parseScope(value: string): Scope {
  const [kind, ...rest] = value.split(' ');
  const name = rest.join(' ');
  if (kind === 'namespace' && name !== '') return { kind, namespace: name };
  return kind === 'account' && name !== '' ? { kind, key: name } : { kind: 'all' };
}

/** The rows of a scope. */
export function rowsIn({ plan, scope }: Pick<MigrateModel, 'plan' | 'scope'>): readonly MigrateRow[] {
  return plan.rows.filter(({ account, namespace }) =>
    scope.kind === 'all'
      ? true
      : scope.kind === 'namespace'
        ? namespace === scope.namespace
        : account !== undefined && keyOf(account) === scope.key,
  );
}

/** True for an account that some step may change. */
export function canPick({ account, outcome }: MigrateRow): boolean {
  return account !== undefined && outcome !== 'cannot-move';
}

/** The keys of the accounts that can move and aren't done, for "Select all that can move". */
export function movable(model: Pick<MigrateModel, 'plan' | 'scope'>): readonly string[] {
  return rowsIn(model).flatMap((row) => (row.account && row.outcome === 'can-move' && row.state !== 'done' ? [keyOf(row.account)] : []));
}

/** The accounts that the buttons are for: those picked that are shown, each once. */
export function pickedIn(model: Pick<MigrateModel, 'plan' | 'scope' | 'picked'>): readonly MigrateAccount[] {
  const found = new Map<string, MigrateAccount>();
  for (const row of rowsIn(model)) {
    const { account } = row;
    if (account && canPick(row) && model.picked.has(keyOf(account))) found.set(keyOf(account), account);
  }
  return [...found.values()];
}

/** What steps are called on buttons and headings. */
export const stepNames: Readonly<Record<MigrationStep, string>> = { expand: 'Expand', contract: 'Contract', undo: 'Undo' };

export const stateWords: Readonly<Record<MigrateRow['state'], string>> = {
  'not-started': 'not started',
  moving: 'moving',
  done: 'done',
};

export const outcomeWords: Readonly<Record<MigrateRow['outcome'], string>> = {
  'can-move': 'can move',
  'cannot-move': "can't move",
  unknown: 'unknown',
};

/** A number of things: `1 file`, `2 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
