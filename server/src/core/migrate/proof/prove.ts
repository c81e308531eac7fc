import type { PolicyDocument } from '../../model/policy';
import { meaningOf } from '../../trust/compare/symbols';
import type { ComparisonScope, Inclusion, PolicySet } from '../../trust/compare/types';
import type { Named } from '../admissions';
import type { Move } from '../moves';
import type { Includes } from '../port';
import { podsLeaving, subjectsLeaving } from '../removals';
import type { StepProof } from '../types';
import type { effectOf } from './statements';
import { addedStatements, allowOnly } from './statements';

/** One trust policy before and after a step, and the accounts that the step moves on it. */
export interface PolicyChange {
  readonly before: PolicyDocument;
  readonly after: PolicyDocument;
  readonly moves: readonly Move[];
  readonly effect: ReturnType<typeof effectOf>;
}

/** A proof, or why a step isn't what it is to be. */
export type Proven = { readonly proof: StepProof } | { readonly wrong: string };

/**
 * Proves a step on one policy: nobody loses access but those whose access moves, and nobody gains it but those who move.
 * `before` and `after` are what the real readers read of the texts.
 */
export function prove({ before, after, moves, effect }: PolicyChange, includes: Includes): Proven {
  const named: Named[] = moves.flatMap((move) => move.named ?? []);
  const compare = (all: PolicySet, part: PolicySet): Inclusion => includes(all, part, scopeOf(moves));
  if (effect === 'add-pods' || effect === 'add-irsa') {
    const added = addedStatements(before, after);
    if (!allowOnly(added, after, named, effect === 'add-pods' ? 'to-pod-identity' : 'to-irsa'))
      return {
        wrong:
          "The new statement would allow service accounts that aren't part of this step, too: the same text makes several trust policies. Move them together.",
      };
    return { proof: { keeps: compare([after], [before]), addsNobody: compare([before, { ...after, statements: added }], [after]) } };
  }
  const left = effect === 'drop-irsa' ? subjectsLeaving(before, moves) : podsLeaving(before, moves);
  return { proof: { keeps: compare([after, left.allowed], [before]), addsNobody: compare([before], [after]) } };
}

/** Whether two policies say the same. */
export function saysTheSame(before: PolicyDocument, after: PolicyDocument): boolean {
  return meaningOf(before) === meaningOf(after);
}

/** What is not proven, in a sentence; undefined where all is. */
export function gapIn({ keeps, addsNobody }: StepProof): { readonly because: string; readonly sure: boolean } | undefined {
  if (keeps.kind === 'not-included') return { because: `${keeps.witness.words} would lose access.`, sure: true };
  if (addsNobody.kind === 'not-included') return { because: `${addsNobody.witness.words} would gain access.`, sure: true };
  if (keeps.kind === 'unknown') return { because: `It isn't proven that all others keep their access: ${keeps.because}`, sure: false };
  if (addsNobody.kind === 'unknown') return { because: `It isn't proven that no others gain access: ${addsNobody.because}`, sure: false };
  return undefined;
}

function scopeOf([move]: readonly Move[]): ComparisonScope {
  const { roleAccount, rolePartition } = move?.request ?? {};
  return { ...(roleAccount === undefined ? {} : { roleAccount }), ...(rolePartition === undefined ? {} : { rolePartition }) };
}
