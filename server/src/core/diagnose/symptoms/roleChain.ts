import type { SymptomKind } from './kind';
import { getRole } from './advice';

/** A role that assumes a role: itself, or a second one. */
export const chainSymptoms = {
  'self-assume': {
    class: 'role-chain',
    certainty: 'certain',
    rank: 4,
    cause: "The pod has its role already, and tries to assume the same role again, which the role doesn't allow.",
    reasons: ['The configuration names the role a second time (assumeRole, role). Take it out there, or allow the role to assume itself.'],
  },
  'assume-denied': {
    class: 'role-chain',
    certainty: 'certain',
    rank: 4,
    cause: "The pod has its role. That role isn't allowed to assume the second one.",
    reasons: [
      'Both sides are needed: a permission for sts:AssumeRole on the second role, and a trust policy of the second role that names the first.',
    ],
    next: [getRole],
  },
  'assume-failed': {
    class: 'role-chain',
    certainty: 'likely',
    rank: 2,
    cause: "sts:AssumeRole was denied: the pod's credentials aren't allowed to assume the role that the configuration names.",
    alternatives: [
      {
        class: 'not-injected',
        cause: "The pod was given no role, and the node's role tried.",
        tell: 'The whole message: "User: …" names who tried.',
      },
    ],
    next: ['Paste the whole message: it names who tried to assume which role', getRole],
  },
  'tag-session': {
    class: 'role-chain',
    certainty: 'certain',
    rank: 4,
    cause: "The second role's trust policy, or the first role's permissions, doesn't allow sts:TagSession.",
    reasons: [
      'The session tags of EKS Pod Identity are transitive: each further role must allow sts:TagSession, or the association disables session tags.',
    ],
    next: [getRole],
  },
  'tags-too-large': {
    class: 'role-chain',
    certainty: 'certain',
    rank: 4,
    cause: 'The session tags, with the session policy, are larger than STS allows.',
    reasons: [
      'The tags of EKS Pod Identity grow with the names of cluster, namespace, account and pod. disableSessionTags of the association leaves them out.',
    ],
  },
  'duration-chained': {
    class: 'role-chain',
    certainty: 'certain',
    rank: 4,
    cause: 'A session of a role that another role assumed lasts one hour at most, and more is asked for.',
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
