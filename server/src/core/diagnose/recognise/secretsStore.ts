import { matchesOf, read, type Recogniser } from './recogniser';
import { accountReadings, regionForm } from './values';

/** Secrets Store CSI driver with AWS's provider. Source: aws/secrets-store-csi-driver-provider-aws auth, server. */
export const secretsStore: Recogniser = {
  name: 'Secrets Store CSI driver',
  phrases: [
    ['serviceAccount.tokens not provided', 'token-csi-missing'],
    ['CSI token error', 'token-csi-missing'],
    ['service account tokens are not provided', 'token-csi-missing'],
    ['HTTP request to pod identity agent failed', 'agent-unreachable'],
    ['Using Pod Identity for authentication', 'pod-identity-used'],
    ['failed to fetch token from token volume', 'token-file-missing'],
  ],
  read(paste, found) {
    for (const match of matchesOf(
      paste.text,
      /Using\s+Pod\s+Identity\s+for\s+authentication\s+in\s+namespace:\s+([a-z0-9-]{1,63}),\s+service\s+account:\s+([A-Za-z0-9.-]{1,253})/g,
    )) {
      const readings = accountReadings(paste, match[1], match[2], match.index, 'the log');
      found.observe({
        carrier: 'text',
        paste: paste.paste,
        offset: paste.at(match.index),
        readings: [...readings, read(paste, 'mechanism', 'pod-identity', match.index, 'the log')],
      });
    }
    const region = /([a-z]{2}(?:-[a-z]{1,10}){1,3}-\d):\s+An\s+IAM\s+role\s+must\s+be/.exec(paste.text)?.[1];
    if (region !== undefined && regionForm.test(region))
      found.observe({
        carrier: 'text',
        paste: paste.paste,
        offset: paste.at(paste.text.indexOf(region)),
        readings: [read(paste, 'region', region, paste.text.indexOf(region), 'the log')],
      });
  },
};
