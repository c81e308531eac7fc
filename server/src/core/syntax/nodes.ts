import { isHole } from '../text/texts';
import type { Span } from '../text/span';
import type { Entry, MapNode, Node, UnknownNode } from './tree';

/** How much source an UnknownNode keeps: enough to name it in a message. */
const SOURCE_LIMIT = 200;

/** A node for a part that cannot be read. */
export function unknownNode(text: string, span: Span): UnknownNode {
  return { kind: 'unknown', span, source: text.slice(span.start, Math.min(span.end, span.start + SOURCE_LIMIT)) };
}

/** The node's whole place, quotes and block headers included. */
export function outerSpan(node: Node): Span {
  return node.kind === 'scalar' ? node.outer : node.span;
}

/** The last entry of that key (what Kubernetes' decoder and AWS take when a key stands twice); undefined for no map. */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  if (node?.kind !== 'map') return undefined;
  let found: Entry | undefined;
  for (const entry of node.entries) {
    if (entry.key.value !== key || entry.key.holes.length > 0) continue;
    if (!found || !entry.merged) found = entry;
  }
  return found;
}

/** The value at a path of keys; undefined where a key is missing or something on the way is no map. */
export function valueAt(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node;
  for (const key of path) at = entryOf(at, key)?.value;
  return at;
}

/** True where only a renderer knows what stands there: an UnknownNode, or a template alone in a bare scalar's place. */
export function isOpaque(node: Node | undefined): boolean {
  return node !== undefined && (node.kind === 'unknown' || (node.kind === 'scalar' && !node.quoted && isHole(node)));
}

/** The node and all nodes under it, parents first. Merged parts (aliases, merge keys) are passed over unless asked for. */
export function* walkNodes(root: Node | undefined, merged = false): Generator<Node> {
  const stack: Node[] = root ? [root] : [];
  for (let node = stack.pop(); node; node = stack.pop()) {
    yield node;
    if (node.kind === 'list') for (let i = node.items.length - 1; i >= 0; i--) stack.push(node.items[i]!);
    if (node.kind === 'map') pushValues(node, stack, merged);
  }
}

function pushValues(map: MapNode, stack: Node[], merged: boolean): void {
  for (let i = map.entries.length - 1; i >= 0; i--) {
    const { value, merged: isMerged } = map.entries[i]!;
    if (value && (merged || !isMerged)) stack.push(value);
  }
}
