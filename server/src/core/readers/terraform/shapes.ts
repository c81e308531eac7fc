import { attributeOf } from '../../syntax/hcl/body';
import type { Node } from '../../syntax/tree';
import type { ReaderInput } from '../reader';
import { Evaluator } from './evaluate/evaluator';
import { manifestsOf } from './resources/kubernetes';
import { TerraformModule } from './modules/definition';
import { policyOfData, policySource } from './resources/policySource';

/**
 * The shapes of one file as nodes, for completion: trust policies in each form they are written in, and manifests. The
 * rest of the module is not looked at.
 */
export function* shapesOf(input: ReaderInput): Generator<Node> {
  const module = new TerraformModule([input]);
  for (const { member, block } of module.resources.values()) {
    const evaluator = new Evaluator(module, member);
    yield* manifestsOf({ member, block }, evaluator);
    const trust = block.labels[0]?.text === 'aws_iam_role' ? attributeOf(block.body, 'assume_role_policy')?.value : undefined;
    const source = trust && policySource(trust, evaluator);
    if (source && 'node' in source && !source.label) yield source.node;
  }
  for (const { member, block } of module.dataSources.values()) {
    if (block.labels[0]?.text !== 'aws_iam_policy_document') continue;
    const source = policyOfData(block.labels[1]?.text ?? '', new Evaluator(module, member));
    if (source) yield source.node;
  }
}
