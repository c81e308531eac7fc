import { matchesOf, type Recogniser } from './recogniser';
import { accountReadings } from './values';

/** External Secrets Operator, and its ancestor kubernetes-external-secrets. Source: external-secrets pkg/provider/aws/auth. */
export const externalSecrets: Recogniser = {
  name: 'External Secrets',
  phrases: [['could not get provider client', 'web-identity-failed']],
  read(paste, found) {
    const { text } = paste;
    for (const match of matchesOf(
      text,
      /an\s+IAM\s+role\s+must\s+be\s+associated\s+with\s+service\s+account\s+["'%]?([a-z0-9.%-]{1,253}|\S{1,60})["']?(?:\s+\(namespace:\s+["']?([a-z0-9%-]{1,63})["']?\))?/gi,
    )) {
      const [, name, namespace] = match;
      found.symptom(
        paste,
        'account-without-role',
        match.index,
        'External Secrets',
        accountReadings(paste, namespace, name, match.index, 'the message'),
      );
    }
    for (const match of matchesOf(
      text,
      /(?:cannot|could\s+not|unable\s+to|failed\s+to)\s+get\s+Kubernetes\s+service\s+account\s+"?([a-z0-9.-]{1,253})"?[\s\S]{0,60}?not\s+found/gi,
    ))
      found.symptom(
        paste,
        'account-missing',
        match.index,
        'External Secrets',
        accountReadings(paste, undefined, match[1], match.index, 'the message'),
      );
  },
};
