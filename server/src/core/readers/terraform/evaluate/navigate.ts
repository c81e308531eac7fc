import type { HclStep } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { Node } from '../../../syntax/tree';
import type { Known, KnownList } from '../texts';
import { combined, orNothing } from './alternatives';
import type { Evaluator } from './evaluator';

/** Follows `.name`, `[index]` and splats into a value; undefined where it is not told what stands there. */
export function navigate(node: Node, steps: readonly HclStep[], evaluator: Evaluator): Node | undefined {
  let at: Node | undefined = node;
  for (const [i, step] of steps.entries()) {
    if (!at) return undefined;
    if (step.kind === 'splat') return overAll(at, step.full, steps.slice(i + 1), evaluator);
    at = follow(at, step, evaluator);
  }
  return at;
}

/** `list[*].name` for each item; `list.*.name[0]` indexes what the attributes gave. Source: HCL specification, splat operators. */
function overAll(node: Node, full: boolean, steps: readonly HclStep[], evaluator: Evaluator): Node | undefined {
  const end = full ? -1 : steps.findIndex((step) => step.kind !== 'attribute');
  const [each, rest] = end < 0 ? [steps, []] : [steps.slice(0, end), steps.slice(end)];
  const list: Node = node.kind === 'list' ? node : { kind: 'list', span: node.span, items: [node], open: false };
  if (node.kind === 'unknown' || (node.kind === 'scalar' && node.holes.length > 0)) return undefined;
  const items: Node[] = [];
  for (const item of list.items) {
    const value = navigate(item, each, evaluator);
    if (!value) return undefined;
    items.push(value);
  }
  return navigate({ ...list, items }, rest, evaluator);
}

function follow(node: Node, step: HclStep, evaluator: Evaluator): Node | undefined {
  const { alternatives }: Partial<Known> = node.kind === 'scalar' ? node : {};
  if (alternatives) {
    const values = alternatives.flatMap((each) => follow(each, step, evaluator) ?? []);
    return values.length < alternatives.length
      ? undefined
      : combined(values, node.span, (node as Known).value.replace(/^\$\{(.*)\}$/s, '$1'));
  }
  const key = stepKey(step, evaluator);
  if (key === undefined) return undefined;
  if (node.kind === 'map') return entryOf(node, String(key))?.value;
  if (node.kind !== 'list' || !Number.isInteger(Number(key))) return undefined;
  const { open, orNone }: KnownList = node;
  const item = node.items[Number(key)];
  return open && !orNone ? undefined : open && item ? orNothing(item) : item;
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
