import { attributeOf } from '../../syntax/hcl/body';
import type { Node } from '../../syntax/tree';
import type { ReaderInput } from '../reader';
import { Evaluator } from './evaluate/evaluator';
import { TerraformModule } from './modules/definition';
import { ModuleInstance } from './modules/instance';
import { nowhere } from './modules/run';
import { manifestsOf } from './resources/kubernetes';
import { policyOfData, policySources } from './resources/policySource';

/**
 * The shapes of one file as nodes, for completion: trust policies in each form they are written in, and manifests. The
 * rest of the module is not looked at.
 */
export function* shapesOf(input: ReaderInput): Generator<Node> {
  const module = ModuleInstance.root(new TerraformModule([input]), nowhere);
  for (const placed of module.definition.resourcesAndData) {
    const evaluator = new Evaluator(module, placed.member);
    const [type] = placed.block.labels;
    if (placed.block.type.text === 'data') {
      const source = type?.text === 'aws_iam_policy_document' ? policyOfData(placed, evaluator) : undefined;
      if (source) yield source.node;
      continue;
    }
    for (const { node } of manifestsOf(placed, evaluator)) yield node;
    const trust = type?.text === 'aws_iam_role' ? attributeOf(placed.block.body, 'assume_role_policy')?.value : undefined;
    for (const source of trust ? policySources(trust, evaluator) : []) if ('node' in source && !source.label) yield source.node;
  }
}
