import type { SymptomKind } from './kind';
import { describePod, getAccount, listEnvironment, pickWorkload, restart, sdkVersion } from './advice';

const sdkToo = {
  class: 'sdk',
  cause: 'The pod was given a role, and the SDK is too old for it or is configured to look elsewhere.',
  tell: 'Whether AWS_ROLE_ARN or AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the container.',
} as const;

/** The pod has no role: the account asks for none, or the webhook did nothing. */
export const injectionSymptoms = {
  'no-credentials': {
    class: 'not-injected',
    certainty: 'likely',
    rank: 1,
    cause: 'The SDK found no credentials: the pod was given neither a web identity token nor Pod Identity.',
    alternatives: [sdkToo],
    next: [listEnvironment, describePod, pickWorkload],
  },
  'node-role': {
    class: 'not-injected',
    certainty: 'likely',
    rank: 3,
    cause: "The call was made with the node's role: the SDK found no role of the pod.",
    reasons: ["The session's name is that of an EC2 instance, so the credentials are those of its instance profile."],
    alternatives: [sdkToo],
    next: [listEnvironment, describePod, sdkVersion],
  },
  'driver-denied': {
    class: 'not-injected',
    certainty: 'likely',
    rank: 2,
    cause: "The driver was denied, as it is when it runs with the node's role.",
    alternatives: [
      {
        class: 'permissions',
        cause: "The driver has its own role, and the role's permissions don't allow the call.",
        tell: "The caller: the node's role, or the role of the driver's service account.",
      },
    ],
    next: [getAccount, describePod],
  },
  'account-without-role': {
    class: 'not-injected',
    certainty: 'certain',
    rank: 4,
    cause: 'The service account has no annotation eks.amazonaws.com/role-arn.',
    next: [getAccount],
  },
  'token-file-unset': {
    class: 'not-injected',
    certainty: 'likely',
    rank: 4,
    cause: 'The SDK was given a role and no token file: the path of the file is empty.',
    reasons: [
      "The webhook sets AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE together, so one of them was set by hand or by the application's configuration.",
    ],
    next: [listEnvironment, describePod],
  },
  'account-missing': {
    class: 'not-injected',
    certainty: 'certain',
    rank: 4,
    cause: 'The service account does not exist in that namespace.',
    next: ['Run: kubectl get serviceaccounts -n NAMESPACE'],
  },
  'role-arn-invalid': {
    class: 'not-injected',
    certainty: 'certain',
    rank: 4,
    cause: 'The value that the pod sends as its role is not the ARN of an IAM role.',
    reasons: ['STS looked at the form of the ARN alone. It comes from the annotation eks.amazonaws.com/role-arn, or from AWS_ROLE_ARN.'],
    next: [getAccount],
  },
  'webhook-failed': {
    class: 'not-injected',
    certainty: 'certain',
    rank: 3,
    cause: 'The API server could not call the pod identity webhook, so pods are created without a role.',
    next: ['Run: kubectl get mutatingwebhookconfiguration pod-identity-webhook -o yaml', restart],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
