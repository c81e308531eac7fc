import type { Recogniser } from './recogniser';

/** AWS SDK for Go v1. Source: aws-sdk-go aws/credentials, endpointcreds, stscreds. */
export const goV1: Recogniser = {
  name: 'AWS SDK for Go v1',
  phrases: [
    ['NoCredentialProviders', 'no-credentials'],
    ['no valid providers in chain', 'no-credentials'],
    ['EC2RoleRequestError', 'no-credentials'],
    ['EC2MetadataRequestError', 'no-credentials'],
    ['WebIdentityErr: failed to retrieve credentials', 'web-identity-failed'],
    ['WebIdentityErr: unable to read file', 'token-file-missing'],
    ['failed fetching WebIdentity token', 'token-file-missing'],
    ['only loopback hosts are allowed', 'host-refused'],
    ['MissingRegion: could not find region configuration', 'region-missing'],
    ['SharedConfigProfileNotExistsError', 'profile-missing'],
    ['SharedConfigProfileNotExist', 'profile-missing'],
    ['CredentialRequiresARNError', 'configuration-incomplete'],
    ['WebIdentityErr: role ARN is not set', 'configuration-incomplete'],
    ['role ARN is not set', 'configuration-incomplete'],
  ],
};

/** AWS SDK for Go v2. Source: aws-sdk-go-v2 config, credentials/stscreds, feature/ec2/imds. */
export const goV2: Recogniser = {
  name: 'AWS SDK for Go v2',
  phrases: [
    ['no EC2 IMDS role found', 'no-credentials'],
    ['operation error ec2imds: GetMetadata', 'no-credentials'],
    ['unable to read file at .: read .: is a directory', 'token-file-unset'],
    ['unable to read file at : open : no such file or directory', 'token-file-unset'],
    ['unable to read file at .: is a directory', 'token-file-unset'],
    ['failed to retrieve jwt from provide source', 'token-file-missing'],
    ['failed to retrieve jwt from provided source', 'token-file-missing'],
    ['Invalid Configuration: Missing Region', 'region-missing'],
    ['an AWS region is required, but was not found', 'region-missing'],
    ['failed to get shared config profile', 'profile-missing'],
    ['get credentials: request canceled, context canceled', 'credentials-timeout'],
    ['get credentials: request canceled, context deadline exceeded', 'credentials-timeout'],
    ['get credentials: failed to refresh cached credentials, request canceled', 'credentials-timeout'],
  ],
};
