import type { FileAnswer } from '../files/port';
import { symptomKind } from '../symptoms/catalogue';
import { reading, type Symptom } from '../evidence';
import type { Conclusion } from '../diagnosis';
import type { Case } from './case';
import { plain } from './plain';
import { tooOld } from './sdkVersions';

/** What a text says more exactly with what it names: who, which role, which host. */
export function specific(known: Case, symptom: Symptom, answers: readonly FileAnswer[]): Conclusion | undefined {
  const base = plain(symptom, symptomKind(symptom.id), answers);
  const value = (kind: Parameters<typeof reading>[1]): string | undefined => reading(symptom.readings, kind)?.value;
  switch (symptom.id) {
    case 'account-without-role':
      return withoutRole(base, known, answers);
    case 'account-missing': {
      const name = known.serviceAccount?.value;
      const where = known.namespace?.value;
      return name === undefined
        ? base
        : { ...base, cause: `The service account ${name} does not exist${where === undefined ? '' : ` in the namespace ${where}`}.` };
    }
    case 'provider-missing': {
      const issuer = known.issuer?.value;
      return issuer === undefined ? base : { ...base, cause: `No IAM OIDC provider is registered for ${issuer} in the role's account.` };
    }
    case 'audience-not-listed':
      return audience(base, known, answers);
    case 'sts-unreachable': {
      const host = value('host');
      const global = host === 'sts.amazonaws.com';
      return {
        ...base,
        ...(host === undefined ? {} : { cause: `The pod can't reach STS at ${host}.` }),
        reasons: [
          ...base.reasons,
          ...(global
            ? [
                {
                  text: 'This is the global endpoint. Set AWS_STS_REGIONAL_ENDPOINTS=regional, or the annotation eks.amazonaws.com/sts-regional-endpoints: "true", to stay in the region.',
                },
              ]
            : []),
        ],
      };
    }
    case 'agent-unreachable':
    case 'agent-refused':
      return known.environment.proxyWithoutException
        ? {
            ...base,
            cause: 'A proxy is between the pod and the Pod Identity agent: NO_PROXY lacks 169.254.170.23.',
            reasons: [...base.reasons, { text: 'The container has HTTP_PROXY, and no NO_PROXY.' }],
            alternatives: [],
          }
        : base;
    case 'host-refused': {
      const old = known.sdks
        .map(({ value: sdk }) => ({ sdk, needed: tooOld(sdk, 'pod-identity') }))
        .find(({ needed }) => needed !== undefined);
      return old
        ? { ...base, cause: `The AWS SDK is too old for EKS Pod Identity: ${old.sdk}, and ${old.needed} is the minimum.`, next: [] }
        : base;
    }
    case 'keys-invalid':
    case 'credentials-expired':
    case 'user-keys':
      return known.environment.keys
        ? {
            ...base,
            reasons: [{ text: 'The container has AWS_ACCESS_KEY_ID: static credentials take precedence over the role.' }, ...base.reasons],
            alternatives: [],
            certainty: 'certain',
          }
        : base;
    case 'action-denied':
    case 'action-denied-unsure':
      return denied(base, known, symptom, answers);
    case 'self-assume':
    case 'assume-denied':
    case 'tag-session': {
      const [from, to] = [value('role'), value('target')];
      return to === undefined
        ? base
        : {
            ...base,
            reasons: [
              { text: `${from === undefined ? 'The caller' : from} tried ${value('action') ?? 'sts:AssumeRole'} on ${to}.` },
              ...base.reasons,
            ],
          };
    }
    default:
      return undefined;
  }
}

function withoutRole(base: Conclusion, { namespace, serviceAccount }: Case, answers: readonly FileAnswer[]): Conclusion {
  const [answer] = answers;
  const who =
    serviceAccount === undefined
      ? 'The service account'
      : `The service account ${namespace === undefined ? '' : `${namespace.value}/`}${serviceAccount.value}`;
  const stale = answer?.asks === true;
  return {
    ...base,
    cause: `${who} has no annotation eks.amazonaws.com/role-arn.`,
    reasons: [
      ...(stale
        ? [
            {
              text: `In the files ${answer.account} has one: they are not applied, or are for another cluster.`,
              ...(answer.accountPlace ? { place: answer.accountPlace } : {}),
            },
          ]
        : []),
      ...base.reasons,
    ],
    ...(answer?.accountPlace ? { place: answer.accountPlace } : {}),
  };
}

function audience(base: Conclusion, known: Case, answers: readonly FileAnswer[]): Conclusion {
  const [only, more] = known.audiences;
  if (only === undefined || more !== undefined) return base;
  const [answer] = answers;
  const usual = only.value === 'sts.amazonaws.com';
  return {
    ...base,
    cause: usual
      ? 'The IAM OIDC provider does not list the audience sts.amazonaws.com.'
      : `The token's audience is ${only.value}, which the IAM OIDC provider does not list.`,
    reasons: [
      ...(usual
        ? []
        : [
            {
              text: 'Tokens of the webhook have the audience sts.amazonaws.com. Another comes from the annotation eks.amazonaws.com/audience, or from a token that is not for STS.',
            },
          ]),
      ...base.reasons,
    ],
    ...(answer?.accountPlace && !usual ? { place: answer.accountPlace } : {}),
  };
}

/** A refused action: the wiring is right only where the caller's role is the pod's own. */
function denied(base: Conclusion, known: Case, symptom: Symptom, answers: readonly FileAnswer[]): Conclusion {
  const caller = reading(symptom.readings, 'role')?.value;
  const action = reading(symptom.readings, 'action')?.value;
  const policy = reading(symptom.readings, 'policy')?.value;
  const given = [known.role?.sure === 'told' ? known.role.value : undefined, ...answers.map(({ roleArn }) => roleArn)].filter(
    (each) => each !== undefined,
  );
  const names = new Set(given.map((each) => each.slice(each.lastIndexOf('/') + 1)));
  const what = [
    ...(caller === undefined || action === undefined
      ? []
      : [
          {
            text: `${caller} isn't allowed to call ${action}${policy === undefined ? '' : `: no ${policy} policy allows it, or one denies it`}.`,
          },
        ]),
  ];
  if (caller !== undefined && names.size > 0 && !names.has(caller)) {
    return {
      ...base,
      certainty: 'likely',
      class: 'role-chain',
      cause: `The call was made with ${caller}, and the pod's own role is ${[...names].join(' or ')}: the SDK uses other credentials, or a second role.`,
      reasons: [...what, ...base.reasons],
      alternatives: [
        {
          class: 'permissions',
          cause: `The application assumes ${caller} on purpose, and that role lacks the permission.`,
          tell: 'Whether its configuration names that role.',
        },
      ],
    };
  }
  const matches = caller !== undefined && names.has(caller);
  return {
    ...base,
    ...(matches ? { certainty: 'certain' as const, alternatives: [], next: [] } : {}),
    cause:
      matches || symptom.id === 'action-denied'
        ? "The pod assumed its role: the wiring is right. The role's permissions don't allow the call."
        : base.cause,
    reasons: [...what, ...(matches ? [{ text: `The caller's role is the one that the pod was given.` }] : []), ...base.reasons],
  };
}
