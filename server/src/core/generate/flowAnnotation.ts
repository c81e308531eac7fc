import { valueAt } from '../syntax/nodes';
import type { MapNode, Node } from '../syntax/tree';
import type { Span } from '../text/span';

/** A stretch of a file and what it becomes. */
export interface FlowChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * Adds annotations to an account that is written in braces, as JSON is and YAML may be: into `annotations: {…}`, or as a new
 * `annotations` in `metadata: {…}`. Keys and values are quoted as JSON has them, which YAML reads alike. Undefined where
 * neither is in braces.
 * @param text the whole file.
 * @param base where the document begins in it; spans of the tree count from there.
 * @param account the span of the account's map in the document.
 */
export function flowAnnotation(
  text: string,
  base: number,
  root: Node | undefined,
  account: Span,
  added: readonly (readonly [string, string])[],
): FlowChange | undefined {
  const map = root && mapAt(root, account);
  const metadata = map && valueAt(map, 'metadata');
  if (metadata?.kind !== 'map') return undefined;
  const pairs = added.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const entry = metadata.entries.find(({ key, merged }) => key.value === 'annotations' && !merged);
  if (!entry) return into(text, base, metadata, (indent) => [written('"annotations": ', pairs, indent)]);
  if (entry.value?.kind === 'map') return into(text, base, entry.value, () => pairs);
  if (entry.value?.kind === 'scalar' && entry.value.type === 'null' && inBraces(text, base, metadata)) {
    return { start: base + entry.value.span.start, end: base + entry.value.span.end, newText: `{${pairs.join(', ')}}` };
  }
  return undefined;
}

function written(key: string, pairs: readonly string[], indent: string | undefined): string {
  if (indent === undefined) return `${key}{${pairs.join(', ')}}`;
  return `${key}{${pairs.map((pair) => `\n${indent}  ${pair}`).join(',')}\n${indent}}`;
}

/** @param pieces the new entries; given the indentation where entries stand on lines of their own. */
function into(text: string, base: number, map: MapNode, pieces: (indent: string | undefined) => readonly string[]): FlowChange | undefined {
  if (!inBraces(text, base, map)) return undefined;
  const last = map.entries.filter(({ merged }) => !merged).at(-1);
  const [open, close] = [base + map.span.start, base + map.span.end - 1];
  if (!last)
    return /^\s*$/.test(text.slice(open + 1, close)) ? { start: open + 1, end: close, newText: pieces(undefined).join(', ') } : undefined;
  const [start, end] = [base + last.span.start, base + last.span.end];
  const line = text.slice(0, start).split('\n').at(-1)!;
  const indent = /^[ \t]+$/.test(line) ? line : undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const newText = pieces(indent)
    .map((piece) => (indent === undefined ? `, ${piece}` : `,\n${indent}${piece}`))
    .join('')
    .replaceAll('\n', eol);
  return { start: end, end, newText };
}

function inBraces(text: string, base: number, { span }: MapNode): boolean {
  return text[base + span.start] === '{' && text[base + span.end - 1] === '}';
}

function mapAt(node: Node, { start, end }: Span): MapNode | undefined {
  if (node.span.start > start || node.span.end < end) return undefined;
  if (node.kind === 'map' && node.span.start === start && node.span.end === end) return node;
  const below = node.kind === 'map' ? node.entries.flatMap(({ value }) => value ?? []) : node.kind === 'list' ? node.items : [];
  for (const each of below) {
    const found = mapAt(each, { start, end });
    if (found) return found;
  }
  return undefined;
}
