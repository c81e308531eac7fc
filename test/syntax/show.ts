import { documentSpan } from '../../server/src/core/text/texts';
import type { Node, ScalarNode, Tree } from '../../server/src/core/syntax/tree';

/**
 * A tree in one line, for tests that state what was read: `{a: "text", b: [1, yes], +}`. Strings are in
 * quotes, holes in guillemets, `+` marks an open collection, `~` a merged entry, `?` what is unknown,
 * `-` a value that is not there.
 */
export function show(node: Node | undefined): string {
  if (!node) return '-';
  switch (node.kind) {
    case 'scalar':
      return scalar(node);
    case 'unknown':
      return `?${node.source}?`;
    case 'list':
      return `[${[...node.items.map(show), ...(node.open ? ['+'] : [])].join(', ')}]`;
    case 'map': {
      const entries = node.entries.map((e) => `${e.merged ? '~' : ''}${bare(e.key)}: ${show(e.value)}`);
      return `{${[...entries, ...(node.open ? ['+'] : [])].join(', ')}}`;
    }
  }
}

function scalar(node: ScalarNode): string {
  return node.type === 'string' ? `"${bare(node)}"` : bare(node) || 'null';
}

function bare(node: ScalarNode): string {
  let out = '';
  let at = 0;
  for (const hole of node.holes) {
    out += `${node.value.slice(at, hole.start)}«${hole.source}»`;
    at = hole.end;
  }
  return out + node.value.slice(at);
}

/** Checks of any tree, whatever the text: spans in order and inside, holes inside, maps exact at both ends. */
export function faults(tree: Tree, text: string): string[] {
  const found: string[] = [];
  const check = (ok: boolean, what: string) => {
    if (!ok) found.push(what);
  };
  const inside = (span: { start: number; end: number }) => span.start >= 0 && span.start <= span.end && span.end <= text.length;
  const visitScalar = (node: ScalarNode) => {
    check(inside(node.span) && inside(node.outer), `span of ${JSON.stringify(node.value.slice(0, 40))}`);
    check(node.outer.start <= node.span.start && node.span.end <= node.outer.end, `outer of ${JSON.stringify(node.value.slice(0, 40))}`);
    for (const hole of node.holes) check(hole.start >= 0 && hole.end <= node.value.length && hole.start <= hole.end, 'hole');
    for (let i = 1; i < (node.map?.length ?? 0); i++) {
      check(node.map![i]![0] > node.map![i - 1]![0] && node.map![i]![1] >= node.map![i - 1]![1], 'map ascends');
    }
    check(inside(documentSpan(node, 0, node.value.length)), 'documentSpan');
  };
  const visit = (node: Node) => {
    check(inside(node.span), `span of a ${node.kind}`);
    if (node.kind === 'scalar') visitScalar(node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') {
      for (const entry of node.entries) {
        check(inside(entry.span), 'span of an entry');
        visitScalar(entry.key);
        if (entry.value) visit(entry.value);
      }
    }
  };
  if (tree.root) visit(tree.root);
  for (const part of [...tree.problems, ...tree.comments]) check(inside(part.span), 'span of a problem or comment');
  return found;
}
