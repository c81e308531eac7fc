import type { FileAnswer } from '../files/port';
import { symptomKind } from '../symptoms/catalogue';
import type { ObservedObject, Symptom } from '../evidence';
import type { Conclusion } from '../diagnosis';
import type { Case } from './case';
import { tooOld } from './sdkVersions';
import { plain } from './plain';

const family: ReadonlySet<string> = new Set(['no-credentials', 'node-role', 'driver-denied', 'credentials-timeout', 'task-role-document']);

/** Why an SDK found no role, from what the pod's own variables show. */
export function injection(known: Case, symptom: Symptom, answers: readonly FileAnswer[]): Conclusion | undefined {
  if (!family.has(symptom.id)) return undefined;
  const base = plain(symptom, symptomKind(symptom.id), answers);
  const { environment } = known;
  switch (environment.state) {
    case 'none':
      return { ...base, ...notInjected(known, answers) };
    case 'irsa':
    case 'both':
      return skippedContainer(known, base) ?? { ...base, ...givenAndUnused(known, 'irsa') };
    case 'pod-identity':
      return { ...base, ...givenAndUnused(known, 'pod-identity') };
    case 'unknown':
      return { ...base, ...withoutEnvironment(known, answers, base) };
  }
}

/** The pod has no variables of a role. Why, as far as it was pasted or stands in the files. */
export function notInjected(
  known: Case,
  answers: readonly FileAnswer[],
): Pick<Conclusion, 'certainty' | 'class' | 'cause' | 'reasons' | 'next' | 'alternatives' | 'place' | 'fixes'> {
  const { whole } = known.environment;
  const pod = known.observations.map(({ object }) => object).find((each) => each?.kind === 'pod');
  const account = accountOf(known, pod);
  const why = reasonOf(pod, account, answers);
  return {
    certainty: whole ? 'certain' : 'likely',
    class: 'not-injected',
    cause: `The pod was given no role: ${why.text}`,
    reasons: [
      {
        text: whole
          ? 'No container of the pod has AWS_ROLE_ARN or AWS_CONTAINER_CREDENTIALS_FULL_URI.'
          : 'What was pasted shows neither AWS_ROLE_ARN nor AWS_CONTAINER_CREDENTIALS_FULL_URI.',
      },
      ...why.reasons,
    ],
    next: why.next,
    alternatives: whole
      ? []
      : [
          {
            class: 'sdk',
            cause: 'The variables are there, and were not pasted.',
            tell: 'The whole pod: kubectl get pod POD -n NAMESPACE -o yaml',
          },
        ],
    fixes: [],
    ...(answers[0]?.accountPlace ? { place: answers[0].accountPlace } : {}),
  };
}

interface Why {
  readonly text: string;
  readonly reasons: Conclusion['reasons'];
  readonly next: readonly string[];
}

const roleAnnotation = 'eks.amazonaws.com/role-arn';
const skipLabel = 'eks.amazonaws.com/skip-pod-identity-webhook';

function accountOf(known: Case, pod: ObservedObject | undefined): ObservedObject | undefined {
  const accounts = known.observations.map(({ object }) => object).filter((each) => each?.kind === 'service-account');
  return (
    accounts.find((each) => known.serviceAccount === undefined || each!.name === known.serviceAccount.value) ??
    (pod === undefined ? accounts[0] : undefined)
  );
}

function reasonOf(pod: ObservedObject | undefined, account: ObservedObject | undefined, answers: readonly FileAnswer[]): Why {
  if (pod && skipLabel in pod.labels) return { text: `its label ${skipLabel} keeps the webhook away.`, reasons: [], next: [] };
  const [answer] = answers;
  const asks = account ? roleAnnotation in account.annotations && account.annotations[roleAnnotation] !== '' : answer?.asks;
  if (account && asks === false && account.whole)
    return {
      text: `its service account has no annotation ${roleAnnotation}.`,
      reasons: [{ text: 'An EKS Pod Identity association would show in the variables too.' }],
      next: [],
    };
  if (!account && answer && asks === false)
    return {
      text: `in the files ${answer.account} references no role.`,
      reasons: [],
      next: ['Paste the output of: kubectl get serviceaccount NAME -n NAMESPACE -o yaml'],
    };
  if (answer?.skips[0]) return { text: 'its label keeps the webhook away.', reasons: answer.skips, next: [] };
  if (pod?.fargate && answer?.mechanism === 'pod-identity')
    return { text: 'EKS Pod Identity does not work on Fargate.', reasons: [], next: [] };
  if (asks)
    return {
      text: "its service account references a role, but the pod is older than the reference, or the webhook didn't answer.",
      reasons: [{ text: 'The webhook acts only when a pod is created: pods that ran before keep what they had.' }],
      next: [
        'Run: kubectl rollout restart deployment/NAME -n NAMESPACE',
        'If that changes nothing: kubectl get mutatingwebhookconfiguration pod-identity-webhook',
      ],
    };
  return {
    text: 'its service account references no role, or the pod is older than the annotation or the association.',
    reasons: [],
    next: [
      'Paste the output of: kubectl get serviceaccount NAME -n NAMESPACE -o yaml',
      'Run: aws eks list-pod-identity-associations --cluster-name CLUSTER --namespace NAMESPACE',
    ],
  };
}

