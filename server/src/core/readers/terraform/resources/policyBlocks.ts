import { attributeOf, blocksOf, dynamicBlocksOf, type HclBlock, type HclBody } from '../../../syntax/hcl/body';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import { equal } from '../../../text/texts';
import { joinedLists } from '../../nodes';
import type { Evaluator } from '../evaluate/evaluator';
import { standIn } from '../texts';

/**
 * An `aws_iam_policy_document` as the policy that it makes, in the shape of JSON. Keys stand where the source has their
 * like (`actions` for Action). Source: AWS provider, data source aws_iam_policy_document.
 */
export function policyOfBlocks(block: HclBlock, evaluator: Evaluator): MapNode {
  const { body, type, span } = block;
  const items: Node[] = blocksOf(body, 'statement').map((each) => statement(each.body, each.span, each.type.span, evaluator));
  for (const dynamic of dynamicBlocksOf(body, 'statement')) {
    const content = blocksOf(dynamic.body, 'content')[0];
    if (content) items.push(statement(content.body, dynamic.span, content.type.span, evaluator.within(iteratorOf(dynamic, 'statement'))));
  }
  const others = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];
  const open = dynamicBlocksOf(body, 'statement').length > 0 || others.some((name) => attributeOf(body, name) !== undefined);
  const list: ListNode = { kind: 'list', span, items, open };
  const version = attributeOf(body, 'version');
  const entries: Entry[] = [
    entry(
      'Version',
      version?.name.span ?? type.span,
      version?.value ? evaluator.evaluate(version.value) : standIn('2012-10-17', type.span),
      version?.span ?? type.span,
    ),
    entry('Statement', type.span, list, span),
  ];
  return { kind: 'map', span, entries, open };
}

const elements: readonly (readonly [argument: string, element: string])[] = [
  ['sid', 'Sid'],
  ['effect', 'Effect'],
  ['actions', 'Action'],
  ['not_actions', 'NotAction'],
  ['resources', 'Resource'],
  ['not_resources', 'NotResource'],
];

function statement(body: HclBody, span: Span, head: Span, evaluator: Evaluator): MapNode {
  const entries: Entry[] = [];
  for (const [argument, element] of elements) {
    const attribute = attributeOf(body, argument);
    if (attribute)
      entries.push(entry(element, attribute.name.span, attribute.value && readValue(attribute.value, evaluator), attribute.span));
    else if (element === 'Effect') entries.push(entry('Effect', head, standIn('Allow', head), head));
  }
  const [principals, notPrincipals] = [
    principalEntry(body, 'principals', 'Principal', evaluator),
    principalEntry(body, 'not_principals', 'NotPrincipal', evaluator),
  ];
  const conditions = conditionEntry(body, evaluator);
  const open = ['principals', 'not_principals', 'condition'].some((name) => dynamicBlocksOf(body, name).length > 0);
  for (const each of [principals, notPrincipals, conditions]) if (each) entries.push(each);
  return { kind: 'map', span, entries, open };
}

/** Blocks of a type, those that `dynamic` makes included, with the evaluator for what stands in them. */
function* instances(
  body: HclBody,
  type: string,
  evaluator: Evaluator,
): Generator<{ block: HclBlock; body: HclBody; evaluator: Evaluator }> {
  for (const block of blocksOf(body, type)) yield { block, body: block.body, evaluator };
  for (const block of dynamicBlocksOf(body, type)) {
    const content = blocksOf(block.body, 'content')[0];
    if (content) yield { block, body: content.body, evaluator: evaluator.within(iteratorOf(block, type)) };
  }
}

function iteratorOf(dynamic: HclBlock, type: string): string {
  const iterator = attributeOf(dynamic.body, 'iterator')?.value;
  return iterator?.kind === 'reference' ? iterator.root : type;
}

/** `principals` blocks; several of one type are one list, as the provider writes them. */
function principalEntry(body: HclBody, type: string, element: string, evaluator: Evaluator): Entry | undefined {
  const entries: Entry[] = [];
  let place: { head: Span; span: Span } | undefined;
  for (const { block, body: inner, evaluator: within } of instances(body, type, evaluator)) {
    place = { head: place?.head ?? block.type.span, span: { start: place?.span.start ?? block.span.start, end: block.span.end } };
    const kind = attributeOf(inner, 'type')?.value;
    const identifiers = attributeOf(inner, 'identifiers')?.value;
    const key = kind && within.evaluate(kind);
    if (key?.kind !== 'scalar') continue;
    const value = identifiers && readValue(identifiers, within);
    const same = entries.findIndex((each) => equal(each.key, key) === true);
    if (same >= 0) entries[same] = { ...entries[same]!, value: joinedLists(entries[same]!.value, value) };
    else entries.push({ key, value, span: block.span, merged: false });
  }
  if (!place) return undefined;
  const open = dynamicBlocksOf(body, type).length > 0;
  return entry(element, place.head, { kind: 'map', span: place.span, entries, open }, place.span);
}

/** `condition` blocks; those of one test and variable are one list of values, as the provider writes them. */
function conditionEntry(body: HclBody, evaluator: Evaluator): Entry | undefined {
  const operators: Entry[] = [];
  let place: { head: Span; span: Span } | undefined;
  for (const { block, body: inner, evaluator: within } of instances(body, 'condition', evaluator)) {
    place = { head: place?.head ?? block.type.span, span: { start: place?.span.start ?? block.span.start, end: block.span.end } };
    const [test, variable, values] = ['test', 'variable', 'values'].map((name) => attributeOf(inner, name)?.value);
    const [operator, key] = [test && within.evaluate(test), variable && readValue(variable, within)];
    if (operator?.kind !== 'scalar' || key?.kind !== 'scalar') continue;
    const list = values && readValue(values, within);
    const same = operators.findIndex(
      (each) =>
        equal(each.key, operator) === true && each.value?.kind === 'map' && each.value.entries.some((one) => equal(one.key, key) === true),
    );
    if (same >= 0) {
      const before = operators[same]!;
      const map = before.value as MapNode;
      operators[same] = {
        ...before,
        value: { ...map, entries: map.entries.map((one) => ({ ...one, value: joinedLists(one.value, list) })) },
      };
      continue;
    }
    const map: MapNode = { kind: 'map', span: block.span, open: false, entries: [{ key, value: list, span: block.span, merged: false }] };
    // Two blocks of one test are no mistake: the provider joins them.
    operators.push({ key: operator, value: map, span: block.span, merged: operators.some((each) => equal(each.key, operator) !== false) });
  }
  if (!place) return undefined;
  return entry(
    'Condition',
    place.head,
    { kind: 'map', span: place.span, entries: operators, open: dynamicBlocksOf(body, 'condition').length > 0 },
    place.span,
  );
}

/** A value of the document, with `&{…}` read as the policy variable that it becomes. */
function readValue(expression: Parameters<Evaluator['evaluate']>[0], evaluator: Evaluator): Node {
  const node = evaluator.evaluate(expression);
  if (node.kind === 'scalar') return withVariables(node);
  return node.kind === 'list' ? { ...node, items: node.items.map((item) => (item.kind === 'scalar' ? withVariables(item) : item)) } : node;
}

function withVariables(node: ScalarNode): ScalarNode {
  return node.value.includes('&{') ? { ...node, value: node.value.replaceAll('&{', '${') } : node;
}

function entry(key: string, at: Span, value: Node | undefined, span: Span): Entry {
  return { key: standIn(key, at), value, span, merged: false };
}
