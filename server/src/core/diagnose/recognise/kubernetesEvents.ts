import { matchesOf, type Recogniser } from './recogniser';
import { accountReadings } from './values';

/** What the API server, kubelet and controllers write into events and conditions. Source: kubernetes plugin/pkg/admission, pkg/kubelet. */
export const kubernetesEvents: Recogniser = {
  name: 'Kubernetes',
  phrases: [
    ['failed calling webhook "iam-for-pods.amazonaws.com"', 'webhook-failed'],
    ['failed calling webhook "pod-identity-webhook', 'webhook-failed'],
    ['failed to call webhook: Post "https://pod-identity-webhook', 'webhook-failed'],
    ['may not specify a duration less than 10 minutes', 'token-request-refused'],
    ['MountVolume.SetUp failed for volume "aws-iam-token"', 'token-request-refused'],
    ['MountVolume.SetUp failed for volume "eks-pod-identity-token"', 'token-request-refused'],
    ['cannot create resource "serviceaccounts/token"', 'token-request-forbidden'],
  ],
  read(paste, found) {
    for (const match of matchesOf(
      paste.text,
      /error\s+looking\s+up\s+service\s+account\s+([a-z0-9-]{1,63})\/([a-z0-9.-]{1,253}):\s+serviceaccounts?\s+"[^"]{1,253}"\s+not\s+found/g,
    ))
      found.symptom(
        paste,
        'account-missing',
        match.index,
        'Kubernetes',
        accountReadings(paste, match[1], match[2], match.index, 'the event'),
      );
    for (const match of matchesOf(paste.text, /(?:serviceaccounts?|ServiceAccount)\s+"([a-z0-9.-]{1,253})"\s+not\s+found/g))
      found.symptom(
        paste,
        'account-missing',
        match.index,
        'Kubernetes',
        accountReadings(paste, undefined, match[1], match.index, 'the event'),
      );
  },
};
