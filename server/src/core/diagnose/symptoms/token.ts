import type { SymptomKind } from './kind';
import { describePod, getAccount, listEnvironment, restart } from './advice';

/** What is wrong with the token itself, or with its file. */
export const tokenSymptoms = {
  'token-expired': {
    class: 'token',
    certainty: 'certain',
    rank: 4,
    cause: "The token has expired: the application doesn't read the token file again.",
    reasons: ['kubelet renews the file at 80 % of its lifetime. A copy of the token, or a client made once at the start, goes stale.'],
  },
  'token-malformed': {
    class: 'token',
    certainty: 'certain',
    rank: 4,
    cause: 'What was sent as the service account token is not a web token.',
    reasons: ['The token file is empty, holds something else, or its content was changed on the way.'],
    next: [listEnvironment],
  },
  'token-rejected': {
    class: 'token',
    certainty: 'likely',
    rank: 4,
    cause: 'The identity provider rejected the token: it is expired, revoked, or of an account that was deleted.',
    next: [restart],
  },
  'token-claim-missing': {
    class: 'token',
    certainty: 'certain',
    rank: 4,
    cause: 'The token lacks a claim that STS needs, so it is not a service account token of this cluster.',
    next: [listEnvironment],
  },
  'token-unreadable': {
    class: 'token',
    certainty: 'certain',
    rank: 4,
    cause: "The container's user isn't allowed to read the token file.",
    reasons: ["The file belongs to root where the pod's security context sets no fsGroup, or a user that is not the one of the process."],
    next: [describePod],
  },
  'token-file-missing': {
    class: 'token',
    certainty: 'likely',
    rank: 2,
    cause: 'The token file does not exist in the container: the variable is set, and the volume is not mounted.',
    alternatives: [
      {
        class: 'not-injected',
        cause: "The variables were set by hand in a pod that the webhook didn't change.",
        tell: 'Whether the pod has a volume aws-iam-token (or one of your own) that is mounted at that path.',
      },
    ],
    next: [describePod],
  },
  'token-request-refused': {
    class: 'token',
    certainty: 'likely',
    rank: 3,
    cause: "Kubernetes didn't issue a token for the service account.",
    next: [getAccount],
  },
  'token-request-forbidden': {
    class: 'token',
    certainty: 'certain',
    rank: 3,
    cause: 'The controller may not create tokens for the service account: its RBAC role lacks create on serviceaccounts/token.',
    next: ['Run: kubectl auth can-i create serviceaccounts/token -n NAMESPACE --as system:serviceaccount:CONTROLLER-NAMESPACE:CONTROLLER'],
  },
  'token-csi-missing': {
    class: 'token',
    certainty: 'certain',
    rank: 4,
    cause: 'The secrets-store CSI driver passes no service account tokens: its tokenRequests are not set.',
    reasons: ['The driver needs tokenRequests with the audience sts.amazonaws.com, or pods.eks.amazonaws.com for Pod Identity.'],
  },
  'token-invalid-credentials': {
    class: 'token',
    certainty: 'likely',
    rank: 2,
    cause: 'The session token that the application sent is damaged or cut.',
    alternatives: [
      {
        class: 'sdk',
        cause: "Static credentials with a session token take precedence over the role in the SDK's credential chain.",
        tell: 'Whether AWS_SESSION_TOKEN is set in the container.',
      },
    ],
    next: [listEnvironment],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
