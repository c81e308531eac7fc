import { matchesOf, read, type Recogniser } from './recogniser';

/** The EKS Pod Identity agent and the EKS Auth API behind it. Source: aws/eks-pod-identity-agent pkg/errors, internal/validation. */
export const podIdentityAgent: Recogniser = {
  name: 'EKS Pod Identity agent',
  phrases: [
    ['EKS does not have permissions to assume the associated role', 'pod-identity-denied'],
    ['Unauthorized Exception! EKS does not have permissions', 'pod-identity-denied'],
    ['Service account token cannot be empty', 'agent-token-missing'],
    ['Service account token cannot be parsed', 'token-malformed'],
    ['Called agent through invalid address', 'agent-address'],
    ['No association found', 'association-missing'],
    ['Association not found', 'association-missing'],
    ['no pod identity association', 'association-missing'],
    ['operation error EKS Auth: AssumeRoleForPodIdentity', 'eks-auth-unreachable'],
    ['unable to fetch credentials from EKS Auth', 'eks-auth-unreachable'],
    ['bind: cannot assign requested address', 'agent-start'],
    ['listen tcp 169.254.170.23:80: bind', 'agent-start'],
    ['listen tcp [fd00:ec2::23]:80', 'agent-start'],
    ['unable to create link', 'agent-start'],
    ['failed to fetch credentials from pod identity agent', 'agent-unreachable'],
  ],
  read(paste, found) {
    for (const match of matchesOf(paste.text, /"cluster-name"\s{0,2}:\s{0,2}"([0-9A-Za-z][\w-]{0,99})"/g))
      found.observe({
        carrier: 'text',
        paste: paste.paste,
        offset: paste.at(match.index),
        readings: [
          read(paste, 'cluster', match[1]!, match.index, "the agent's log"),
          read(paste, 'mechanism', 'pod-identity', match.index, "the agent's log"),
        ],
      });
  },
};
