import type { DocumentRef, SourceDocument } from '../../syntax/sourceFile';
import { terraformReading } from '../../readers/terraform/port';
import { hclParser } from '../../syntax/hcl/parser';
import { parseEmbedded } from '../../syntax/embedded';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree';
import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import { documentOffset } from '../../text/texts';

/** Where a completion is asked for: the way from the root to the cursor. */
export interface CompletionContext {
  readonly doc: DocumentRef;
  /** The root of the innermost document: a trust policy inside a YAML scalar is a root of its own. */
  readonly root: Node;
  /** Keys and list indices from the root to the cursor's node. A key being typed is the last element and may be incomplete. */
  readonly path: readonly (string | number)[];
  /** The maps on the way, outermost first, as they are without what is being typed. */
  readonly maps: readonly MapNode[];
  readonly at: 'key' | 'value';
  /** What stands before the cursor of the word being typed. */
  readonly prefix: string;
  /** What an item replaces, from the document's start, in the document as it is. */
  readonly span: Span;
  /** How the word stands: inside quotes an item is only the text, elsewhere it brings what the language needs. */
  readonly quoted: boolean;
  readonly syntax: 'yaml' | 'json';
  /** For keys: true when a colon already follows. */
  readonly hasColon: boolean;
  /** For list items and values: the scalar's siblings in the same list. */
  readonly siblings: readonly string[];
}

/** A word that no file holds; it marks the cursor in a copy of the text. */
const marker = 'podRolesCursorHere';

/**
 * Finds the cursor's place by reading a copy of the document in which a word stands at the cursor:
 * so a half-written line is whole enough for the parser.
 * @param offset UTF-16, from the document's start.
 */
export function completionContext(document: SourceDocument, offset: number): CompletionContext | undefined {
  for (const inserted of candidates(document, offset)) {
    const text = document.text.slice(0, offset) + inserted.text + document.text.slice(offset);
    for (const root of rootsOf(document, text)) {
      const found = locate(root, [], []);
      if (found) return contextOf(document, offset, inserted, found);
    }
  }
  return undefined;
}

/** The nodes in which the cursor is looked for: the document's own root, or the shapes that a Terraform file holds. */
function* rootsOf(document: SourceDocument, text: string): Generator<Node> {
  const { syntax, ref } = document;
  if (syntax === 'hcl') {
    const tree = hclParser() && document.parse(text);
    if (tree) yield* terraformReading()?.shapesOf({ doc: ref, text, tree }) ?? [];
    return;
  }
  const { root } = document.parse(text);
  if (root) yield root;
}

interface Inserted {
  readonly text: string;
  /** True when the marker brought its own quotes or colon. */
  readonly bare: boolean;
}

function candidates(document: SourceDocument, offset: number): Inserted[] {
  const before = document.text.slice(lineStart(document.text, offset), offset);
  const after = /^[^\r\n]*/.exec(document.text.slice(offset))![0];
  if (document.syntax === 'hcl') return [{ text: insideQuotes(before) ? marker : `"${marker}"`, bare: !insideQuotes(before) }];
  if (document.syntax === 'json') {
    return insideQuotes(before)
      ? [{ text: marker, bare: false }]
      : [
          { text: `"${marker}"`, bare: true },
          { text: `"${marker}": 0`, bare: true },
          { text: `"${marker}": 0,`, bare: true },
        ];
  }
  const plain = { text: marker, bare: false };
  const word = /^[ \t]*(?:- +)?[^\s:#'"]*$/.test(before);
  // A word alone on its line is a key in the making; in a list it may be an item.
  return word && !/^\s*:|^[^\s]*:(\s|$)/.test(after) && !/^[ \t]*- /.test(before)
    ? [{ text: `${marker}: `, bare: false }, plain]
    : [plain, { text: `${marker}: `, bare: false }];
}

function insideQuotes(before: string): boolean {
  return (before.replace(/\\./g, '').match(/"/g) ?? []).length % 2 === 1;
}

interface Located {
  readonly root: Node;
  readonly path: (string | number)[];
  readonly maps: MapNode[];
  readonly at: 'key' | 'value';
  readonly scalar: ScalarNode;
  readonly embedded: boolean;
  readonly siblings: string[];
}

function locate(root: Node, path: (string | number)[], maps: MapNode[], embedded = false): Located | undefined {
  const visit = (node: Node | undefined, way: (string | number)[], above: MapNode[], siblings: string[]): Located | undefined => {
    if (!node) return undefined;
    if (node.kind === 'scalar') {
      if (!node.value.includes(marker)) return undefined;
      return insideScalar(node, way, above) ?? { root, path: way, maps: above, at: 'value', scalar: node, embedded, siblings };
    }
    if (node.kind === 'map') return inMap(node, way, [...above, node]);
    if (node.kind === 'list') {
      const others = node.items.flatMap((item) => (item.kind === 'scalar' && !item.value.includes(marker) ? [item.value] : []));
      for (const [i, item] of node.items.entries()) {
        const found = visit(item, [...way, i], above, others);
        if (found) return found;
      }
    }
    return undefined;
  };
  const inMap = (node: MapNode, way: (string | number)[], above: MapNode[]): Located | undefined => {
    for (const entry of node.entries) {
      if (entry.merged) continue;
      if (entry.key.value.includes(marker)) {
        return { root, path: [...way, entry.key.value], maps: above, at: 'key', scalar: entry.key, embedded, siblings: [] };
      }
      const found = visit(entry.value, [...way, entry.key.value], above, []);
      if (found) return found;
    }
    return undefined;
  };
  return visit(root, path, maps, []);
}

/** A document inside the scalar that holds the marker: JSON in a block scalar. */
function insideScalar(scalar: ScalarNode, _way: readonly (string | number)[], _maps: readonly MapNode[]): Located | undefined {
  if (!/[{[]/.test(scalar.value)) return undefined;
  const tree = parseEmbedded(scalar);
  if (!tree?.root || tree.root.kind === 'scalar') return undefined;
  return locate(tree.root, [], [], true);
}

function contextOf(document: SourceDocument, offset: number, inserted: Inserted, found: Located): CompletionContext {
  const { scalar } = found;
  const at = scalar.value.indexOf(marker);
  const prefix = scalar.value.slice(0, at);
  // Spans of the copy: before the cursor they are the document's own, after it they are longer by what was put in.
  const start = Math.min(offset, inserted.bare ? offset : documentOffset(scalar, 0));
  const endInCopy = documentOffset(scalar, scalar.value.length);
  const end = inserted.bare ? offset : Math.max(offset, endInCopy - inserted.text.trimEnd().replace(/:$/, '').length);
  const syntax = found.embedded || document.syntax !== 'yaml' ? 'json' : 'yaml';
  const rest = document.text.slice(end);
  return {
    doc: document.ref,
    root: found.root,
    maps: found.maps,
    at: found.at,
    prefix,
    path: found.path.map((part) => (typeof part === 'string' ? part.replace(marker, '') : part)),
    span: { start, end },
    quoted: scalar.quoted && !inserted.bare,
    syntax,
    hasColon: /^["']?[ \t]*:/.test(rest),
    siblings: found.siblings,
  };
}

/** The value under a key of a map. */
export function child(map: MapNode | undefined, key: string): Node | undefined {
  return entry(map, key)?.value;
}

export function entry(map: MapNode | undefined, key: string): Entry | undefined {
  return map?.entries.find((candidate) => candidate.key.value === key);
}

/** The text under a key, where it is a scalar. */
export function textOf(map: MapNode | undefined, key: string): string | undefined {
  const node = child(map, key);
  return node?.kind === 'scalar' ? node.value : undefined;
}
