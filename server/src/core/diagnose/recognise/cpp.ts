import type { Recogniser } from './recogniser';

/** AWS SDK for C++, and Fluent Bit, which has its own. Source: aws-sdk-cpp aws-cpp-sdk-core/source/auth; fluent-bit src/aws. */
export const cpp: Recogniser = {
  name: 'AWS SDK for C++',
  phrases: [
    ['Token file must be specified to use STS AssumeRole web identity creds provider', 'no-credentials'],
    ['RoleArn must be specified to use STS AssumeRole web identity creds provider', 'configuration-incomplete'],
    ["Can't open token file", 'token-file-missing'],
    ['Unable to open credentials file', 'no-credentials'],
    ['Failed to retrieve credentials from EC2', 'no-credentials'],
    ['unable to parse and load credentials', 'no-credentials'],
    ['is not a valid ECS/EKS host', 'host-refused'],
    ['Can not use http scheme for non-loopback host', 'host-refused'],
    ['The host of the URI is not a loopback address', 'host-refused'],
  ],
};

export const fluentBit: Recogniser = {
  name: 'Fluent Bit',
  phrases: [
    ['[aws_credentials] Could not read web identity token file', 'token-file-missing'],
    ['Could not read web identity token file', 'token-file-missing'],
    ['[aws_credentials] STS assume role request failed', 'web-identity-failed'],
    ['Could not retrieve credentials from any provider', 'no-credentials'],
    ['Failed to retrieve credentials for AWS Profile', 'profile-missing'],
  ],
};
