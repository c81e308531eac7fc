import { attributeOf, type HclBlock, type HclBody, type HclExpression } from '../../../syntax/hcl/body';
import { entryOf, isOpaque } from '../../../syntax/nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../../syntax/tree';
import type { Span } from '../../../text/span';
import { equal, literal } from '../../../text/texts';
import { joinedLists } from '../../nodes';
import { madeBlocks } from '../evaluate/blocks';
import type { Evaluator } from '../evaluate/evaluator';
import { statementElements } from '../statementElements';
import { standIn } from '../texts';
import { policySources } from './policySource';

/**
 * An `aws_iam_policy_document` as the policy that it makes, in the shape of JSON. Keys stand where the source has their
 * like (`actions` for Action). Source: AWS provider, data source aws_iam_policy_document.
 */
export function policyOfBlocks(block: HclBlock, evaluator: Evaluator): MapNode {
  const { body, type, span } = block;
  const { blocks, open } = madeBlocks(body, 'statement', evaluator);
  const own = blocks.map(({ block: each, body: inner, evaluator: within, uncertain }) =>
    statement(inner, each.span, each.type.span, within, uncertain),
  );
  const [sources, overrides] = [
    otherDocuments(body, ['source_policy_documents', 'source_json'], evaluator),
    otherDocuments(body, ['override_policy_documents', 'override_json'], evaluator),
  ];
  const items = overrides.statements.reduce(overridden, [...sources.statements, ...own]);
  const isOpen = open || sources.open || overrides.open;
  const list: ListNode = { kind: 'list', span, items, open: isOpen };
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
  return { kind: 'map', span, entries, open: isOpen };
}

/** So many statements of other documents are read. IAM's own limit of a trust policy's length is far below. */
const mostIncluded = 200;

/** The statements of documents that this one is made of. They stand where the argument names them. */
export function otherDocuments(body: HclBody, names: readonly string[], evaluator: Evaluator): { statements: Node[]; open: boolean } {
  const statements: Node[] = [];
  let open = false;
  for (const name of names) {
    const value = attributeOf(body, name)?.value;
    for (const expression of value?.kind === 'tuple' ? value.items : value ? [value] : []) {
      const found = policySources(expression, evaluator);
      const [source] = found;
      const inner = found.length === 1 && source && 'node' in source ? source.node : undefined;
      const list = inner && entryOf(inner, 'Statement')?.value;
      if (list?.kind === 'list' || list?.kind === 'map') {
        open ||= (inner as MapNode).open || (list.kind === 'list' && list.open);
        for (const each of list.kind === 'list' ? list.items : [list]) {
          // Documents that include one another twice double.
          if (statements.length < mostIncluded) statements.push(evaluator.relocated(each, expression.span));
          else open = true;
        }
      } else if (!(found.length === 0 && isNull(evaluator.evaluate(expression)))) open = true;
    }
  }
  return { statements, open };
}

function isNull(node: Node): boolean {
  return (
    (node.kind === 'scalar' && (node.type === 'null' || node.value === '')) ||
    (node.kind === 'list' && !node.open && node.items.length === 0)
  );
}

/** A statement over those before it: in the place of the one with its Sid. */
function overridden(statements: Node[], by: Node): Node[] {
  const sid = sidOf(by);
  const at = sid === undefined ? -1 : statements.findIndex((each) => sidOf(each) === sid);
  return at < 0 ? [...statements, by] : statements.map((each, i) => (i === at ? by : each));
}

function sidOf(statement: Node): string | undefined {
  const sid = entryOf(statement, 'Sid')?.value;
  return sid?.kind === 'scalar' ? literal(sid) || undefined : undefined;
}

const [sid, ...others] = statementElements;
const elements: readonly (readonly [argument: string, element: string])[] = [sid, ['effect', 'Effect'], ...others];
/** Elements that a trust policy has no use for: an argument that may be null is told to be there by its value alone. */
const unusual = new Set(['Sid', 'NotAction', 'Resource', 'NotResource']);

function statement(body: HclBody, span: Span, head: Span, evaluator: Evaluator, uncertain: boolean): MapNode {
  const entries: Entry[] = [];
  let open = uncertain;
  for (const [argument, element] of elements) {
    const attribute = attributeOf(body, argument);
    const value = attribute?.value && readValue(attribute.value, evaluator);
    if (attribute && value && isNull(value)) {
      if (element === 'Effect') entries.push(entry('Effect', head, standIn('Allow', head), head));
    } else if (value && unusual.has(element) && isUnknown(value)) open = true;
    else if (attribute) entries.push(entry(element, attribute.name.span, value, attribute.span));
    else if (element === 'Effect') entries.push(entry('Effect', head, standIn('Allow', head), head));
  }
  const [principals, notPrincipals, conditions] = [
    principalEntry(body, 'principals', 'Principal', evaluator),
    principalEntry(body, 'not_principals', 'NotPrincipal', evaluator),
    conditionEntry(body, evaluator),
  ];
  for (const each of [principals, notPrincipals, conditions]) {
    if (each.entry) entries.push(each.entry);
    open ||= each.open;
  }
  return { kind: 'map', span, entries, open };
}

/** True where nothing of a value is known, be it there or null. */
function isUnknown(node: Node): boolean {
  return isOpaque(node) || (node.kind === 'list' && node.open && node.items.length === 0);
}

interface Read {
  readonly entry?: Entry;
  /** True where there may be more. */
  readonly open: boolean;
}

/** `principals` blocks; several of one type are one list, as the provider writes them. */
function principalEntry(body: HclBody, type: string, element: string, evaluator: Evaluator): Read {
  const entries: Entry[] = [];
  let place: { head: Span; span: Span } | undefined;
  const { blocks, open } = madeBlocks(body, type, evaluator);
  for (const { block, body: inner, evaluator: within } of blocks) {
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
  if (!place) return { open };
  return { entry: entry(element, place.head, { kind: 'map', span: place.span, entries, open }, place.span), open };
}

/** `condition` blocks; those of one test and variable are one list of values, as the provider writes them. */
function conditionEntry(body: HclBody, evaluator: Evaluator): Read {
  const operators: Entry[] = [];
  let place: { head: Span; span: Span } | undefined;
  const { blocks, open } = madeBlocks(body, 'condition', evaluator);
  for (const { block, body: inner, evaluator: within } of blocks) {
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
  if (!place) return { open };
  return { entry: entry('Condition', place.head, { kind: 'map', span: place.span, entries: operators, open }, place.span), open };
}

/** A value of the document, with `&{…}` read as the policy variable that it becomes. */
function readValue(expression: HclExpression, evaluator: Evaluator): Node {
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
