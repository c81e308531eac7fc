import type { HclExpression } from '../../../syntax/hcl/body';
import type { Node, ScalarNode } from '../../../syntax/tree';
import { borrowedScalar } from '../texts';
import type { Evaluator } from './evaluator';

export type Call = Extract<HclExpression, { kind: 'call' }>;
/** A function of Terraform's; undefined where its outcome is not known. */
export type Functions = Readonly<Record<string, (expression: Call, evaluator: Evaluator) => Node | undefined>>;

/** The arguments, what `...` expands included; undefined where a list that is expanded is not known. */
export function argumentsOf(expression: Call, evaluator: Evaluator): Node[] | undefined {
  const nodes = expression.args.map((arg) => evaluator.evaluate(arg));
  if (!expression.expands) return nodes;
  const last = nodes.pop();
  return last?.kind === 'list' && !last.open ? [...nodes, ...last.items] : undefined;
}

/** The arguments where all of them are single values; else none. */
export function scalars(expression: Call, evaluator: Evaluator, count: number): ScalarNode[] {
  const nodes = expression.args.map((arg) => evaluator.evaluate(arg));
  return nodes.length >= count && nodes.every((node) => node.kind === 'scalar') ? nodes : [];
}

export function result(value: string, { span }: Call): ScalarNode {
  return borrowedScalar({ value, holes: [] }, span);
}

/** The first argument as it is. */
export function first(expression: Call, evaluator: Evaluator): Node | undefined {
  const [arg] = expression.args;
  return arg && evaluator.evaluate(arg);
}
