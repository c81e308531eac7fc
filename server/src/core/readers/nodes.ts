import { valueAt } from '../syntax/nodes';
import { isHole } from '../text/texts';
import type { Text } from '../text/text';
import type { ListNode, MapNode, Node, ScalarNode } from '../syntax/tree';

/** The node as a map, else undefined. */
export function asMap(node: Node | undefined): MapNode | undefined {
  return node?.kind === 'map' ? node : undefined;
}

/** The node as a list, else undefined. */
export function asList(node: Node | undefined): ListNode | undefined {
  return node?.kind === 'list' ? node : undefined;
}

/** The node as a scalar, else undefined. */
export function asScalar(node: Node | undefined): ScalarNode | undefined {
  return node?.kind === 'scalar' ? node : undefined;
}

/** A key's value where it is a string without holes. */
export function literalAt(node: Node | undefined, ...path: readonly string[]): string | undefined {
  const value = valueAt(node, ...path);
  return value?.kind === 'scalar' && value.holes.length === 0 && value.type === 'string' ? value.value : undefined;
}

/** The maps of a list; none where it is no list. */
export function items(node: Node | undefined): MapNode[] {
  return asList(node)?.items.filter((item): item is MapNode => item.kind === 'map') ?? [];
}

/** Whether a scalar is `true`. */
export function isTrue(node: Node | undefined): boolean {
  return asScalar(node)?.value === 'true';
}

/**
 * A key's value as a text for facts: empty strings and null count as absent, and what could not be
 * read (a template alone, a tag) is one nameless hole.
 */
export function textAt(node: Node | undefined, ...path: readonly string[]): Text | undefined {
  const value = valueAt(node, ...path);
  if (value?.kind === 'unknown') {
    const { span, source } = value;
    const hole = { start: 0, end: source.length, source, named: false };
    return { value: source, holes: [hole], span, outer: span, encodings: [], quoted: false };
  }
  if (value?.kind !== 'scalar' || value.type === 'null' || value.value === '') return undefined;
  return toText(value);
}

/** The scalar's text alone, for facts: no parts of the tree. */
export function toText(node: Text): Text {
  const { value, holes, span, outer, map, borrowed, encodings, quoted, refers, filledBy } = node;
  return {
    value,
    holes,
    span,
    outer,
    encodings,
    quoted,
    ...(map ? { map } : {}),
    ...(borrowed ? { borrowed } : {}),
    ...(refers ? { refers } : {}),
    ...(filledBy ? { filledBy } : {}),
  };
}

/** True where a renderer decides what stands here: a template alone, a tag, a variable. */
export function isRendered(node: Node | undefined): boolean {
  return node?.kind === 'unknown' || (node?.kind === 'scalar' && isHole(node));
}

/** Values of two conditions or principals as one list that no edit takes apart. */
export function joinedLists(a: Node | undefined, b: Node | undefined): Node | undefined {
  if (!a || !b) return a ?? b;
  const [left, right] = [a, b].map((node): ListNode =>
    node.kind === 'list'
      ? node
      : { kind: 'list', span: node.span, items: node.kind === 'scalar' ? [node] : [], open: node.kind !== 'scalar' },
  ) as [ListNode, ListNode];
  return {
    kind: 'list',
    span: { start: left.span.start, end: right.span.end },
    items: [...left.items, ...right.items],
    open: left.open || right.open,
  };
}
