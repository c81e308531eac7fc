import type { FileAnswer } from '../files/port';
import type { Conclusion } from '../diagnosis';
import type { Case } from './case';
import { deniedAnswer, fromFiles } from './fromFiles';
import { notInjected } from './injection';
import { tooOld } from './sdkVersions';

/** What pods, tokens and accounts show where no text says what failed; undefined where they show nothing wrong. */
export function fromObservations(known: Case, answers: readonly FileAnswer[], picked: boolean): Conclusion | undefined {
  return (
    otherRole(known) ??
    otherRoleThanFiles(known, answers) ??
    podWithoutRole(known, answers) ??
    wrongAudience(known, answers) ??
    denied(known, answers, picked) ??
    ofEnvironment(known)
  );
}

/** What the container's own variables and SDK show, without any file. */
function ofEnvironment(known: Case): Conclusion | undefined {
  return oldSdk(known) ?? shadowed(known) ?? withoutProxyException(known);
}

/** The files deny the role, and the environment may show another cause beside it: the files' own, unless the pod has another mechanism. */
function denied(known: Case, answers: readonly FileAnswer[], picked: boolean): Conclusion | undefined {
  const found = deniedAnswer(answers) && fromFiles(known, answers, picked);
  const other = found && ofEnvironment(known);
  if (!found || !other) return found;
  const { state } = known.environment;
  const isOther = state === 'pod-identity' && deniedAnswer(answers)?.answer.mechanism !== 'pod-identity';
  const [first, second] = isOther ? [other, found] : [found, other];
  const rest = { class: second.class!, cause: second.cause, tell: 'The error that the pod shows, with the lines around it.' };
  return {
    ...first,
    certainty: 'likely',
    next: first.next.length > 0 ? first.next : found.next,
    alternatives: [...first.alternatives, rest],
    ...(found.explain ? { explain: found.explain } : {}),
  };
}

const empty = { fixes: [], next: [], alternatives: [] } as const;

/** A pod keeps the role that it was created with. */
function otherRole(known: Case): Conclusion | undefined {
  const roleOf = (carrier: 'pod' | 'service-account'): string | undefined => {
    const roles = new Set(
      known.observations
        .filter((each) => each.carrier === carrier)
        .flatMap(({ readings }) => readings.filter(({ kind, sure }) => kind === 'role' && sure === 'told').map(({ value }) => value)),
    );
    return roles.size === 1 ? [...roles][0] : undefined;
  };
  const [pod, account] = [roleOf('pod'), roleOf('service-account')];
  if (pod === undefined || account === undefined || pod === account || known.contradicted.has('serviceAccount')) return undefined;
  return {
    ...empty,
    certainty: 'certain',
    class: 'not-injected',
    cause: `The pod is older than the annotation: it has ${nameOf(pod)}, and its service account now names ${nameOf(account)}.`,
    reasons: [{ text: 'The webhook acts only when a pod is created.' }],
    next: ['Run: kubectl rollout restart deployment/NAME -n NAMESPACE'],
  };
}

