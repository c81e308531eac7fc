import type { HclExpression } from '../../../syntax/hcl/body';
import type { Node, ScalarNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import { literal } from '../../../text/texts';
import { standIn, type Known } from '../texts';
import type { Evaluator } from './evaluator';

/** Comparisons, logic and arithmetic where their operands tell; undefined where they do not. Source: HCL specification, operations. */
export function operation(
  { operator, operands, span }: Extract<HclExpression, { kind: 'operation' }>,
  evaluator: Evaluator,
): Node | undefined {
  const [first, second] = operands;
  if (!first) return undefined;
  const left = evaluator.evaluate(first);
  if (!second) {
    if (operator === '!') return truth(not(truthOf(left)), span);
    const value = numberOf(left);
    return value === undefined ? undefined : made(-value, span);
  }
  // Terraform's logic is short: what decides needs no other side.
  const short = truthOf(left);
  if (operator === '&&' && short === false) return truth(false, span);
  if (operator === '||' && short === true) return truth(true, span);
  const right = evaluator.evaluate(second);
  switch (operator) {
    case '&&':
      return truth(truthOf(right) === false ? false : short && truthOf(right), span);
    case '||':
      return truth(truthOf(right) === true ? true : short === false ? truthOf(right) : undefined, span);
    case '==':
      return truth(equals(left, right), span);
    case '!=':
      return truth(not(equals(left, right)), span);
    default: {
      const [a, b] = [numberOf(left), numberOf(right)];
      if (a === undefined || b === undefined) return undefined;
      const compared = compare(operator, a, b);
      return compared === undefined ? computed(operator, a, b, span) : truth(compared, span);
    }
  }
}

function compare(operator: string, a: number, b: number): boolean | undefined {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return undefined;
  }
}

function computed(operator: string, a: number, b: number, span: Span): Node | undefined {
  const value =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : b === 0 ? undefined : operator === '/' ? a / b : a % b;
  return value === undefined || !Number.isFinite(value) ? undefined : made(value, span);
}

function made(value: number, span: Span): ScalarNode {
  return { ...standIn(String(value), span), type: 'number' };
}

/** True and false as Terraform's values. */
export function truth(value: boolean | undefined, span: Span): ScalarNode | undefined {
  return value === undefined ? undefined : { ...standIn(String(value), span), type: 'boolean' };
}

/** What a condition's value is; undefined where it is not known. */
export function truthOf(node: Node): boolean | undefined {
  const value = node.kind === 'scalar' ? literal(node) : undefined;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function numberOf(node: Node): number | undefined {
  const value = node.kind === 'scalar' ? literal(node) : undefined;
  return value !== undefined && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Whether two values are equal; undefined where that is not known. */
export function equals(a: Node, b: Node): boolean | undefined {
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    if (a.type === 'null' || b.type === 'null') return a.type === b.type ? true : isThere(a.type === 'null' ? b : a) ? false : undefined;
    const [one, other] = [literal(a), literal(b)];
    if (one !== undefined && other !== undefined) return one === other && (a.type === b.type || a.type === 'string' || b.type === 'string');
    // What surely has some text is not empty.
    return (one === '' && isThere(b)) || (other === '' && isThere(a)) ? false : undefined;
  }
  if (a.kind === 'unknown' || b.kind === 'unknown') return undefined;
  if (a.kind === 'scalar' || b.kind === 'scalar') {
    const scalar = a.kind === 'scalar' ? a : (b as ScalarNode);
    return scalar.holes.length === 0 ? false : undefined;
  }
  if (a.kind !== b.kind) return undefined;
  const [size, others] = [sizeOf(a), sizeOf(b)];
  if (size === undefined || others === undefined) return undefined;
  return size !== others ? false : size === 0 ? true : undefined;
}

function isThere(node: ScalarNode): boolean {
  if ((node as Known).maybe || (node as Known).alternatives) return false;
  return (
    node.type !== 'null' &&
    (node.refers !== undefined || node.holes.reduce((left, { start, end }) => left - (end - start), node.value.length) > 0)
  );
}

/** How many items a value has; undefined where that is not known. */
export function sizeOf(node: Node): number | undefined {
  if (node.kind === 'list') return node.open ? undefined : node.items.length;
  return node.kind === 'map' && !node.open ? new Set(node.entries.map(({ key }) => key.value)).size : undefined;
}
