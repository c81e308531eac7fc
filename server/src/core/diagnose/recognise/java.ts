import type { Recogniser } from './recogniser';

/** AWS SDK for Java v1. Source: aws-sdk-java auth; Hadoop's S3A takes its providers. */
export const javaV1: Recogniser = {
  name: 'AWS SDK for Java v1',
  phrases: [
    ['Unable to load AWS credentials from any provider in the chain', 'no-credentials'],
    ['aws-java-sdk-sts module must be on the class path', 'sts-module-missing'],
    ['ClassNotFoundException: com.amazonaws.services.securitytoken', 'sts-module-missing'],
    ['NoClassDefFoundError: com/amazonaws/services/securitytoken', 'sts-module-missing'],
    ['To use assume role profiles the aws-java-sdk-sts module', 'sts-module-missing'],
    ['You must specify a value for roleArn and roleSessionName', 'no-credentials'],
    ['No AWS Credentials provided by', 'no-credentials'],
    ['NoAuthWithAWSException', 'no-credentials'],
    ['NoAwsCredentialsException', 'no-credentials'],
    ['No AWS Credentials provided by TemporaryAWSCredentialsProvider SimpleAWSCredentialsProvider', 'provider-chain-fixed'],
    ['no credentials provided by TemporaryAWSCredentialsProvider', 'provider-chain-fixed'],
    ['has an invalid host. Host can only be one of', 'host-refused'],
    ['Unable to find a region via the region provider chain', 'region-missing'],
    ['Failed to connect to service endpoint', 'no-credentials'],
  ],
};

/** AWS SDK for Java v2. Source: AwsCredentialsProviderChain, ContainerCredentialsProvider, WebIdentityTokenFileCredentialsProvider. */
export const javaV2: Recogniser = {
  name: 'AWS SDK for Java v2',
  phrases: [
    ['Unable to load credentials from any of the providers in the chain', 'no-credentials'],
    ['Cannot fetch credentials from container - neither', 'no-credentials'],
    ['Unable to load credentials from service endpoint', 'no-credentials'],
    ['Failed to load credentials from IMDS', 'no-credentials'],
    ["'sts' service module must be on the class path", 'sts-module-missing'],
    ['To use web identity tokens, the', 'sts-module-missing'],
    ['ClassNotFoundException: software.amazon.awssdk.services.sts', 'sts-module-missing'],
    ['NoClassDefFoundError: software/amazon/awssdk/services/sts', 'sts-module-missing'],
    ['has an invalid host. Host should resolve to a loopback address', 'host-refused'],
    ['Unable to load region from any of the providers in the chain', 'region-missing'],
    ['Either the environment variable AWS_WEB_IDENTITY_TOKEN_FILE or the javaproperty', 'no-credentials'],
    ['Profile file contained no credentials for profile', 'no-credentials'],
  ],
};
