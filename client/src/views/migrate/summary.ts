import type { MigrateRow } from '../../../../protocol/migrate';
import type { Mark } from '../parts';
import { count, outcomeWords, stateWords } from './model';

/*
 * What the page of a move says of all rows together, and of one row in a word.
 */

const missingWords: Readonly<Record<NonNullable<MigrateRow['missing']>, string>> = {
  association: 'the association is missing',
  annotation: 'the annotation is missing',
  'trust-policy': "the trust policy doesn't allow it yet",
};

/** The counts of a plan, as the command line gives them: `3 service accounts: 2 can move, 0 can't, 1 unknown, 0 done.` */
export function summary(rows: readonly MigrateRow[]): string {
  const open = rows.filter(({ state }) => state !== 'done');
  const of = (outcome: MigrateRow['outcome']): number => open.filter((row) => row.outcome === outcome).length;
  const parts = [
    `${of('can-move')} can move`,
    `${of('cannot-move')} can't`,
    `${of('unknown')} unknown`,
    `${rows.length - open.length} done`,
  ];
  return `${count(rows.length, 'service account')}: ${parts.join(', ')}.`;
}

/** What the cluster's name would help, as a sentence; undefined if no row lacks it. */
export function clusterHint(rows: readonly MigrateRow[]): string | undefined {
  const without = rows.filter(({ reasons }) => reasons.some(({ code, effect }) => code === 'cluster-unknown' && effect !== 'note'));
  if (without.length === 0) return undefined;
  return `The cluster of ${count(without.length, 'service account')} is unknown. Enter its name under Cluster, or add it to pod-roles.yaml.`;
}

const outcomeMarks = { 'can-move': 'allowed', 'cannot-move': 'denied', unknown: 'unknown' } as const;

/** Where an account stands: its mark, which the words beside it say too, and the words of up to two lines. */
export function standingOf({ state, outcome, missing }: MigrateRow): { readonly sign: Mark; readonly words: readonly string[] } {
  if (state === 'done') return { sign: 'allowed', words: [stateWords.done] };
  const moving = missing === undefined ? stateWords[state] : `${stateWords[state]}: ${missingWords[missing]}`;
  return { sign: outcomeMarks[outcome], words: [outcomeWords[outcome], moving] };
}
