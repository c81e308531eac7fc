import type { Recogniser } from './recogniser';

/** AWS SDK for Rust. Source: aws-config. */
export const rust: Recogniser = {
  name: 'AWS SDK for Rust',
  phrases: [
    ['SigningStageError { kind: MissingCredentials', 'no-credentials'],
    ['kind: MissingCredentials', 'no-credentials'],
    ['CredentialsNotLoaded', 'no-credentials'],
    ['no providers in chain provided credentials', 'no-credentials'],
    ['the credential provider was not enabled', 'no-credentials'],
    ['no credentials in the property bag', 'no-credentials'],
    ['endpoint_url could not be resolved', 'region-missing'],
    ['A region must be set when sending requests', 'region-missing'],
    ['the requested URI was not loopback', 'host-refused'],
    ['$AWS_WEB_IDENTITY_TOKEN_FILE was not set', 'no-credentials'],
    ['AWS_ROLE_ARN` environment variable must be set', 'configuration-incomplete'],
  ],
};

/** AWS SDK for Kotlin and Swift, which share Smithy's words. */
export const kotlin: Recogniser = {
  name: 'AWS SDK for Kotlin',
  phrases: [
    ['No identity could be resolved from the chain', 'no-credentials'],
    ['No credentials could be loaded from the chain', 'no-credentials'],
    ['ProviderConfigurationException: Required field `roleArn`', 'configuration-incomplete'],
    ['unable to auto detect AWS region', 'region-missing'],
  ],
};
