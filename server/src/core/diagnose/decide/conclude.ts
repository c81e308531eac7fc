import type { FileAnswer, Files, Question } from '../files/port';
import type { Case, Picked } from './case';
import { fillIn } from './fillIn';
import { fromFiles } from './fromFiles';
import { fromObservations } from './fromObservations';
import { withPastedPolicy } from './pastedPolicy';
import { primaryOf } from './primary';
import { refine } from './refine';
import type { Conclusion } from '../diagnosis';
import { reading, type Observation } from '../evidence';
import { describePod, findEvent, getAccount, getRole, listEnvironment, pickWorkload } from '../symptoms/advice';
import { symptomKind } from '../symptoms/catalogue';

/** One answer from everything that is known; what was pasted already is not asked for again. */
export function conclude(known: Case, files: Files, picked: Picked | undefined): Conclusion {
  const question = questionOf(known, picked);
  const looked = question ? files.look(question) : [];
  const answers = withPastedPolicy(known, looked, picked);
  const conclusion = concluded(known, answers, picked);
  const next = conclusion.next.filter((each) => !isAnswered(each, known));
  return fillIn({ ...conclusion, next, ...unknownWorkload(conclusion, looked, question, picked) }, known, answers, picked);
}

/** The user named a workload that no file has: said beside whatever else the pastes tell. */
function unknownWorkload(
  { cause, reasons }: Conclusion,
  looked: readonly FileAnswer[],
  question: Question | undefined,
  picked: Picked | undefined,
): Partial<Conclusion> {
  if (!picked || !question?.isWorkload || looked.length > 0) return {};
  const text = noFileNames(picked);
  return cause.startsWith(text) ? {} : { reasons: [...reasons, { text: `${text}.` }] };
}

/** Without a full stop. A workload may be there whose account is not. */
function noFileNames({ namespace, name }: Picked): string {
  return `No file names ${namespace}/${name}, or the service account that it uses`;
}

function isAnswered(advice: string, { event, observations, environment }: Case): boolean {
  const has = (carrier: Observation['carrier']): boolean => observations.some((each) => each.carrier === carrier);
  switch (advice) {
    case findEvent:
      return event !== undefined;
    case getRole:
      return has('role');
    case getAccount:
      return observations.some(({ object }) => object?.kind === 'service-account' && object.whole);
    case listEnvironment:
      return environment.whole;
    case describePod:
      return observations.some(({ object }) => object?.kind === 'pod' && object.whole);
    default:
      return false;
  }
}

function concluded(known: Case, answers: readonly FileAnswer[], picked: Picked | undefined): Conclusion {
  const primary = primaryOf(known);
  if (primary) {
    const kind = symptomKind(primary.symptom.id);
    if (kind.rank > 0) return refine(known, primary, answers, picked !== undefined);
  }
  return (
    fromObservations(known, answers, picked !== undefined) ??
    fromFiles(known, answers, picked !== undefined) ??
    (primary ? refine(known, primary, answers, picked !== undefined) : nothing(known, answers, picked))
  );
}

/** Whom the files are asked about; undefined where the pastes and the user name nobody. */
export function questionOf(known: Case, picked: Picked | undefined): Question | undefined {
  const { contradicted, mechanism } = known;
  const told = (kind: 'role' | 'namespace' | 'serviceAccount' | 'issuer'): string | undefined => {
    const found = known[kind];
    return found && found.sure === 'told' && !contradicted.has(kind) ? found.value : undefined;
  };
  const [audience, more] = known.audiences;
  const role = told('role');
  const common = {
    ...(role?.startsWith('arn:') ? { roleArn: role } : {}),
    issuer: told('issuer'),
    audience: more === undefined ? audience?.value : undefined,
    mechanism,
  };
  const name = told('serviceAccount');
  const namespace = told('namespace');
  if (picked) {
    // Evidence of another account is not of this workload.
    const other = name !== undefined && namespace !== undefined && namespace !== picked.namespace;
    return other ? { ...common, namespace, name } : { ...common, ...picked, isWorkload: true };
  }
  if (name !== undefined) return { ...common, namespace, name };
  return common.roleArn === undefined ? undefined : common;
}

function nothing(known: Case, answers: readonly FileAnswer[], picked: Picked | undefined): Conclusion {
  const [only] = answers;
  const works = known.event?.errorCode === '';
  const caller = known.observations.find(
    ({ carrier, readings }) => carrier === 'caller' && /^(?:irsa|pod-identity)$/.test(reading(readings, 'mechanism')?.value ?? ''),
  );
  const assumed = caller && reading(caller.readings, 'role')?.value;
  const next = works
    ? ['Paste the error that the application shows', 'Run in the pod and paste: aws sts get-caller-identity']
    : [
        'Paste the error that the pod shows, with the lines around it',
        'Paste the output of: kubectl get pod POD -n NAMESPACE -o yaml',
        ...(picked ? [] : [pickWorkload]),
      ];
  return {
    certainty: 'unknown',
    cause: works
      ? 'This event is a success: AWS gave the pod its role. What fails is not in it.'
      : assumed !== undefined
        ? `The pod has the role ${assumed}. Nothing in the paste says what failed.`
        : only?.decision === 'allowed'
          ? `These files let ${only.account} assume ${only.role}. ${known.pasted ? 'Nothing in the paste says what failed' : 'No error was pasted'}.`
          : picked && answers.length === 0
            ? `${noFileNames(picked)}, and ${known.pasted ? 'nothing in the paste says what failed' : 'no error was pasted'}.`
            : 'Nothing in the paste is known to concern the role of a pod.',
    reasons: [],
    fixes: [],
    next,
    alternatives: [],
    ...(only?.accountPlace ? { explain: only.accountPlace } : {}),
  };
}