/** The pod has another role than the files give its account: it is older, or the files are not applied. */
function otherRoleThanFiles(known: Case, answers: readonly FileAnswer[]): Conclusion | undefined {
  const other = answers.find(({ fault }) => fault === 'other-role');
  const pod = known.observations.find(({ carrier }) => carrier === 'pod' || carrier === 'environment');
  if (!other || !pod || known.role?.sure !== 'told' || known.serviceAccount?.sure !== 'told') return undefined;
  return {
    ...empty,
    certainty: 'likely',
    class: 'not-injected',
    cause: `The pod has ${nameOf(known.role.value)}, and the files give ${other.account} ${other.role ?? 'another role'}: the pod is older, or the files are not applied.`,
    reasons: [{ text: 'The webhook acts only when a pod is created.', ...(other.accountPlace ? { place: other.accountPlace } : {}) }],
    next: [
      'Paste the output of: kubectl get serviceaccount NAME -n NAMESPACE -o yaml',
      'Run: kubectl rollout restart deployment/NAME -n NAMESPACE',
    ],
    ...(other.accountPlace ? { place: other.accountPlace, explain: other.accountPlace } : {}),
  };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function podWithoutRole(known: Case, answers: readonly FileAnswer[]): Conclusion | undefined {
  const { environment, observations } = known;
  const wanted =
    answers.some(({ asks }) => asks) ||
    observations.some(({ object }) => object?.kind === 'service-account' && 'eks.amazonaws.com/role-arn' in object.annotations);
  const whole = environment.whole && observations.some(({ carrier }) => carrier === 'pod' || carrier === 'environment');
  if (environment.state !== 'none' || (!whole && !wanted)) return undefined;
  const found = notInjected(known, answers);
  // Not every pod should have a role.
  return wanted ? found : { ...found, certainty: 'likely', next: [...found.next, 'Paste the error that the pod shows'] };
}

function wrongAudience(known: Case, answers: readonly FileAnswer[]): Conclusion | undefined {
  const token = known.observations.find(({ carrier }) => carrier === 'token');
  const audiences = token?.readings.filter(({ kind }) => kind === 'audience').map(({ value }) => value) ?? [];
  if (audiences.length === 0 || audiences.some((each) => each === 'sts.amazonaws.com' || each === 'pods.eks.amazonaws.com'))
    return undefined;
  const isApi = audiences.some((each) => each.includes('kubernetes.default.svc'));
  const [answer] = answers;
  if (!isApi && answer?.decision === 'allowed') return undefined;
  return {
    ...empty,
    certainty: 'likely',
    class: 'audience',
    cause: isApi
      ? 'This is the default token for the Kubernetes API, which STS does not accept.'
      : `The token's audience is ${audiences.join(', ')}, not sts.amazonaws.com.`,
    reasons: [
      { text: 'STS takes an audience that the IAM OIDC provider lists: sts.amazonaws.com, unless it was registered with another.' },
    ],
    next: ['Paste the error that the pod shows', 'Paste the output of: kubectl exec POD -n NAMESPACE -- env | grep AWS_'],
    alternatives: [
      {
        class: 'token',
        cause: 'The token is not the one that the SDK sends.',
        tell: 'Whether it was read from the file that AWS_WEB_IDENTITY_TOKEN_FILE names.',
      },
    ],
    ...(answer?.accountPlace ? { place: answer.accountPlace } : {}),
  };
}

function oldSdk(known: Case): Conclusion | undefined {
  const { state } = known.environment;
  const mechanism = state === 'pod-identity' ? 'pod-identity' : state === 'irsa' ? 'irsa' : undefined;
  if (!mechanism) return undefined;
  for (const { value } of known.sdks) {
    const needed = tooOld(value, mechanism);
    if (needed === undefined) continue;
    return {
      ...empty,
      certainty: 'certain',
      class: 'sdk',
      cause: `The AWS SDK is too old for ${mechanism === 'irsa' ? 'IAM roles for service accounts' : 'EKS Pod Identity'}: ${value}, and ${needed} is the minimum.`,
      reasons: [{ text: 'The container was given its role.' }],
    };
  }
  return undefined;
}

function shadowed(known: Case): Conclusion | undefined {
  const { keys, profile, state } = known.environment;
  if (state === 'unknown' || state === 'none' || (!keys && !profile)) return undefined;
  return {
    ...empty,
    certainty: 'likely',
    class: 'sdk',
    cause: keys
      ? 'Static credentials in the environment take precedence over the role, so calls run as that IAM user.'
      : 'AWS_PROFILE is set: SDKs that look at profiles first do not use the role.',
    reasons: [{ text: keys ? 'The container has AWS_ACCESS_KEY_ID beside the role.' : 'The container has AWS_PROFILE beside the role.' }],
    next: ['Run in the pod and paste: aws sts get-caller-identity'],
  };
}

function withoutProxyException(known: Case): Conclusion | undefined {
  const { state, proxyWithoutException } = known.environment;
  if (state !== 'pod-identity' || !proxyWithoutException) return undefined;
  return {
    ...empty,
    certainty: 'likely',
    class: 'pod-identity',
    cause: 'Requests to the Pod Identity agent go through the proxy: NO_PROXY lacks 169.254.170.23.',
    reasons: [{ text: 'The container has HTTP_PROXY, and no NO_PROXY.' }],
  };
}
