import type { Recogniser } from './recogniser';

/** Envoy, which has a chain of credentials of its own. Source: envoy extensions/common/aws; aws-app-mesh-roadmap#493. */
export const envoy: Recogniser = {
  name: 'Envoy',
  phrases: [
    ['Could not load AWS credentials document from the task role', 'task-role-document'],
    ['Could not retrieve credentials listing from the instance metadata', 'no-credentials'],
    ['Could not retrieve credentials listing from the EC2MetadataService', 'no-credentials'],
  ],
};