/** Some containers of the pod were given the role, and others were skipped by the pod's annotation. */
function skippedContainer(known: Case, base: Conclusion): Conclusion | undefined {
  for (const { object } of known.observations) {
    const annotation = object?.kind === 'pod' ? object.annotations['eks.amazonaws.com/skip-containers'] : undefined;
    if (annotation === undefined) continue;
    const skipped = annotation.split(',').filter((name) => /^[a-z0-9-]{1,63}$/.test(name));
    const names = object!.containers
      .filter(({ name, environment }) => skipped.includes(name) && !environment.has('AWS_ROLE_ARN'))
      .map(({ name }) => name);
    if (names.length === 0) continue;
    return {
      ...base,
      certainty: 'likely',
      class: 'not-injected',
      cause: `The container ${names.join(', ')} was given no role: the annotation eks.amazonaws.com/skip-containers of the pod names it.`,
      reasons: [{ text: 'The other containers of the pod have the variables of the role.' }],
      next: [],
      alternatives: [
        { class: 'sdk', cause: 'Another container failed: its SDK does not use the role.', tell: 'Which container wrote the error.' },
      ],
    };
  }
  return undefined;
}

/** The pod has its variables, and the SDK went by: too old, or told to look elsewhere. */
function givenAndUnused(
  known: Case,
  mechanism: 'irsa' | 'pod-identity',
): Pick<Conclusion, 'certainty' | 'class' | 'cause' | 'reasons' | 'next' | 'alternatives'> {
  if (mechanism === 'irsa' && known.environment.half) {
    return {
      certainty: known.environment.whole ? 'certain' : 'likely',
      class: 'sdk',
      cause: 'AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE go together, and only one of them is set: the SDK does not use the role.',
      reasons: [{ text: 'The webhook adds neither of them to a container that sets one itself.' }],
      next: known.environment.whole ? [] : ['Paste the output of: kubectl get pod POD -n NAMESPACE -o yaml'],
      alternatives: known.environment.whole
        ? []
        : [{ class: 'sdk', cause: 'Both are set, and the SDK is too old.', tell: 'The other variable, which was not pasted.' }],
    };
  }
  const given = mechanism === 'irsa' ? 'AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE' : 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
  const old = known.sdks.map(({ value }) => ({ value, needed: tooOld(value, mechanism) })).find(({ needed }) => needed !== undefined);
  const reasons = [{ text: `The container has ${given}: the webhook gave it a role.` }];
  if (old) {
    return {
      certainty: 'certain',
      class: 'sdk',
      cause: `The AWS SDK is too old for ${mechanism === 'irsa' ? 'IAM roles for service accounts' : 'EKS Pod Identity'}: ${old.value}, and ${old.needed} is the minimum.`,
      reasons,
      next: [],
      alternatives: [],
    };
  }
  const agent = {
    class: 'pod-identity',
    cause: "The agent doesn't answer, and the SDK went on to the node's role.",
    tell: 'Whether the agent runs on the node: kubectl get daemonset eks-pod-identity-agent -n kube-system',
  } as const;
  const trust = {
    class: 'trust',
    cause: 'STS denied the role, and the SDK for Java went on to the next provider.',
    tell: 'A warning "Not authorized to perform sts:AssumeRoleWithWebIdentity" earlier in the log, or its CloudTrail event.',
  } as const;
  return {
    certainty: 'likely',
    class: 'sdk',
    cause: 'The pod was given a role, and the SDK does not use it: it is too old, or is configured to look elsewhere.',
    reasons,
    next: ['Paste the version of the AWS SDK that the container uses'],
    alternatives: [mechanism === 'irsa' ? trust : agent],
  };
}

/** Nothing of the pod was pasted; what the account says points one way. */
function withoutEnvironment(known: Case, answers: readonly FileAnswer[], base: Conclusion): Partial<Conclusion> {
  const account = accountOf(known, undefined);
  const [answer] = answers;
  if (account?.whole && !(roleAnnotation in account.annotations)) {
    return {
      reasons: [
        { text: `The service account ${account.name ?? ''} has no annotation ${roleAnnotation}.`.replace('  ', ' ') },
        ...base.reasons,
      ],
      next: ['Run: aws eks list-pod-identity-associations --cluster-name CLUSTER --namespace NAMESPACE', ...base.next],
    };
  }
  if (!answer) return {};
  return {
    ...(answer.place ? { place: answer.place } : {}),
    reasons: [
      {
        text: answer.asks
          ? `In the files ${answer.account} references ${answer.role ?? 'a role'}: the pod may be older than that.`
          : `In the files ${answer.account} references no role.`,
        ...(answer.accountPlace ? { place: answer.accountPlace } : {}),
      },
      ...answer.skips,
      ...base.reasons,
    ],
  };
}
