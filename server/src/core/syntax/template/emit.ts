import { lineStart } from '../../text/lineIndex';
import { outerSpan, unknownNode } from '../nodes';
import type { Node } from '../tree';
import type { Emission } from './mask';

/** Marks what an emission's lines may add to: the collection at its column, or the key that it is the value of. */
export function emit(node: Node | undefined, emission: Emission, text: string): Node {
  const { start } = emission.span;
  if (node === undefined) return unknownNode(text, emission.span);
  if (node.kind === 'map') {
    const index = lastBefore(
      node.entries.map((entry) => entry.span.start),
      start,
    );
    const entry = node.entries[index];
    if (!entry || columnOf(text, node.span.start) > emission.column || entry.merged) return { ...node, open: true };
    const column = columnOf(text, entry.key.outer.start);
    if (!belongs(entry.value, emission, text, column)) return { ...node, open: true };
    const entries = node.entries.slice();
    entries[index] = { ...entry, value: emit(entry.value, emission, text) };
    // At the key's own column it may be the list of the key or the map's next lines.
    return { ...node, entries, open: node.open || emission.column <= column };
  }
  if (node.kind === 'list') {
    const index = lastBefore(
      node.items.map((item) => outerSpan(item).start),
      start,
    );
    const item = node.items[index];
    if (!item || !belongs(item, emission, text, columnOf(text, node.span.start))) return { ...node, open: true };
    const items = node.items.slice();
    items[index] = emit(item, emission, text);
    return { ...node, items };
  }
  return node;
}

/** Whether lines at the emission's column go on with this value rather than with what holds it. */
function belongs(value: Node | undefined, emission: Emission, text: string, holderColumn: number): boolean {
  if (value === undefined) return emission.column >= holderColumn;
  if (value.kind === 'scalar') return false;
  if (value.kind === 'unknown') return emission.column > holderColumn;
  if (emission.span.start < value.span.start) return true;
  return emission.column >= columnOf(text, value.span.start);
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

function lastBefore(starts: readonly number[], offset: number): number {
  let found = -1;
  starts.forEach((start, i) => {
    if (start <= offset) found = i;
  });
  return found;
}
