import type { SymptomKind } from './kind';
import { listEnvironment, sdkVersion } from './advice';

/** The SDK is too old, lacks a part, or was told to look elsewhere. */
export const sdkSymptoms = {
  'host-refused': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'The AWS SDK is too old for EKS Pod Identity: it rejects the address of the agent, 169.254.170.23.',
    reasons: ['Older SDKs take credentials from loopback addresses only. The minimum versions are on the page of this cause.'],
    next: [sdkVersion],
  },
  'sts-module-missing': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'The module for STS is missing in the application, so its SDK cannot use web identity tokens.',
    reasons: ['Java needs the module sts (software.amazon.awssdk:sts, or aws-java-sdk-sts), .NET the package AWSSDK.SecurityToken.'],
  },
  'configuration-incomplete': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'The SDK was asked to assume a role with web identity, and lacks the role ARN or the token.',
    reasons: ['AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE go together; so do role_arn and web_identity_token_file of a profile.'],
    next: [listEnvironment],
  },
  'profile-missing': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'A profile is named that no AWS configuration file of the container has, so the SDK stops before it looks for the role.',
    reasons: ['The name comes from AWS_PROFILE or from the code.'],
    next: [listEnvironment],
  },
  'keys-partial': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'One of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set without the other, so the SDK stops before it looks for the role.',
    next: [listEnvironment],
  },
  'keys-invalid': {
    class: 'sdk',
    certainty: 'likely',
    rank: 2,
    cause: 'The SDK uses static credentials that are not valid: they take precedence over the role.',
    alternatives: [
      {
        class: 'network',
        cause: 'The request went to a region or partition that the credentials are not valid in.',
        tell: 'Whether AWS_ACCESS_KEY_ID is set in the container, or a credentials file is mounted.',
      },
    ],
    next: [listEnvironment],
  },
  'user-keys': {
    class: 'sdk',
    certainty: 'likely',
    rank: 3,
    cause: 'The call was made as an IAM user: static credentials take precedence over the role.',
    next: [listEnvironment],
  },
  'credentials-expired': {
    class: 'sdk',
    certainty: 'likely',
    rank: 2,
    cause: 'The application keeps temporary credentials past their end: it copied them, or its SDK does not renew them.',
    next: [listEnvironment],
  },
  'provider-chain-fixed': {
    class: 'sdk',
    certainty: 'likely',
    rank: 3,
    cause: 'The application is configured with credential providers that do not include web identity or Pod Identity.',
    reasons: ['Hadoop and Spark take fs.s3a.aws.credentials.provider; its default has no web identity provider in older versions.'],
  },
  'task-role-document': {
    class: 'sdk',
    certainty: 'likely',
    rank: 2,
    cause: 'The program looks for credentials of ECS, and does not support the web identity token of the pod.',
    next: [listEnvironment, sdkVersion],
  },
  'duration-too-long': {
    class: 'sdk',
    certainty: 'certain',
    rank: 4,
    cause: 'The session that is asked for is longer than the maximum session duration of the role.',
  },
} as const satisfies Readonly<Record<string, SymptomKind>>;
