import type { Reading } from '../evidence';
import { matchesOf, read, type Prepared, type Recogniser } from './recogniser';

/** The EKS Pod Identity agent and the EKS Auth API behind it. Source: aws/eks-pod-identity-agent pkg/errors, internal/validation. */
export const podIdentityAgent: Recogniser = {
  name: 'EKS Pod Identity agent',
  phrases: [
    ['EKS does not have permissions to assume the associated role', 'pod-identity-denied'],
    ['Unauthorized Exception! EKS does not have permissions', 'pod-identity-denied'],
    ['Service account token cannot be empty', 'agent-token-missing'],
    ['Service account token cannot be parsed', 'token-malformed'],
    ['Called agent through invalid address', 'agent-address'],
    ['operation error EKS Auth: AssumeRoleForPodIdentity', 'eks-auth-unreachable'],
    ['unable to fetch credentials from EKS Auth', 'eks-auth-unreachable'],
    ['listen tcp 169.254.170.23:80: bind', 'agent-start'],
    ['listen tcp [fd00:ec2::23]:80', 'agent-start'],
    ['failed to fetch credentials from pod identity agent', 'agent-unreachable'],
  ],
  read(paste, found) {
    const missing =
      /ResourceNotFoundException\)?:?\s{1,4}[\s\S]{0,80}?associat|no\s+(?:EKS\s+)?pod\s+identity\s+association\s+(?:was\s+)?found/i.exec(
        paste.text,
      );
    if (missing) found.symptom(paste, 'association-missing', missing.index, 'EKS Pod Identity agent', accountIn(paste, missing.index));
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

/** "No association found with service account: orders, namespace: shop, cluster: demo": the account that has none. */
function accountIn(paste: Prepared, offset: number): Reading[] {
  const found = /service account: ([a-z0-9][a-z0-9.-]{0,252}), namespace: ([a-z0-9][a-z0-9-]{0,62})\b/.exec(
    paste.text.slice(offset, offset + 600),
  );
  if (!found) return [];
  return [
    read(paste, 'serviceAccount', found[1]!, offset + found.index, 'the message'),
    read(paste, 'namespace', found[2]!, offset + found.index, 'the message'),
  ];
}
