import type { Recogniser } from './recogniser';

/** Karpenter. Source: karpenter-provider-aws pkg/operator. */
export const karpenter: Recogniser = {
  name: 'Karpenter',
  phrases: [
    ['Checking EC2 API connectivity', 'access-denied'],
    ['ec2 api connectivity check failed', 'access-denied'],
    ['unable to detect the cluster endpoint', 'access-denied'],
  ],
};
