import { folderOf } from '../readers/terraform/modules/folders';
import type { Chain } from '../wiring/chain';
import type { Move } from './moves';
import type { MigrationHost } from './port';

/**
 * Whether what asks for the role is an EKS add-on: `service_account_role_arn` of Terraform, `serviceAccountRoleARN` and the policies
 * of eksctl's add-ons, `ServiceAccountRoleArn` of CloudFormation.
 */
export function isOfAddon({ account }: Pick<Chain, 'account'>): boolean {
  return account.addon !== undefined;
}

/**
 * Whether the role of an add-on comes from a module that makes roles of other service accounts, too, and not the add-on: then its
 * association is that of the module, beside the role, and the add-on keeps its role for IRSA until the last step.
 */
export function hasModulesRole({ chain, policy }: Pick<Move, 'chain' | 'policy'>, host: Pick<MigrationHost, 'source' | 'view'>): boolean {
  const [fact] = policy.kind === 'file' ? policy.facts : [];
  if (!chain || !fact || !isOfAddon(chain) || folderOf(chain.request.doc.uri) === folderOf(fact.doc.uri)) return false;
  for (const other of host.view.wiring.policies())
    if (other.doc.uri === fact.doc.uri && other.span.start === fact.span.start && other.roleIds?.join() !== fact.roleIds?.join())
      return true;
  return false;
}
