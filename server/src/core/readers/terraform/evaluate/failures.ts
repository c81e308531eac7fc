import type { HclExpression, HclReference, HclStep } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { Node } from '../../../syntax/tree';
import type { Evaluator } from './evaluator';
import { stepKey } from './navigate';
import { itemOf } from './repeated';

/** Functions that take what fails as one of their cases. */
const forgiving = new Set(['try', 'can']);

/** Whether an expression surely fails, so that `try` takes the next: a key that a map surely does not have, an instance that is not there. */
export function fails(expression: HclExpression, evaluator: Evaluator): boolean {
  switch (expression.kind) {
    case 'reference':
      return expression.base
        ? leadsNowhere(evaluator.evaluate(expression.base), expression.steps, evaluator)
        : referenceFails(expression, evaluator);
    case 'template':
      return expression.parts.some(({ expression: inner }) => inner !== undefined && fails(inner, evaluator));
    case 'call':
      return !forgiving.has(expression.name) && expression.args.some((arg) => fails(arg, evaluator));
    case 'operation':
      return expression.operands.some((operand) => fails(operand, evaluator));
    case 'conditional':
      return fails(expression.condition, evaluator);
    default:
      return false;
  }
}

function referenceFails({ root, steps }: HclReference, evaluator: Evaluator): boolean {
  const [first, second, ...rest] = steps;
  const { module, scope } = evaluator;
  if (first?.kind !== 'attribute') return false;
  if (scope.has(root)) return leadsNowhere(scope.get(root), steps, evaluator);
  if (root === 'var' || root === 'local') {
    const value = root === 'var' ? module.variable(first.name) : module.local(first.name);
    return leadsNowhere(value?.node, steps.slice(1), evaluator);
  }
  const isData = root === 'data';
  const placed = isData
    ? second?.kind === 'attribute'
      ? module.definition.dataSource(first.name, second.name)
      : undefined
    : root === 'module'
      ? module.definition.calls.get(first.name)
      : module.definition.resource(root, first.name);
  const index = isData ? rest[0] : second;
  if (!placed || index?.kind !== 'index') return false;
  const repeated = module.repeated(placed);
  const key = stepKey(index, evaluator);
  return repeated.known && key !== undefined && itemOf(repeated, key) === undefined;
}

/** Whether steps into a value surely lead to nothing. */
function leadsNowhere(node: Node | undefined, steps: readonly HclStep[], evaluator: Evaluator): boolean {
  let at = node;
  for (const step of steps) {
    if (!at || step.kind === 'splat') return false;
    const key = stepKey(step, evaluator);
    if (at.kind === 'scalar') return at.holes.length === 0;
    if (key === undefined || at.kind === 'unknown') return false;
    const next: Node | undefined = at.kind === 'map' ? entryOf(at, String(key))?.value : at.items[Number(key)];
    if (!next) return !at.open;
    at = next;
  }
  return false;
}
