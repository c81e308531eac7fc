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
  const { resources, dataSources } = module.definition;
  for (const placed of resources.values()) {
    const evaluator = new Evaluator(module, placed.member);
    for (const { node } of manifestsOf(placed, evaluator)) yield node;
    const trust = placed.block.labels[0]?.text === 'aws_iam_role' ? attributeOf(placed.block.body, 'assume_role_policy')?.value : undefined;
    for (const source of trust ? policySources(trust, evaluator) : []) if ('node' in source && !source.label) yield source.node;
  }
  for (const placed of dataSources.values()) {
    if (placed.block.labels[0]?.text !== 'aws_iam_policy_document') continue;
    const source = policyOfData(placed, new Evaluator(module, placed.member));
    if (source) yield source.node;
  }
}
