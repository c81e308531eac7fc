import type { Recogniser } from './recogniser';

/** cert-manager's solver for Route 53. Source: cert-manager pkg/issuer/acme/dns/route53. */
export const certManager: Recogniser = {
  name: 'cert-manager',
  phrases: [
    ['unable to assume role', 'assume-failed'],
    ['error instantiating route53 challenge solver', 'access-denied'],
    ['failed to determine Route 53 hosted zone ID', 'access-denied'],
    ['unable to construct session', 'no-credentials'],
    ['both of accessKeyID and secretAccessKey', 'keys-partial'],
  ],
};
