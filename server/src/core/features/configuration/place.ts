import type { SourceDocument } from '../../syntax/sourceFile';
import type { Entry, Node } from '../../syntax/tree';

/** A key of the configuration at some offset, and the way to its map. */
export interface KeyPlace {
  readonly path: readonly (string | number)[];
  readonly entry: Entry;
}

/** The key at an offset of the document; undefined elsewhere. */
export function keyAt(document: SourceDocument, offset: number): KeyPlace | undefined {
  const visit = (node: Node | undefined, path: readonly (string | number)[]): KeyPlace | undefined => {
    if (!node || offset < node.span.start || offset > node.span.end) return undefined;
    if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) {
        const found = visit(item, [...path, index]);
        if (found) return found;
      }
      return undefined;
    }
    if (node.kind !== 'map') return undefined;
    for (const entry of node.entries) {
      if (entry.merged) continue;
      if (offset >= entry.key.outer.start && offset <= entry.key.outer.end) return { path, entry };
      const found = visit(entry.value, [...path, entry.key.value]);
      if (found) return found;
    }
    return undefined;
  };
  return visit(document.tree().root, []);
}
