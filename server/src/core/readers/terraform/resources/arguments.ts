import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import type { Text } from '../../../text/text';
import { toText } from '../../nodes';
import type { Evaluator } from '../evaluate/evaluator';

/** An argument's value; undefined where it is not there. */
export function argumentOf(block: HclBlock, name: string, evaluator: Evaluator): Node | undefined {
  const value = attributeOf(block.body, name)?.value;
  return value && evaluator.evaluate(value);
}

/** An argument's text; undefined where it is not there, empty or not one text. */
export function textOf(block: HclBlock, name: string, evaluator: Evaluator): Text | undefined {
  return asText(argumentOf(block, name, evaluator));
}

/** A node as a text for facts; undefined for null, nothing and what is no single value. */
export function asText(node: Node | undefined): Text | undefined {
  return node?.kind === 'scalar' && node.type !== 'null' && node.value !== '' ? toText(node) : undefined;
}
