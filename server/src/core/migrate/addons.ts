import type { Chain } from '../wiring/chain';
import type { Move } from './moves';
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

/**
 * Whether the role of an add-on comes from a module that makes roles of other service accounts, too, and not the add-on: then its
 * association is that of the module, beside the role, and the add-on keeps its role for IRSA until the last step.
 */
export function hasModulesRole({ chain, policy }: Pick<Move, 'chain' | 'policy'>, host: Pick<MigrationHost, 'source' | 'view'>): boolean {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  if (!chain || !fact || !isOfAddon(chain, host) || folderOf(chain.request.doc.uri) === folderOf(fact.doc.uri)) return false;
  for (const other of host.view.wiring.policies())
    if (other.doc.uri === fact.doc.uri && other.span.start === fact.span.start && other.roleIds?.join() !== fact.roleIds?.join())
      return true;
  return false;
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}
