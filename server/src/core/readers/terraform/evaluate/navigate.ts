import type { HclStep } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';
import { entryOf } from '../../../syntax/nodes';
import type { Evaluator } from './evaluator';

/** Follows `.name` and `[index]` into a value; undefined where it is not told what stands there. */
export function navigate(node: Node, steps: readonly HclStep[], evaluator: Evaluator): Node | undefined {
  let at: Node | undefined = node;
  for (const step of steps) {
    if (!at) return undefined;
    at = follow(at, step, evaluator);
  }
  return at;
}

function follow(node: Node, step: HclStep, evaluator: Evaluator): Node | undefined {
  const key = stepKey(step, evaluator);
  if (key === undefined) return undefined;
  if (node.kind === 'map' && typeof key === 'string') {
    if (node.open && !entryOf(node, key)) return undefined;
    return entryOf(node, key)?.value;
  }
  if (node.kind === 'list' && typeof key === 'number') return node.open ? undefined : node.items[key];
  return undefined;
}

/** A step's name or number, where it is known. */
export function stepKey(step: HclStep, evaluator: Evaluator): string | number | undefined {
  if (step.kind === 'attribute') return step.name;
  if (step.kind === 'splat') return undefined;
  if (typeof step.index === 'number') return step.index;
  const node = evaluator.evaluate(step.index);
  if (node.kind !== 'scalar' || node.holes.length > 0) return undefined;
  return node.type === 'number' ? Number(node.value) : node.value;
}
