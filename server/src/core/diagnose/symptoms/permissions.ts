import type { SymptomKind } from './kind';
import { callerIdentity, listEnvironment } from './advice';

/** The pod has its role; what it does with it is denied. */
export const permissionSymptoms = {
  'action-denied': {
    class: 'permissions',
    certainty: 'certain',
    rank: 3,
    cause: "The pod assumed its role: the wiring is right. The role's permissions don't allow the call.",
    reasons: ["The session's name is one that SDKs give a session of a pod."],
  },
  'action-denied-unsure': {
    class: 'permissions',
    certainty: 'likely',
    rank: 3,
    cause: "The call was made with a role, and the role's permissions don't allow it.",
    alternatives: [
      {
        class: 'not-injected',
        cause: "The role is not the pod's own: it is the node's, or comes from elsewhere.",
        tell: 'Whether the role in the message is the one that AWS_ROLE_ARN, or the association, names.',
      },
    ],
    next: [listEnvironment],
  },
  'action-denied-encoded': {
    class: 'permissions',
    certainty: 'likely',
    rank: 2,
    cause: "The role's permissions don't allow the call. The message that says which is encoded.",
    alternatives: [
      {
        class: 'not-injected',
        cause: "The call was made with the node's role.",
        tell: 'The decoded message: it names the caller.',
      },
    ],
    next: ['Run: aws sts decode-authorization-message --encoded-message MESSAGE', callerIdentity],
  },
  'pass-role-denied': {
    class: 'permissions',
    certainty: 'certain',
    rank: 4,
    cause: 'The caller lacks iam:PassRole for the role that it passes.',
    reasons: ["This is about the caller's own permissions, not about a pod's trust policy."],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
