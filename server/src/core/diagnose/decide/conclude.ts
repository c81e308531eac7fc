import type { FileAnswer, Files, Question } from '../files/port';
import type { Case, Picked } from './case';
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
  const conclusion = concluded(known, files, picked);
  return { ...conclusion, next: conclusion.next.filter((each) => !isAnswered(each, known)) };
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

function concluded(known: Case, files: Files, picked: Picked | undefined): Conclusion {
  const answers = withPastedPolicy(known, look(known, files, picked), picked);
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

/** What the files say of the account and the role of the case; nothing where the pastes contradict each other on who asked. */
function look(known: Case, files: Files, picked: Picked | undefined): readonly FileAnswer[] {
  const question = questionOf(known, picked);
  return question ? files.look(question) : [];
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
          ? `These files let ${only.account} assume ${only.role}. Nothing in the paste says what failed.`
          : picked && answers.length === 0
            ? `No file names ${picked.namespace}/${picked.name}, and nothing in the paste says what failed.`
            : 'Nothing in the paste is known to concern the role of a pod.',
    reasons: [],
    fixes: [],
    next,
    alternatives: [],
    ...(only?.accountPlace ? { explain: only.accountPlace } : {}),
  };
}
