import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { documentOffset, documentSpan, valueOffset } from '../text/texts';
import type { Entry, Node, ScalarNode, Tree } from './tree';

/**
 * Moves a tree whose spans are offsets of `outer.value` to the document that holds `outer`: spans and
 * maps lead there, and the scalars' encodings take `outer`'s about them.
 */
export function rebaseTree(tree: Tree, outer: Text): Tree {
  const move = (span: Span) => documentSpan(outer, span.start, span.end);
  return {
    ...tree,
    root: tree.root && rebaseNode(tree.root, outer),
    problems: tree.problems.map((problem) => ({ ...problem, span: move(problem.span) })),
    comments: tree.comments.map((comment) => ({ ...comment, span: move(comment.span) })),
  };
}

/** The same for one node and all under it. */
export function rebaseNode(node: Node, outer: Text): Node {
  const span = documentSpan(outer, node.span.start, node.span.end);
  switch (node.kind) {
    case 'scalar':
      return rebaseScalar(node, outer);
    case 'unknown':
      return { ...node, span, ...(node.tagged ? { tagged: { tag: node.tagged.tag, node: rebaseNode(node.tagged.node, outer) } } : {}) };
    case 'list':
      return { ...node, span, items: node.items.map((item) => rebaseNode(item, outer)) };
    case 'map':
      return { ...node, span, entries: node.entries.map((entry) => rebaseEntry(entry, outer)) };
  }
}

function rebaseEntry(entry: Entry, outer: Text): Entry {
  return {
    ...entry,
    key: rebaseScalar(entry.key, outer),
    value: entry.value && rebaseNode(entry.value, outer),
    span: documentSpan(outer, entry.span.start, entry.span.end),
  };
}

function rebaseScalar(node: ScalarNode, outer: Text): ScalarNode {
  const span = documentSpan(outer, node.span.start, node.span.end);
  const map = composeMaps(node, outer);
  const borrowed = outer.borrowed
    ?.filter((piece) => piece.end > node.span.start && piece.start < node.span.end)
    .map((piece) => ({ start: valueOffset(node, piece.start), end: valueOffset(node, piece.end), span: piece.span }));
  const { map: _, ...rest } = node;
  return {
    ...rest,
    span,
    outer: documentSpan(outer, node.outer.start, node.outer.end),
    encodings: [...node.encodings, ...outer.encodings],
    ...(map.length === 1 && map[0]![0] === 0 && map[0]![1] === span.start && node.value.length === span.end - span.start ? {} : { map }),
    ...(borrowed && borrowed.length > 0 ? { borrowed } : {}),
  };
}

/** Pairs [offset of the inner value, offset in the document]: the inner map followed by the outer one. */
export function composeMaps(inner: Pick<Text, 'value' | 'map' | 'span'>, outer: Text): (readonly [number, number])[] {
  const pairs = inner.map ?? [[0, inner.span.start] as const];
  const breaks = outer.map ?? [];
  const composed: (readonly [number, number])[] = [];
  for (let i = 0; i < pairs.length; i++) {
    const [value, at] = pairs[i]!;
    const length = (pairs[i + 1]?.[0] ?? inner.value.length) - value;
    composed.push([value, documentOffset(outer, at)]);
    for (let j = firstAfter(breaks, at); j < breaks.length && breaks[j]![0] - at < length; j++) {
      composed.push([value + breaks[j]![0] - at, breaks[j]![1]]);
    }
  }
  return composed;
}

function firstAfter(pairs: readonly (readonly [number, number])[], offset: number): number {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pairs[middle]![0] <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
