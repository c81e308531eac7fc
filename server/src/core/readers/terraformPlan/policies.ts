import type { Entry, ListNode, MapNode, Node } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { valueAt } from '../../syntax/nodes';
import { asList, asScalar, joinedLists } from '../nodes';
import { statementElements } from '../terraform/statementElements';
import { standIn } from '../terraform/texts';
import type { PlannedResource } from './plan';
import type { PlanTools } from './port';
import type { References } from './references';
import { literalTree } from './values';

/** How far a policy is looked for, from one argument to another. */
const mostSources = 20;

/**
 * A role's trust policy as a tree: the text that the plan holds; or, where that is known after apply alone, what the plan
 * holds of the `aws_iam_policy_document` that it comes from. Undefined where nothing tells.
 */
export function trustPolicyOf(role: PlannedResource, references: References, { parseEmbedded }: PlanTools): MapNode | undefined {
  const node = asScalar(valueAt(role.values(), 'assume_role_policy'));
  if (!node) return undefined;
  if (node.holes.length === 0) {
    const root = parseEmbedded(node, 'json')?.root;
    return root?.kind === 'map' ? (literalTree(root) as MapNode) : undefined;
  }
  const { found, open } = references.ofArgument(role, ['assume_role_policy']);
  const documents = new Set(found.slice(0, mostSources).map(({ resource }) => resource));
  const [only] = documents;
  if (!only || documents.size > 1 || open || only.mode !== 'data' || only.type !== 'aws_iam_policy_document') return undefined;
  const values = only.values();
  return values && policyOfDocument(values);
}

/**
 * An `aws_iam_policy_document` as the policy that it makes. Source: AWS provider, data source aws_iam_policy_document; the
 * policy is the same as Terraform writes it, less the parts that are known after apply.
 */
function policyOfDocument(values: MapNode): MapNode {
  const { span } = values;
  const statements = asList(valueAt(values, 'statement'));
  const others = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];
  const open = others.some((name) => {
    const value = valueAt(values, name);
    return value && !(value.kind === 'scalar' && value.type === 'null') && !(value.kind === 'list' && value.items.length === 0);
  });
  const list: ListNode = {
    kind: 'list',
    span: statements?.span ?? span,
    items: (statements?.items ?? []).map((item) => (item.kind === 'map' ? statementOf(item) : item)),
    open: open || !statements,
  };
  const version = asScalar(valueAt(values, 'version'));
  return map(span, [
    ['Version', version && version.type !== 'null' ? version : standIn('2012-10-17', span)],
    ['Statement', list],
  ]);
}

function statementOf(values: MapNode): MapNode {
  const entries: (readonly [string, Node])[] = [];
  const effect = asScalar(valueAt(values, 'effect'));
  entries.push(['Effect', effect && effect.type !== 'null' ? effect : standIn('Allow', values.span)]);
  for (const [argument, element] of statementElements) {
    const value = valueAt(values, argument);
    if (isFilled(value)) entries.push([element, value]);
  }
  for (const [argument, element] of [
    ['principals', 'Principal'],
    ['not_principals', 'NotPrincipal'],
  ] as const) {
    const principals = principalsOf(valueAt(values, argument));
    if (principals) entries.push([element, principals]);
  }
  const conditions = conditionsOf(valueAt(values, 'condition'));
  if (conditions) entries.push(['Condition', conditions]);
  return map(values.span, entries);
}

function isFilled(value: Node | undefined): value is Node {
  if (!value || (value.kind === 'scalar' && (value.type === 'null' || value.value === ''))) return false;
  return value.kind !== 'list' || value.items.length > 0;
}

function principalsOf(node: Node | undefined): MapNode | undefined {
  if (!isFilled(node)) return undefined;
  const entries: Entry[] = [];
  for (const item of node.kind === 'list' ? node.items : []) {
    const [key, value] = [asScalar(valueAt(item, 'type')), valueAt(item, 'identifiers')];
    if (!key) continue;
    const same = entries.findIndex((entry) => entry.key.value === key.value);
    if (same >= 0) entries[same] = { ...entries[same]!, value: joinedLists(entries[same]!.value, value) };
    else entries.push({ key, value, span: item.span, merged: false });
  }
  return { kind: 'map', span: node.span, entries, open: node.kind !== 'list' };
}

/** Conditions of one test and variable are one list of values, as the provider writes them. */
function conditionsOf(node: Node | undefined): MapNode | undefined {
  if (!isFilled(node)) return undefined;
  const operators = new Map<string, Entry & { readonly value: MapNode }>();
  for (const item of node.kind === 'list' ? node.items : []) {
    const [test, key] = [asScalar(valueAt(item, 'test')), asScalar(valueAt(item, 'variable'))];
    if (!test || !key) continue;
    const before = operators.get(test.value);
    const same = key.holes.length === 0 ? before?.value.entries.find((entry) => entry.key.value === key.value) : undefined;
    const values = joinedLists(same?.value, valueAt(item, 'values'));
    const own: Entry = { key, value: values, span: item.span, merged: false };
    const entries = same ? before!.value.entries.map((entry) => (entry === same ? own : entry)) : [...(before?.value.entries ?? []), own];
    operators.set(test.value, {
      key: test,
      value: { kind: 'map', span: before?.value.span ?? item.span, entries, open: false },
      span: item.span,
      merged: false,
    });
  }
  return { kind: 'map', span: node.span, entries: [...operators.values()], open: node.kind !== 'list' };
}

function map(span: Span, entries: readonly (readonly [string, Node])[]): MapNode {
  return {
    kind: 'map',
    span,
    open: false,
    entries: entries.map(([key, value]) => ({ key: standIn(key, span), value, span: value.span, merged: false })),
  };
}
