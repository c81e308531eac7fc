import type { Recogniser } from './recogniser';

/** AWS Load Balancer Controller. Source: aws-load-balancer-controller pkg/aws. */
export const loadBalancerController: Recogniser = {
  name: 'AWS Load Balancer Controller',
  phrases: [
    ['unable to initialize AWS cloud', 'access-denied'],
    ['failed to introspect vpcID from EC2Metadata', 'no-credentials'],
    ['failed to get VPC ID', 'access-denied'],
    ['Failed build model due to', 'access-denied'],
  ],
};
