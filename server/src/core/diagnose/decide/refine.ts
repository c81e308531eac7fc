import type { FileAnswer } from '../files/port';
import { findEvent, getRole, listEnvironment } from '../symptoms/advice';
import { symptomKind } from '../symptoms/catalogue';
import type { Alternative, SymptomKind } from '../symptoms/kind';
import { reading, type Symptom } from '../evidence';
import type { Conclusion } from '../diagnosis';
import type { Case } from './case';
import { causeOf, classOf, deniedAnswer, identified, placed, reasonsOf } from './fromFiles';
import { injection } from './injection';
import { plain } from './plain';
import type { Primary } from './primary';
import { specific } from './specific';

/** The answer to a text that was recognised, with what else is known of the case. */
export function refine(known: Case, primary: Primary, answers: readonly FileAnswer[], picked: boolean): Conclusion {
  const { symptom } = primary;
  const kind = symptomKind(symptom.id);
  const own =
    trust(known, symptom, kind, answers, picked) ??
    injection(known, symptom, answers) ??
    specific(known, symptom, answers) ??
    plain(symptom, kind, answers);
  const rivals = primary.rivals.map(({ id }): Alternative => {
    const other = symptomKind(id);
    return {
      class: other.class,
      cause: other.cause,
      tell: 'The pastes hold both texts: which of them belongs to this pod, and to this moment.',
    };
  });
  return {
    ...own,
    source: symptom.emitter,
    certainty: rivals.length > 0 && own.certainty === 'certain' ? 'likely' : own.certainty,
    alternatives: [...rivals, ...own.alternatives],
  };
}

const refusedByPolicy: ReadonlySet<string> = new Set([
  'trust-denied',
  'access-denied-bare',
  'pod-identity-denied',
  'provider-missing',
  'audience-not-listed',
]);

/** A refusal of STS or EKS, with what the files say of the account and the role: Explain's own verdict. */
function trust(known: Case, symptom: Symptom, kind: SymptomKind, answers: readonly FileAnswer[], picked: boolean): Conclusion | undefined {
  if (!refusedByPolicy.has(symptom.id)) return undefined;
  const denied = deniedAnswer(answers);
  if (denied && fits(symptom, denied.answer)) {
    const { answer, agreed } = denied;
    const proven = agreed && answer.sure && identified(known, answers, picked);
    return {
      ...placed(answer),
      certainty: proven ? 'certain' : kind.certainty === 'certain' ? 'certain' : 'likely',
      class: kind.rank === 4 && kind.class !== 'pod-identity' ? kind.class : classOf(answer),
      cause: causeOf(answer),
      reasons: [...reasonsOf(answer), ...joinedReason(known)],
      next: proven ? [] : (kind.next ?? []),
      alternatives: agreed
        ? []
        : [
            {
              class: classOf(answer),
              cause: 'In another overlay or deployment the same account can assume its role.',
              tell: 'Which of them the pod was deployed from.',
            },
          ],
    };
  }
  const [answer] = answers;
  if (!answer) return undefined;
  const base = plain(symptom, kind, answers);
  if (answer.pasted) return { ...base, ...pastedAnswer(answer, base, kind) };
  if (answer.decision === 'allowed' && kind.certainty !== 'certain') {
    return {
      ...base,
      ...(answer.place ? { place: answer.place } : {}),
      cause: `AWS denies what these files allow: the trust policy of ${answer.role ?? 'the role'} in AWS is another, or the role does not exist.`,
      reasons: [
        {
          text: `In the files ${answer.account} can assume ${answer.role ?? 'the role'}: they are not applied, or the role was changed since.`,
          ...(answer.place ? { place: answer.place } : {}),
        },
        ...base.reasons,
      ],
      next: [getRole],
    };
  }
  if (answer.fault === 'other-role' && known.role) {
    return {
      ...base,
      reasons: [
        {
          text: `The pod asked for ${known.role.value}; the files give ${answer.account} the role ${answer.role ?? 'of another name'}.`,
          ...(answer.place ? { place: answer.place } : {}),
        },
        ...base.reasons,
      ],
      ...(answer.accountPlace ? { place: answer.accountPlace } : {}),
    };
  }
  return {
    ...base,
    ...(answer.reason === undefined ? {} : { reasons: [{ text: `The files leave it open: ${answer.reason}.` }, ...base.reasons] }),
  };
}

/** A pasted trust policy that doesn't deny the request: it is another one, or was another when the request was made. */
function pastedAnswer(answer: FileAnswer, base: Conclusion, kind: SymptomKind): Partial<Conclusion> {
  if (answer.decision !== 'allowed')
    return { reasons: [{ text: 'The pasted trust policy leaves it open: it depends on values that no paste has.' }, ...base.reasons] };
  if (kind.certainty === 'certain') return { reasons: [{ text: `The pasted trust policy allows ${answer.account}.` }, ...base.reasons] };
  return {
    cause: `AWS denied what the pasted trust policy allows: it was changed after the error, or the pod asked for another role.`,
    reasons: [{ text: `The pasted trust policy allows ${answer.account} to assume ${answer.role ?? 'the role'}.` }, ...base.reasons],
    next: [listEnvironment, findEvent],
  };
}

/** A refusal by the trust policy is not explained by a missing provider, nor the other way round. */
function fits({ id }: Symptom, answer: FileAnswer): boolean {
  const found = classOf(answer);
  switch (id) {
    case 'provider-missing':
      return found === 'provider';
    case 'audience-not-listed':
      return found === 'audience';
    case 'pod-identity-denied':
      return found === 'pod-identity';
    default:
      return found === 'trust';
  }
}

function joinedReason({ joined, event }: Case): Conclusion['reasons'] {
  const id = event && reading(event.readings, 'requestId');
  return joined && id ? [{ text: `The error and the CloudTrail event have the same request ID, ${id.value}.` }] : [];
}
