import type { Recogniser } from './recogniser';

/** AWS SDK for Ruby. Source: aws-sdk-ruby aws-sdk-core. */
export const ruby: Recogniser = {
  name: 'AWS SDK for Ruby',
  phrases: [
    ['MissingCredentialsError', 'no-credentials'],
    ['unable to sign request without credentials set', 'no-credentials'],
    ['MissingWebIdentityTokenFile', 'configuration-incomplete'],
    ['Missing :role_arn', 'configuration-incomplete'],
    ['MissingRegionError', 'region-missing'],
    ['missing region; use :region option', 'region-missing'],
    ['No region was provided', 'region-missing'],
    ['NoSuchProfileError', 'profile-missing'],
  ],
};
