import { entryOf } from '../../../syntax/nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import { statementElements } from '../statementElements';
import { standIn } from '../texts';

/** Statements that a call gives a module, and whether there may be more. */
export interface GivenStatements {
  readonly statements: readonly MapNode[];
  readonly open: boolean;
}

/**
 * Statements as modules take them, in objects with the arguments of `aws_iam_policy_document`: `trust_policy_statements`. Sources:
 * variables.tf of terraform-aws-eks-pod-identity (`conditions` until v1) and of terraform-aws-eks-blueprints-addon v1.2.0.
 */
export function givenStatements(node: Node | undefined): GivenStatements {
  if (!node || isNull(node)) return { statements: [], open: false };
  if (node.kind !== 'list') return { statements: [], open: true };
  const statements = node.items.map(statementOf);
  const known = statements.filter((each) => each !== undefined);
  return { statements: known, open: node.open || known.length < statements.length };
}

function statementOf(node: Node): MapNode | undefined {
  if (node.kind !== 'map' || node.open) return undefined;
  const { span } = node;
  const effect = valueOf(node, 'effect');
  const entries: Entry[] = [entry('Effect', effect ?? standIn('Allow', span), span)];
  for (const [argument, element] of statementElements) {
    const value = valueOf(node, argument);
    if (value) entries.push(entry(element, value, span));
  }
  for (const [argument, element] of [
    ['principals', 'Principal'],
    ['not_principals', 'NotPrincipal'],
  ] as const) {
    const value = valueOf(node, argument);
    if (!value) continue;
    const principal = pairs(value, 'type', 'identifiers');
    if (!principal) return undefined;
    entries.push(entry(element, map(value.span, principal.map(([key, values]) => ({ key, value: values, span: key.span, merged: false }))), span)); // prettier-ignore
  }
  const condition = valueOf(node, 'condition') ?? valueOf(node, 'conditions');
  if (condition) {
    const operators = conditionsOf(condition);
    if (!operators) return undefined;
    entries.push(entry('Condition', operators, span));
  }
  return map(span, entries);
}

/** Conditions in objects with `test`, `variable` and `values`; undefined where some aren't known, or are for one key twice. */
export function conditionsOf(node: Node, at: Span = node.span): MapNode | undefined {
  if (node.kind !== 'list' || node.open) return undefined;
  const operators = new Map<string, { readonly test: ScalarNode; readonly keys: Entry[] }>();
  for (const item of node.items) {
    const [test, variable, values] = ['test', 'variable', 'values'].map((name) => entryOf(item, name)?.value);
    if (test?.kind !== 'scalar' || variable?.kind !== 'scalar' || !values || test.holes.length > 0) return undefined;
    const operator = operators.get(test.value) ?? { test, keys: [] };
    operators.set(test.value, operator);
    if (operator.keys.some(({ key }) => key.value === variable.value)) return undefined;
    operator.keys.push({ key: variable, value: values, span: variable.span, merged: false });
  }
  return map(at, [...operators.values()].map(({ test, keys }) => ({ key: test, value: map(test.span, keys), span: test.span, merged: false }))); // prettier-ignore
}

function pairs(node: Node, name: string, values: string): (readonly [ScalarNode, ListNode | ScalarNode])[] | undefined {
  if (node.kind !== 'list' || node.open) return undefined;
  const found = node.items.map((item): readonly [ScalarNode, ListNode | ScalarNode] | undefined => {
    const [key, value] = [entryOf(item, name)?.value, entryOf(item, values)?.value];
    return key?.kind === 'scalar' && key.holes.length === 0 && (value?.kind === 'list' || value?.kind === 'scalar')
      ? [key, value]
      : undefined;
  });
  const known = found.filter((each) => each !== undefined);
  return known.length === found.length && new Set(known.map(([key]) => key.value)).size === known.length ? known : undefined;
}

function valueOf(node: MapNode, name: string): Node | undefined {
  const value = entryOf(node, name)?.value;
  return value && !isNull(value) ? value : undefined;
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

function map(span: Span, entries: readonly Entry[]): MapNode {
  return { kind: 'map', span, entries, open: false };
}

function entry(key: string, value: Node, at: Span): Entry {
  return { key: standIn(key, { start: at.start, end: at.start }), value, span: value.span, merged: false };
}
