import type { ServiceAccountFact } from '../../model/facts';
import { isTemplate } from '../../readers/cloudformation/template';
import type { Edit } from '../../rules/rule';
import type { SourceDocument } from '../../syntax/sourceFile';
import { literal } from '../../text/texts';
import type { AddonRole } from '../port';
import type { Made } from '../types';
import { inEksctl } from './addon/eksctl';
import { manually } from './addon/manually';
import { inTemplate } from './addon/template';
import { inTerraform } from './addon/terraform';
import { isClusterConfig } from './association/eksctl';
import { wrongName } from './statements';

/**
 * Gives an add-on of EKS an association of its own in the place of its role: in Terraform, in eksctl's file, in a template of
 * CloudFormation. Both at once are an error of EKS and of eksctl, so this is one change and not two steps.
 * Source: EKS user guide, add-ons-iam.
 * @param account as the add-on's reader gives it: its `roleArn` stands where the role does
 * @param of where the role comes from, if not from what stands in the add-on
 */
export function moveAddon(account: ServiceAccountFact, document: SourceDocument, of: AddonRole = {}): Made<readonly Edit[]> {
  const [namespace, name] = [literal(account.namespace), literal(account.name)];
  if (namespace === undefined || name === undefined || wrongName({ namespace: { text: namespace }, serviceAccount: { text: name } }))
    return { refused: "The add-on's service account is unknown: `aws eks describe-addon-configuration` tells it." };
  if (!account.roleArn) return { refused: 'The add-on has no role.' };
  if (document.syntax === 'hcl') return inTerraform(account, account.roleArn.entrySpan, name, document, of.call);
  const { root } = document.tree();
  if (isTemplate(root)) return inTemplate(account, name, document);
  return isClusterConfig(root) ? inEksctl(account, { namespace, name }, document, root, of.made) : { refused: manually };
}
