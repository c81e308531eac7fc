import type { FileAnswer } from '../files/port';
import type { Case } from './case';
import type { CauseClass } from '../classes';
import type { Conclusion } from '../diagnosis';

/** The class of what the one verdict says. */
export function classOf({ mechanism, fault, reason }: FileAnswer): CauseClass {
  if (mechanism === 'pod-identity') return 'pod-identity';
  if (fault === 'provider-missing') return 'provider';
  if (fault === 'role-arn') return 'not-injected';
  return reason === "the OIDC provider doesn't accept the audience" ? 'audience' : 'trust';
}

/** The answer that the files give, as one sentence. */
export function causeOf(answer: FileAnswer): string {
  const role = answer.role ?? 'the role';
  if (answer.allowedInstead !== undefined) return `The trust policy of ${role} allows ${answer.allowedInstead}, not ${answer.account}.`;
  return `${answer.account} can't assume ${answer.role ?? 'its role'}${answer.reason === undefined ? '' : `: ${answer.reason}`}.`;
}

/** The denied answer to show, where all that may be meant agree; undefined where none is denied. */
export function deniedAnswer(answers: readonly FileAnswer[]): { readonly answer: FileAnswer; readonly agreed: boolean } | undefined {
  const meant = answers.filter(({ fault }) => fault !== 'other-role');
  const answer = meant.find(({ decision }) => decision === 'denied');
  return answer && { answer, agreed: meant.every(({ decision }) => decision === 'denied') };
}

/**
 * True where the pastes, or the user, name the very account, and nothing that was pasted contradicts it. A role alone may be
 * used by several.
 */
export function identified({ contradicted, serviceAccount, namespace }: Case, answers: readonly FileAnswer[], picked: boolean): boolean {
  if ((['role', 'namespace', 'serviceAccount', 'issuer'] as const).some((kind) => contradicted.has(kind))) return false;
  if (answers.length === 0 || (!picked && serviceAccount?.sure !== 'told')) return false;
  return answers.every(
    (each) =>
      (serviceAccount === undefined || each.name === serviceAccount.value) &&
      (namespace === undefined || each.namespace === namespace.value),
  );
}

/** What files alone say of the token, the event or the workload: the verdict that Explain Access shows. */
export function fromFiles(known: Case, answers: readonly FileAnswer[], picked: boolean): Conclusion | undefined {
  const denied = deniedAnswer(answers);
  if (!denied) return undefined;
  const { answer, agreed } = denied;
  const proven = agreed && answer.sure && identified(known, answers, picked);
  return {
    ...placed(answer),
    certainty: proven ? 'certain' : 'likely',
    class: classOf(answer),
    cause: causeOf(answer),
    reasons: [
      ...reasonsOf(answer),
      {
        text: `This is what the ${answer.pasted ? 'pasted trust policy says' : 'files say'}: ${known.pasted ? 'nothing in the paste says what failed' : 'no error was pasted'}.`,
      },
    ],
    next: ['Paste the error that the pod shows'],
    alternatives: [],
  };
}

/** The parts of an answer that lead into the files. */
export function placed(answer: FileAnswer): Pick<Conclusion, 'place' | 'fixes' | 'explain'> {
  return {
    ...(answer.place ? { place: answer.place } : {}),
    fixes: answer.fixes,
    ...(answer.accountPlace ? { explain: answer.accountPlace } : answer.place ? { explain: answer.place } : {}),
  };
}

export function reasonsOf(answer: FileAnswer): Conclusion['reasons'] {
  return [
    ...answer.steps,
    ...(answer.tie === undefined ? [] : [{ text: `The trust policy is that of ${answer.role ?? 'the role'} ${answer.tie}.` }]),
  ];
}
