/** A profile of the AWS CLI's files, as far as it is shown or decides something here. Holds no secret. */
export interface AwsProfile {
  readonly name: string;
  readonly region?: string;
  /** Signs in through IAM Identity Center: `aws sso login` renews an expired session. */
  readonly sso: boolean;
  readonly caBundle?: string;
}
