import type { Case } from './case';
import type { CauseClass } from '../classes';
import type { Symptom } from '../evidence';
import { symptomKind, type SymptomId } from '../symptoms/catalogue';

/** The text that speaks, and texts of other causes beside it that it does not explain. */
export interface Primary {
  readonly symptom: Symptom;
  readonly rivals: readonly Symptom[];
}

/** What each class brings about by itself: an SDK that is refused a role goes on to the next provider, down to the node's. */
const fallsThrough: ReadonlySet<CauseClass> = new Set(['trust', 'provider', 'audience', 'token', 'sdk', 'pod-identity', 'network']);

/** Of texts of equal weight, those that name more come first. */
const before: Readonly<Partial<Record<SymptomId, number>>> = { 'trust-denied': -1, 'node-role': 1, 'sts-unreachable': 2 };

/** The symptom to answer: the one that AWS says most about. Undefined where no text was recognised. */
export function primaryOf({ symptoms, joined, event }: Case): Primary | undefined {
  const ranked = [...symptoms].sort(
    (a, b) =>
      symptomKind(b.id).rank - symptomKind(a.id).rank ||
      // What an event says of the very request comes before what else a log holds.
      Number(joined && isOfEvent(b, event)) - Number(joined && isOfEvent(a, event)) ||
      (before[a.id] ?? 0) - (before[b.id] ?? 0) ||
      a.paste - b.paste ||
      a.offset - b.offset,
  );
  const [symptom] = ranked;
  if (!symptom) return undefined;
  const own = symptomKind(symptom.id);
  const rivals = ranked.filter((each) => {
    const kind = symptomKind(each.id);
    if (kind.rank < 3 || kind.class === own.class) return false;
    if (each.id === 'node-role' && fallsThrough.has(own.class)) return false;
    // AccessDenied beside the code that says more, in one message.
    if (each.id === 'trust-denied' && own.rank === 4 && own.class !== 'permissions' && Math.abs(each.offset - symptom.offset) < 600)
      return false;
    return true;
  });
  return { symptom, rivals: [...new Map(rivals.map((each) => [symptomKind(each.id).class, each])).values()] };
}

function isOfEvent({ readings, emitter }: Symptom, event: Case['event']): boolean {
  const id = (list: readonly { readonly kind: string; readonly value: string }[]): string | undefined =>
    list.find(({ kind }) => kind === 'requestId')?.value;
  return emitter === 'CloudTrail' && event !== undefined && id(readings) === id(event.readings);
}
