import { attributeOf, type HclReference } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import type { Evaluator } from '../evaluate/evaluator';
import { literalOf } from '../evaluate/references';
import { moduleRoleName, roleOutputs } from './knownRoles';
import { knownModule } from './knownSources';
import { borrowedScalar } from '../texts';
import { assembled, issuerUrl, named, providerArn } from '../wellKnown';

/** Outputs of public modules that are the issuer's URL. Sources: their outputs.tf. */
const issuerOutputs: readonly { readonly source: RegExp; readonly output: string }[] = [
  {
    source: /^(registry\.terraform\.io\/)?terraform-aws-modules\/eks\/aws$|terraform-aws-modules\/terraform-aws-eks(\.git)?(\?|$)/,
    output: 'cluster_oidc_issuer_url',
  },
  {
    source: /^cloudposse\/eks-cluster\/aws$|cloudposse\/terraform-aws-eks-cluster(\.git)?(\?|$)/,
    output: 'eks_cluster_identity_oidc_issuer',
  },
];

/** What an output of a module is, where the module is a public one whose outputs are known. */
export function moduleOutput(reference: HclReference, evaluator: Evaluator): Node | undefined {
  const [name, ...path] = reference.steps;
  const last = path[path.length - 1];
  if (name?.kind !== 'attribute' || last?.kind !== 'attribute' || path.some((step) => step.kind === 'splat')) return undefined;
  const placed = evaluator.module.calls.get(name.name);
  const source = placed && literalOf(placed, 'source', evaluator);
  if (source === undefined) return undefined;
  if (last.name === 'oidc_provider_arn' && issuerOutputs[0]!.source.test(source) && path.length === 1) {
    return providerArn(reference, evaluator.holeFor(`module.${name.name}.oidc_provider`));
  }
  if (issuerOutputs.some((known) => known.output === last.name && known.source.test(source))) return issuerUrl(reference, evaluator);
  const known = knownModule(placed!, evaluator);
  if (known && roleOutputs.arn.test(last.name)) {
    const name = moduleRoleName(placed!, known, evaluator);
    const path = ['role_path', 'path'].some((each) => attributeOf(placed!.block.body, each)) ? named('<path>') : '/';
    return assembled(reference, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role', path, name]);
  }
  return known && roleOutputs.name.test(last.name) ? borrowedScalar(moduleRoleName(placed!, known, evaluator), reference.span) : undefined;
}
