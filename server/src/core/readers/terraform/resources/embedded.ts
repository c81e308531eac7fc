import { parseEmbedded } from '../../../syntax/embedded';
import type { Entry, Node } from '../../../syntax/tree';
import type { Known } from '../texts';

/** The tree of a text that is written out: what one expression gives whole refers to what the expression does. */
export function parsedText(text: Known, language: 'json' | 'yaml'): Node | undefined {
  const root = parseEmbedded(text, language)?.root;
  return root && text.lent ? withReferences(root, text.lent) : root;
}

function withReferences(node: Node, lent: NonNullable<Known['lent']>): Node {
  switch (node.kind) {
    case 'scalar': {
      const [piece, more] = node.borrowed ?? [];
      const whole = piece && !more && piece.start === 0 && piece.end === node.value.length;
      return whole ? { ...node, ...lent.get(piece.span.start) } : node;
    }
    case 'list':
      return { ...node, items: node.items.map((item) => withReferences(item, lent)) };
    case 'map':
      return {
        ...node,
        entries: node.entries.map((entry): Entry => ({ ...entry, value: entry.value && withReferences(entry.value, lent) })),
      };
    case 'unknown':
      return node;
  }
}
