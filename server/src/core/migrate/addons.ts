import type { Chain } from '../wiring/chain';

/**
 * Whether what asks for the role is an EKS add-on: `service_account_role_arn` of Terraform, `serviceAccountRoleARN` and the policies
 * of eksctl's add-ons, `ServiceAccountRoleArn` of CloudFormation.
 */
export function isOfAddon({ account }: Pick<Chain, 'account'>): boolean {
  return account.addon !== undefined;
}
