import type { HclExpression, HclReference } from '../../../syntax/hcl/body';
import { Evaluator } from '../evaluate/evaluator';

/** An expression with who evaluates it. */
export interface PlacedValue {
  readonly expression: HclExpression;
  readonly evaluator: Evaluator;
}

/** Where a plain reference leads: a local's expression, the argument that gives a variable, an output of a module of the workspace. */
export function defining({ root, steps, base }: HclReference, { module }: Evaluator): PlacedValue | undefined {
  const [first, second] = steps;
  if (base || first?.kind !== 'attribute') return undefined;
  if (root === 'local' && steps.length === 1) {
    const local = module.definition.local(first.name);
    return local && { expression: local.expression, evaluator: new Evaluator(module, local.member) };
  }
  if (root === 'var' && steps.length === 1) return module.argumentOf(first.name);
  if (root !== 'module' || steps.length !== 2 || second?.kind !== 'attribute') return undefined;
  const called = module.modulesOf(first.name);
  const inner = called?.length === 1 ? called[0]!.module : undefined;
  const output = inner?.definition.output(second.name);
  return inner && output && { expression: output.expression, evaluator: new Evaluator(inner, output.member) };
}
