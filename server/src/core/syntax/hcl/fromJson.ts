import { Closings } from '../../text/holes';
import type { Span } from '../../text/span';
import { outerSpan } from '../nodes';
import type { MapNode, Node, ScalarNode, Tree } from '../tree';
import type { HclBlock, HclBody, HclEntry, HclExpression, HclName, HclPart, HclStep } from './body';

/**
 * A Terraform file in JSON as the body that it is: blocks with as many labels as their type has, everything else as
 * attribute and as block alike, for JSON does not tell them apart. Source: Terraform, JSON configuration syntax.
 */
export function hclFromJson(tree: Tree, text: string): HclBody {
  const span = { start: 0, end: text.length };
  if (tree.root?.kind !== 'map') return { span, attributes: [], blocks: [] };
  const blocks = tree.root.entries.flatMap(({ key, value }) => (value ? labelled(nameOf(key), value, [], labelsOf(key.value), text) : []));
  return { span, attributes: [], blocks };
}

function labelsOf(type: string): number {
  if (type === 'resource' || type === 'data') return 2;
  return type === 'variable' || type === 'module' || type === 'provider' || type === 'output' ? 1 : 0;
}

/** Blocks below the maps that hold their labels. */
function labelled(type: HclName, node: Node, labels: readonly HclName[], missing: number, text: string): HclBlock[] {
  if (node.kind === 'list') return node.items.flatMap((item) => labelled(type, item, labels, missing, text));
  if (node.kind !== 'map') return [];
  if (missing === 0) return [{ type, labels, body: bodyOf(node, text, 0), span: node.span }];
  return node.entries.flatMap(({ key, value }) => (value ? labelled(type, value, [...labels, nameOf(key)], missing - 1, text) : []));
}

const deepest = 60;

function bodyOf(map: MapNode, text: string, depth: number): HclBody {
  const attributes = map.entries.map(({ key, value, span }) => ({ name: nameOf(key), value: value && expressionOf(value, text), span }));
  const blocks = depth > deepest ? [] : map.entries.flatMap(({ key, value }) => blocksOf(nameOf(key), value, text, depth));
  return { span: map.span, attributes, blocks };
}

function blocksOf(type: HclName, value: Node | undefined, text: string, depth: number): HclBlock[] {
  if (value?.kind === 'list') return value.items.flatMap((item) => (item.kind === 'map' ? blocksOf(type, item, text, depth) : []));
  return value?.kind === 'map' ? [{ type, labels: [], body: bodyOf(value, text, depth + 1), span: value.span }] : [];
}

function nameOf(key: ScalarNode): HclName {
  return { text: key.value, span: key.span };
}

function expressionOf(node: Node, text: string): HclExpression {
  switch (node.kind) {
    case 'list':
      return { kind: 'tuple', items: node.items.map((item) => expressionOf(item, text)), span: node.span };
    case 'map':
      return {
        kind: 'object',
        span: node.span,
        entries: node.entries.map(({ key, value, span }): HclEntry => ({
          key: templateOf(key, text),
          value: value && expressionOf(value, text),
          span,
        })),
      };
    case 'unknown':
      return { kind: 'unknown', span: outerSpan(node) };
    case 'scalar':
      return node.type === 'string' ? templateOf(node, text) : { kind: 'literal', type: node.type, text: node.value, span: node.span };
  }
}

/** A string with its `${…}`; references alone are read in them. */
function templateOf(node: ScalarNode, text: string): HclExpression {
  const parts: HclPart[] = [];
  const source = text.slice(node.span.start, node.span.end);
  const closings = new Closings(source);
  for (let at = source.search(/[$%]\{/); at >= 0 && at < source.length;) {
    if (source[at - 1] === source[at]) at += 2;
    else {
      const end = closings.end(at);
      if (end === undefined) break;
      const span = { start: node.span.start + at, end: node.span.start + end };
      const inner = source.slice(at + 2, end - 1);
      parts.push({
        span,
        trimBefore: false,
        trimAfter: false,
        ...(source[at] === '$' ? { expression: reference(inner, { start: span.start + 2, end: span.end - 1 }) } : {}),
      });
      at = end;
    }
    const next = source.slice(at).search(/[$%]\{/);
    at = next < 0 ? -1 : at + next;
  }
  return { kind: 'template', span: node.outer, content: node.span, parts, heredoc: 'none' };
}

function reference(source: string, span: Span): HclExpression {
  const match = /^\s*([A-Za-z_][\w-]*)((?:\.[\w-]+|\[\d+\])*)\s*$/.exec(source);
  if (!match) return { kind: 'unknown', span };
  const steps = [...match[2]!.matchAll(/\.([A-Za-z_][\w-]*)|\.(\d+)|\[(\d+)\]/g)].map(([, name, ...numbers]): HclStep =>
    name !== undefined ? { kind: 'attribute', name } : { kind: 'index', index: Number(numbers.find((number) => number !== undefined)) },
  );
  return { kind: 'reference', root: match[1]!, steps, span };
}
