import type { FileAnswer } from '../files/port';
import type { SymptomKind } from '../symptoms/kind';
import type { Symptom } from '../evidence';
import type { Conclusion } from '../diagnosis';

/** What the text says by itself. */
export function plain(symptom: Symptom, kind: SymptomKind, answers: readonly FileAnswer[]): Conclusion {
  const [answer] = answers;
  return {
    ...(answer?.accountPlace ? { explain: answer.accountPlace } : {}),
    ...(answer?.place && kind.certainty !== 'unknown' && symptom.id === 'account-without-role' ? { place: answer.place } : {}),
    fixes: [],
    certainty: kind.certainty,
    // A bare refusal may be of either of its alternatives.
    ...(symptom.id === 'access-denied' ? {} : { class: kind.class }),
    cause: kind.cause,
    reasons: (kind.reasons ?? []).map((text) => ({ text })),
    next: kind.next ?? [],
    alternatives: kind.alternatives ?? [],
  };
}
