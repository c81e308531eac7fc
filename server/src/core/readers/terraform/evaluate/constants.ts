import type { HclExpression } from '../../../syntax/hcl/body';
import type { Node } from '../../../syntax/tree';

/** Whether expressions hold nothing but texts, numbers, and lists and maps of them; asked once for each list and map. */
const constant = new WeakMap<HclExpression, boolean>();

/** What constant expressions are: the same in every instance of every module, so that each is made once. */
const made = new WeakMap<HclExpression, Node>();

/** True for an expression whose value is all written out: nothing that is around it makes it another one. */
export function isConstant(expression: HclExpression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true;
    case 'template':
      return expression.parts.length === 0;
    case 'tuple':
    case 'object': {
      let known = constant.get(expression);
      if (known === undefined) constant.set(expression, (known = allConstant(expression)));
      return known;
    }
    default:
      return false;
  }
}

function allConstant(expression: Extract<HclExpression, { kind: 'tuple' | 'object' }>): boolean {
  if (expression.kind === 'tuple') return expression.items.every(isConstant);
  return expression.entries.every(
    ({ key, value }) => (key.kind === 'name' || isConstant(key)) && (value === undefined || isConstant(value)),
  );
}

/** The value of a constant expression. */
export function constantNode(expression: HclExpression, make: () => Node): Node {
  let node = made.get(expression);
  if (!node) made.set(expression, (node = make()));
  return node;
}
