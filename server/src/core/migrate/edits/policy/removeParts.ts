import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { PolicyEditor, Removal } from '../../types';
import { checked } from '../source';
import { elsewhere, isCutInPlace, whyUntouchable } from './guards';
import { cutsFor, type EntryCut } from './removals';

/**
 * Takes parts out of a policy that is written as lists and maps where it stands.
 * @param cut how entries of one of them are taken out in this form; undefined: they aren't written there
 * @param wrong why nothing is changed, if it is known that nothing can be
 */
export function removeParts(
  fact: TrustPolicyFact,
  document: SourceDocument,
  removals: readonly Removal[],
  cut: (each: EntryCut) => readonly Change[] | undefined,
  wrong: string | undefined = whyUntouchable(fact, document),
): ReturnType<PolicyEditor['remove']> {
  if (wrong !== undefined) return { refused: wrong };
  const cuts = cutsFor(fact.policy, removals);
  if ('refused' in cuts) return cuts;
  const changes: Change[] = [];
  for (const each of cuts.made) {
    const made = isCutInPlace(each, fact.policy) ? cut(each) : undefined;
    if (!made) return { refused: elsewhere };
    changes.push(...made);
  }
  return checked(document, changes);
}
