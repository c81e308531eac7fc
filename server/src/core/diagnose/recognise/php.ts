import type { Recogniser } from './recogniser';

/** AWS SDK for PHP. Source: aws-sdk-php src/Credentials. */
export const php: Recogniser = {
  name: 'AWS SDK for PHP',
  phrases: [
    ['Error retrieving credentials from the instance profile metadata service', 'no-credentials'],
    ['Error retrieving credential from ECS', 'no-credentials'],
    ['Error retrieving credentials from container metadata', 'no-credentials'],
    ['Unknown environment variable AWS_ROLE_ARN or AWS_WEB_IDENTITY_TOKEN_FILE', 'configuration-incomplete'],
    ['Unable to read file for Web Identity Token', 'token-file-missing'],
    ['Unable to read WebIdentityTokenFile', 'token-file-missing'],
    ['Cannot read credentials from', 'no-credentials'],
  ],
};
