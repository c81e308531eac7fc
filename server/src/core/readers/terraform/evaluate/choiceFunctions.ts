import type { HclExpression } from '../../../syntax/hcl/body';
import { isOpaque } from '../../../syntax/nodes';
import type { Node } from '../../../syntax/tree';
import { literal } from '../../../text/texts';
import type { Known, KnownList } from '../texts';
import { combined, isNothing, orNothing } from './alternatives';
import { argumentsOf, first, type Call, type Functions } from './arguments';
import type { Evaluator } from './evaluator';
import { fails } from './failures';
import { sizeOf, truth } from './operations';

/** Functions that give one of their arguments, or tell of it. Source: Terraform's documentation, type conversion and collection functions. */
export const choiceFunctions: Functions = {
  tostring: first,
  tonumber: first,
  tobool: first,
  sensitive: first,
  nonsensitive: first,
  ephemeralasnull: first,
  try(expression, evaluator) {
    const among: Node[] = [];
    for (const arg of expression.args) {
      if (fails(arg, evaluator)) continue;
      const value = evaluator.evaluate(arg);
      among.push(value);
      if (isSure(value) || isThere(arg, evaluator)) break;
    }
    return oneOf(among, expression, evaluator);
  },
  can(expression, evaluator) {
    if (expression.args[0] && fails(expression.args[0], evaluator)) return truth(false, expression.span);
    const value = first(expression, evaluator);
    return value && isSure(value) ? truth(true, expression.span) : undefined;
  },
  coalesce(expression, evaluator) {
    const among: Node[] = [];
    for (const value of argumentsOf(expression, evaluator) ?? []) {
      if (isNothing(value)) continue;
      among.push(value);
      if (isSure(value)) break;
    }
    return oneOf(among, expression, evaluator);
  },
  coalescelist(expression, evaluator) {
    const among: Node[] = [];
    for (const arg of expression.args) {
      const value = evaluator.evaluate(arg);
      if (isNothing(value)) continue;
      among.push(value);
      if ((sizeOf(value) ?? 0) > 0) break;
    }
    return oneOf(among, expression, evaluator);
  },
  one(expression, evaluator) {
    const list = first(expression, evaluator);
    if (list?.kind !== 'list' || list.items.length !== 1) return undefined;
    const { open, orNone, items }: KnownList = list;
    return open ? (orNone ? orNothing(items[0]!) : undefined) : items[0];
  },
  element(expression, evaluator) {
    const [list, index] = expression.args.map((arg) => evaluator.evaluate(arg));
    if (list?.kind !== 'list' || list.items.length === 0 || index?.kind !== 'scalar') return undefined;
    const { open, orNone, items }: KnownList = list;
    const number = Number(literal(index));
    if (!Number.isInteger(number) || number < 0 || (open && !orNone)) return undefined;
    const item = items[number % items.length]!;
    return open ? orNothing(item) : item;
  },
  lookup(expression, evaluator) {
    const [map, key, fallback] = expression.args.map((arg) => evaluator.evaluate(arg));
    const name = key?.kind === 'scalar' ? literal(key) : undefined;
    if (map?.kind !== 'map' || name === undefined) return undefined;
    const entry = map.entries.findLast((each) => literal(each.key) === name);
    if (entry?.conditional) return entry.value && fallback ? oneOf([entry.value, fallback], expression, evaluator) : undefined;
    return entry ? entry.value : map.open ? undefined : fallback;
  },
};

/** A variable or a local by itself does not fail, known or not. */
function isThere(expression: HclExpression, { module }: Evaluator): boolean {
  if (expression.kind !== 'reference' || expression.base || expression.steps.length !== 1) return false;
  const [first] = expression.steps;
  if (first?.kind !== 'attribute') return false;
  return expression.root === 'var' ? module.definition.variable(first.name) !== undefined : expression.root === 'local' && module.definition.local(first.name) !== undefined; // prettier-ignore
}

/** Whether a value is there for sure, and is not all unknown. */
function isSure(node: Node): boolean {
  if (node.kind === 'unknown' || isOpaque(node)) return false;
  if (node.kind !== 'scalar') return true;
  if ((node as Known).maybe || (node as Known).alternatives) return false;
  return node.refers !== undefined || node.holes.length === 0 || node.value.startsWith('https://');
}

function oneOf(among: readonly Node[], expression: Call, evaluator: Evaluator): Node | undefined {
  if (among.length === 0) return undefined;
  const last = among[among.length - 1]!;
  if (among.length === 1) return isSure(last) || last.kind !== 'scalar' || last.refers ? last : undefined;
  const why = among.flatMap((node) => (node.kind === 'scalar' ? node.holes : [])).find((hole) => hole.why)?.why;
  const node = combined(among, expression.span, evaluator.sourceOf(expression.span), why);
  return node.kind === 'scalar' ? evaluator.identified(node) : node;
}
