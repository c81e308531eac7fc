import type { SymptomKind } from './kind';
import { describePod, listEnvironment } from './advice';

/** STS or another service cannot be reached, or its region is not known. */
export const networkSymptoms = {
  'region-missing': {
    class: 'network',
    certainty: 'certain',
    rank: 2,
    cause: 'The SDK does not know which region to use.',
    reasons: [
      'The webhook sets AWS_REGION and AWS_DEFAULT_REGION only where the cluster has it so. Set AWS_REGION, or the region in the configuration.',
    ],
    next: [listEnvironment],
  },
  'sts-unreachable': {
    class: 'network',
    certainty: 'certain',
    rank: 3,
    cause: "The pod can't reach STS.",
    reasons: [
      'The trust policy was not looked at: the request never arrived. Look at DNS, NAT, the VPC endpoint of STS and its security group, network policies and proxies.',
    ],
  },
  'service-unreachable': {
    class: 'network',
    certainty: 'likely',
    rank: 2,
    cause: "The pod can't reach an AWS service.",
    reasons: ['Look at DNS, NAT, VPC endpoints and their security groups, network policies and proxies.'],
  },
  'region-disabled': {
    class: 'network',
    certainty: 'certain',
    rank: 4,
    cause: 'STS is not activated in the region that the pod uses.',
    reasons: ['Activate the region in the account settings of IAM, or use the STS endpoint of another region.'],
  },
  'region-scope': {
    class: 'network',
    certainty: 'certain',
    rank: 4,
    cause: 'The request is signed for another region than that of the endpoint.',
    reasons: ['The application calls the global STS endpoint while the SDK is set to a region. Use the regional endpoint.'],
  },
  'credentials-timeout': {
    class: 'network',
    certainty: 'likely',
    rank: 2,
    cause: "Getting credentials took too long and was cancelled: STS, the agent or the metadata service can't be reached.",
    alternatives: [
      {
        class: 'not-injected',
        cause: 'The pod was given no role, and the SDK waits for the metadata service of the node, which pods cannot reach.',
        tell: 'Whether AWS_ROLE_ARN or AWS_CONTAINER_CREDENTIALS_FULL_URI is set in the container.',
      },
    ],
    next: [listEnvironment, describePod],
  },
  'clock-skew': {
    class: 'network',
    certainty: 'likely',
    rank: 4,
    cause: "The node's clock is wrong: AWS rejects the time in the signature.",
    next: ["Compare the node's time with: date -u"],
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
