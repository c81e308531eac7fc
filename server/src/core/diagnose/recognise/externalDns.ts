import type { Recogniser } from './recogniser';

/** external-dns. Source: kubernetes-sigs/external-dns provider/aws. */
export const externalDns: Recogniser = {
  name: 'external-dns',
  phrases: [
    ['records retrieval failed', 'access-denied'],
    ['failed to list hosted zones', 'access-denied'],
  ],
};
