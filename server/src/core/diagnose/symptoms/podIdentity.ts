import type { SymptomKind } from './kind';
import { agentLogs, agentPods, getRole, listAssociations, listEnvironment, sdkVersion } from './advice';

/** EKS Pod Identity: its agent, its API, its associations. */
export const podIdentitySymptoms = {
  'pod-identity-denied': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 4,
    cause:
      "EKS can't assume the role of the association: its trust policy doesn't allow pods.eks.amazonaws.com, or the role doesn't exist.",
    reasons: [
      'The trust policy needs sts:AssumeRole and sts:TagSession for the service pods.eks.amazonaws.com, and conditions that fit the association.',
    ],
    next: [listAssociations, getRole],
  },
  'agent-unreachable': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 3,
    cause: "The pod can't reach the Pod Identity agent at 169.254.170.23.",
    alternatives: [
      {
        class: 'network',
        cause: 'A proxy or a network policy is between the pod and the agent.',
        tell: 'Whether the agent runs on the node; whether HTTP_PROXY is set without NO_PROXY for 169.254.170.23.',
      },
    ],
    next: [agentPods, listEnvironment],
  },
  'agent-refused': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 3,
    cause: 'The Pod Identity agent, or a proxy in front of it, answered with an error instead of credentials.',
    alternatives: [
      {
        class: 'network',
        cause: 'A proxy answered in the place of the agent.',
        tell: 'Whether HTTP_PROXY is set without NO_PROXY for 169.254.170.23; whether the log of the agent has the request.',
      },
    ],
    next: [agentLogs, listEnvironment],
  },
  'agent-token-missing': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 4,
    cause: 'The agent was called without the service account token: the SDK is too old for EKS Pod Identity, or calls the agent itself.',
    next: [sdkVersion, listEnvironment],
  },
  'agent-address': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: 'The agent was called through another address than 169.254.170.23.',
  },
  'agent-no-permission': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: "The node's role lacks eks-auth:AssumeRoleForPodIdentity, so the agent gets no credentials for any pod.",
    reasons: ['The managed policy AmazonEKSWorkerNodePolicy has it.'],
  },
  'agent-start': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: "The Pod Identity agent doesn't start on the node.",
    reasons: ['It needs the ports 80 and 2703 of 169.254.170.23 and [fd00:ec2::23]; where IPv6 is switched off, it must be told so.'],
    next: [agentLogs],
  },
  'eks-auth-unreachable': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 3,
    cause: 'The Pod Identity agent got no credentials from the EKS Auth API.',
    alternatives: [
      {
        class: 'network',
        cause: "The node can't reach the EKS Auth API: a private VPC needs the endpoint eks-auth.",
        tell: 'The rest of the message, after the status code.',
      },
    ],
    next: [agentLogs],
  },
  'association-missing': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: 'No Pod Identity association exists for the service account of the pod.',
    next: [listAssociations],
  },
  'association-exists': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: 'The service account already has a Pod Identity association in this cluster: there can be one.',
    next: [listAssociations],
  },
  'association-role-invalid': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: "EKS rejects the association: the trust policy of the role doesn't allow pods.eks.amazonaws.com to assume and tag it.",
    next: [getRole],
  },
  'association-cross-account': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 4,
    cause:
      "The role of the association is in another account than the cluster. Use a role of the cluster's account, and targetRoleArn for the other.",
  },
  'association-refused': {
    class: 'pod-identity',
    certainty: 'likely',
    rank: 3,
    cause: 'EKS rejected the request to create or change the Pod Identity association.',
    next: ['Paste the whole message of EKS'],
  },
  'pod-identity-unsupported': {
    class: 'pod-identity',
    certainty: 'certain',
    rank: 4,
    cause: 'EKS Pod Identity does not work where this pod runs (Fargate, Windows). Use IAM roles for service accounts there.',
  },
  'pod-identity-used': {
    class: 'pod-identity',
    certainty: 'unknown',
    rank: 0,
    cause: 'The text says that EKS Pod Identity is used, and not what failed.',
    next: ['Paste the lines that follow', agentLogs],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
