import { valueAt } from '../../syntax/nodes';
import type { Entry, ListNode, MapNode, Node } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { equal } from '../../text/texts';
import { asList, asMap, asScalar, joinedLists } from '../nodes';
import { standIn } from '../terraform/texts';

const elements: readonly (readonly [argument: string, element: string])[] = [
  ['sid', 'Sid'],
  ['effect', 'Effect'],
  ['actions', 'Action'],
  ['notActions', 'NotAction'],
  ['resources', 'Resource'],
  ['notResources', 'NotResource'],
];

/**
 * The arguments of `aws:iam:getPolicyDocument` as the policy that it makes, in the shape of JSON. Keys stand where the
 * source has their like. Source: Pulumi AWS provider, getPolicyDocument.
 */
export function policyOfArguments(given: MapNode): MapNode {
  const statements = valueAt(given, 'statements');
  const others = ['sourcePolicyDocuments', 'overridePolicyDocuments', 'sourceJson', 'overrideJson'];
  const open =
    given.open || others.some((name) => valueAt(given, name) !== undefined) || (statements !== undefined && statements.kind !== 'list');
  const items = (asList(statements)?.items ?? []).map((item) => (item.kind === 'map' ? statement(item) : item));
  const at = { start: given.span.start, end: given.span.start };
  const list: ListNode = { kind: 'list', span: statements?.span ?? given.span, items, open: open || (asList(statements)?.open ?? false) };
  return {
    kind: 'map',
    span: given.span,
    open,
    entries: [entry('Version', at, valueAt(given, 'version') ?? standIn('2012-10-17', at)), entry('Statement', at, list)],
  };
}

function statement(given: MapNode): MapNode {
  const entries: Entry[] = [];
  const head = given.entries[0]?.key.span ?? given.span;
  for (const [argument, element] of elements) {
    const own = given.entries.find(({ key }) => key.value === argument);
    if (own) entries.push({ ...own, key: standIn(element, own.key.span) });
    else if (element === 'Effect') entries.push(entry('Effect', head, standIn('Allow', head)));
  }
  for (const [argument, element] of [
    ['principals', 'Principal'],
    ['notPrincipals', 'NotPrincipal'],
  ] as const) {
    const own = given.entries.find(({ key }) => key.value === argument);
    if (own?.value) entries.push({ ...own, key: standIn(element, own.key.span), value: principals(own.value) });
  }
  const conditions = given.entries.find(({ key }) => key.value === 'conditions');
  if (conditions?.value)
    entries.push({ ...conditions, key: standIn('Condition', conditions.key.span), value: conditionsOf(conditions.value) });
  return { kind: 'map', span: given.span, entries, open: given.open };
}

/** Several principals of one type are one list, as the provider writes them. */
function principals(node: Node): MapNode {
  const entries: Entry[] = [];
  for (const item of asList(node)?.items ?? []) {
    const [type, identifiers] = [asScalar(valueAt(item, 'type')), valueAt(item, 'identifiers')];
    if (!type) continue;
    const same = entries.findIndex(({ key }) => equal(key, type) === true);
    if (same < 0) entries.push({ key: type, value: identifiers, span: item.span, merged: false });
    else entries[same] = { ...entries[same]!, value: joinedLists(entries[same]!.value, identifiers) };
  }
  return { kind: 'map', span: node.span, entries, open: isOpen(node) };
}

function conditionsOf(node: Node): MapNode {
  const entries: Entry[] = [];
  for (const item of asList(node)?.items ?? []) {
    const [test, variable, values] = [asScalar(valueAt(item, 'test')), asScalar(valueAt(item, 'variable')), valueAt(item, 'values')];
    if (!test || !variable) continue;
    const own: Entry = { key: variable, value: values, span: item.span, merged: false };
    const same = entries.findIndex(
      ({ key, value }) => equal(key, test) === true && asMap(value)?.entries.some((each) => equal(each.key, variable) === true),
    );
    if (same >= 0) {
      const map = entries[same]!.value as MapNode;
      entries[same] = {
        ...entries[same]!,
        value: { ...map, entries: map.entries.map((each) => ({ ...each, value: joinedLists(each.value, values) })) },
      };
    } else {
      // Two conditions of one test are no mistake: the provider joins them.
      entries.push({
        key: test,
        value: { kind: 'map', span: item.span, open: false, entries: [own] },
        span: item.span,
        merged: entries.some(({ key }) => equal(key, test) !== false),
      });
    }
  }
  return { kind: 'map', span: node.span, entries, open: isOpen(node) };
}

function isOpen(node: Node): boolean {
  return node.kind !== 'list' || node.open || node.items.some(({ kind }) => kind !== 'map');
}

function entry(key: string, at: Span, value: Node | undefined): Entry {
  return { key: standIn(key, at), value, span: at, merged: false };
}
