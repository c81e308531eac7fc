import type { Recogniser } from './recogniser';

/** AWS SDK for JavaScript v2. Source: aws-sdk lib/credentials. */
export const javascriptV2: Recogniser = {
  name: 'AWS SDK for JavaScript v2',
  phrases: [
    ['Missing credentials in config', 'no-credentials'],
    ['CredentialsError: Missing credentials', 'no-credentials'],
    ['EC2 Metadata roleName request returned error', 'no-credentials'],
    ['EC2 Metadata token request returned error', 'no-credentials'],
    ['Missing region in config', 'region-missing'],
    ['is not a valid container metadata service hostname', 'host-refused'],
  ],
};

/** AWS SDK for JavaScript v3. Source: @smithy/credential-provider-imds, @aws-sdk/credential-provider-{node,web-identity,http}. */
export const javascriptV3: Recogniser = {
  name: 'AWS SDK for JavaScript v3',
  phrases: [
    ['Could not load credentials from any providers', 'no-credentials'],
    ['Web identity configuration not specified', 'no-credentials'],
    ['The container metadata credential provider cannot be used unless', 'no-credentials'],
    ['EC2 Metadata Service is', 'no-credentials'],
    ['Credential is missing', 'no-credentials'],
    ['Resolved credential object is not valid', 'no-credentials'],
    ['URL not accepted. It must either be HTTPS or match one of the following', 'host-refused'],
    ['Region is missing', 'region-missing'],
    ['could not be found or parsed in shared credentials file', 'profile-missing'],
    ['Could not resolve credentials using profile', 'profile-missing'],
  ],
};
