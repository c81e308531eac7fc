import type { SymptomKind } from './kind';
import { describeIssuer, findEvent, getRole, listEnvironment, listProviders, pickWorkload } from './advice';

/** What STS says of the trust policy and of the provider. */
export const trustSymptoms = {
  'trust-denied': {
    class: 'trust',
    certainty: 'likely',
    rank: 3,
    cause: "The role's trust policy doesn't allow the pod's service account, or the role doesn't exist.",
    reasons: [
      'STS accepted the token: its issuer is registered in IAM, and its audience is listed. The trust policy was looked at next.',
      'STS gives the same answer for a role that does not exist, and names neither the role nor the service account.',
    ],
    next: [pickWorkload, listEnvironment, findEvent, getRole],
  },
  'trust-denied-by-organization': {
    class: 'trust',
    certainty: 'certain',
    rank: 4,
    cause: 'A policy of the organization or of a VPC endpoint denies sts:AssumeRoleWithWebIdentity.',
    reasons: ["The error names the kind of policy that denies the call. The role's trust policy can't override it."],
  },
  'access-denied-bare': {
    class: 'trust',
    certainty: 'likely',
    rank: 2,
    cause: "The role's trust policy doesn't allow the pod's service account.",
    reasons: ['The code AccessDenied with a request ID of this form is what STS answers; the message is missing.'],
    alternatives: [
      {
        class: 'permissions',
        cause: "Another service denies the call: the role's permissions don't allow it.",
        tell: 'The message beside the code: "Not authorized to perform sts:AssumeRoleWithWebIdentity" is the trust policy, "User: … is not authorized to perform: …" the permissions.',
      },
    ],
    next: ['Paste the whole log entry, with its message or stack', findEvent],
  },
  'web-identity-failed': {
    class: 'trust',
    certainty: 'unknown',
    rank: 0,
    cause: 'sts:AssumeRoleWithWebIdentity failed. The text that says why is missing.',
    next: ['Paste the lines that follow: the text after "caused by:" or "api error"', findEvent],
  },
  'access-denied': {
    class: 'permissions',
    certainty: 'unknown',
    rank: 0,
    cause: 'AWS denied a call. The text names neither the caller nor the action.',
    alternatives: [
      {
        class: 'permissions',
        cause: "The pod has its role, and the role's permissions don't allow the call.",
        tell: 'The caller is the role of the pod.',
      },
      {
        class: 'not-injected',
        cause: 'The pod was given no role, and the call was made as the node.',
        tell: 'The caller is the role of the node, its session an instance ID.',
      },
    ],
    next: ['Run in the pod and paste: aws sts get-caller-identity', 'Paste the whole message: it names the caller and the action'],
  },
  'provider-missing': {
    class: 'provider',
    certainty: 'certain',
    rank: 4,
    cause: "No IAM OIDC provider is registered for the token's issuer in the role's account.",
    reasons: [
      "STS looked for the provider in the account of the role. A provider in the cluster's account doesn't count for a role elsewhere.",
    ],
    next: [listProviders, describeIssuer],
  },
  'provider-keys': {
    class: 'provider',
    certainty: 'likely',
    rank: 4,
    cause:
      "STS couldn't get the signing keys of the token's issuer: the cluster was deleted or created anew, or its issuer can't be reached.",
    alternatives: [
      {
        class: 'network',
        cause: "The issuer's endpoint was unreachable for a while.",
        tell: 'A retry a few minutes later works. For a self-hosted issuer: its /keys document is not public.',
      },
    ],
    next: [describeIssuer, listProviders],
  },
  'provider-thumbprint': {
    class: 'provider',
    certainty: 'certain',
    rank: 4,
    cause: "The thumbprint of the IAM OIDC provider doesn't match the certificate of the issuer.",
    next: ['Run: aws iam update-open-id-connect-provider-thumbprint, with the current thumbprint of the issuer'],
  },
  'token-not-validated': {
    class: 'provider',
    certainty: 'likely',
    rank: 4,
    cause: "STS couldn't validate the token: the IAM OIDC provider is not the one of this cluster, or its keys can't be read.",
    reasons: ['InvalidIdentityToken is about the token and its provider. The trust policy was not looked at yet.'],
    alternatives: [
      {
        class: 'token',
        cause: 'The token is damaged, or of another cluster.',
        tell: "The claim iss of the token: it should be the cluster's issuer, and registered in the role's account.",
      },
    ],
    next: [
      'Paste the token of the pod (its signature is cut): kubectl exec POD -- cat /var/run/secrets/eks.amazonaws.com/serviceaccount/token',
      describeIssuer,
      listProviders,
    ],
  },
  'identity-token-invalid': {
    class: 'provider',
    certainty: 'likely',
    rank: 2,
    cause: 'STS rejected the token before it evaluated the trust policy. The text that says why is missing.',
    alternatives: [
      { class: 'token', cause: 'The token is damaged.', tell: 'The words after InvalidIdentityToken.' },
      { class: 'audience', cause: "The token's audience is not listed.", tell: 'The words after InvalidIdentityToken.' },
    ],
    next: ['Paste the words that follow InvalidIdentityToken', describeIssuer, listProviders],
  },
  'provider-unreachable': {
    class: 'provider',
    certainty: 'likely',
    rank: 4,
    cause: "STS couldn't reach the token's issuer.",
    reasons: ['IDPCommunicationError is worth a retry. If it stays, the endpoint of the issuer is not public or is gone.'],
    next: [describeIssuer],
  },
  'audience-not-listed': {
    class: 'audience',
    certainty: 'certain',
    rank: 4,
    cause: "The token's audience is not in the list of audiences (client IDs) of the IAM OIDC provider.",
    reasons: [
      'STS checks the audience before the trust policy. Tokens of the webhook have the audience sts.amazonaws.com, in every partition.',
    ],
    next: [
      'Run: aws iam get-open-id-connect-provider --open-id-connect-provider-arn ARN',
      'Paste the token of the pod (its signature is cut)',
    ],
  },
  'audience-claim-missing': {
    class: 'audience',
    certainty: 'certain',
    rank: 4,
    cause: 'The token has no audience: AWS_WEB_IDENTITY_TOKEN_FILE names a token that is not for STS, such as the default API token.',
    next: [listEnvironment],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
