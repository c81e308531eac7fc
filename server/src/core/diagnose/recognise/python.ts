import type { Recogniser } from './recogniser';

/** boto3, botocore and the AWS CLI. Source: botocore exceptions.py, credentials.py, utils.py. */
export const python: Recogniser = {
  name: 'boto3 or the AWS CLI',
  phrases: [
    ['Unable to locate credentials', 'no-credentials'],
    ['NoCredentialsError', 'no-credentials'],
    ['NoAuthTokenError', 'no-credentials'],
    ['Error when retrieving credentials from iam-role', 'no-credentials'],
    ['Unable to load credentials from', 'no-credentials'],
    ['is configured to assume role with web identity but has no role ARN configured', 'configuration-incomplete'],
    ['Partial credentials found in', 'keys-partial'],
    ['The config profile (', 'profile-missing'],
    ['ProfileNotFound', 'profile-missing'],
    ['You must specify a region', 'region-missing'],
    ['NoRegionError', 'region-missing'],
    ['Can only retrieve metadata from a loopback address', 'host-refused'],
    ['from container metadata:', 'agent-refused'],
    ["Unsupported host '169.254.170.23'", 'host-refused'],
    ['can only retrieve metadata from these hosts', 'host-refused'],
  ],
};
