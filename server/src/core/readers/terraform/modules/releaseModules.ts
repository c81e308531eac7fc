import type { Fact } from '../../../model/facts';
import { attributeOf } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import { Evaluator } from '../evaluate/evaluator';
import { argumentOf, textOf } from '../resources/arguments';
import { readRelease, setting } from '../resources/helm';
import { standIn } from '../texts';
import { assembled, named } from '../wellKnown';
import type { Placed } from './definition';
import type { ModuleInstance } from './instance';
import { moduleRoleName } from './knownRoles';
import { knownModule } from './knownSources';

/** Public modules that make a Helm release, with the role that it gets. Source: terraform-aws-eks-blueprints-addon, main.tf. */
export function readReleaseModules(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  for (const placed of module.definition.calls.values()) {
    if (module.isLocal(placed) || knownModule(placed, new Evaluator(module, placed.member)) !== 'blueprints-addon') continue;
    for (const { evaluator, item } of module.instances(placed)) {
      if (['create', 'create_release'].some((name) => literal(textOf(placed.block, name, evaluator)) === 'false')) continue;
      facts.push(...readRelease(placed, evaluator, roleSettings(placed, evaluator, item.suffix)));
    }
  }
  return facts;
}

/** `set_irsa_names`: the values that are the ARN of the module's own role. */
function roleSettings(placed: Placed, evaluator: Evaluator, suffix: string) {
  const { block } = placed;
  const names = argumentOf(block, 'set_irsa_names', evaluator);
  if (names?.kind !== 'list' || attributeOf(block.body, 'create_role') === undefined) return [];
  const address = `module.${block.labels[0]?.text ?? ''}`;
  const id = evaluator.module.idOf(`${address}${suffix}`);
  return names.items.flatMap((name) => {
    const role = moduleRoleName(placed, 'blueprints-addon', evaluator);
    const arn = assembled({ span: name.span }, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role/', role]);
    const value: Node = { ...arn, refers: { objects: [id], attribute: 'arn', written: `${address}.iam_role_arn` } };
    return setting(name, name.kind === 'scalar' ? value : standIn('', name.span), name.span);
  });
}
