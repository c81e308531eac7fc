import type { Chain } from '../wiring/chain';
import type { MigrationHost } from './port';

/**
 * Whether what asks for the role is the argument of an EKS add-on: `service_account_role_arn` of Terraform,
 * `serviceAccountRoleARN` of eksctl, `ServiceAccountRoleArn` of CloudFormation.
 */
export function isOfAddon({ request, account }: Chain, { source }: Pick<MigrationHost, 'source'>): boolean {
  if (account.origin !== 'values' || account.ofRelease !== true) return false;
  const text = source(request.doc.uri)?.documents[request.doc.index]?.text;
  if (text === undefined) return false;
  const line = text.lastIndexOf('\n', request.span.start) + 1;
  return /(?:^|[^a-z])service_?account_?role_?arn\b/i.test(text.slice(line, request.span.end));
}
