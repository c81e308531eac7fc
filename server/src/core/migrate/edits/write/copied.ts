import { outerSpan } from '../../../syntax/nodes';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Entry, Node } from '../../../syntax/tree';
import { before, lineEnd, trimmed } from '../source';
import { list, phrase, text as known, type Value } from './value';

/**
 * The value of an entry as one that is written below another key of the file: to the letter, with its comments and quotes, where both
 * are block-style YAML; else as plain values. Undefined where a template decides a part, or plain values can't hold it.
 * @param toTheLetter whether the place that it is written to is block-style YAML
 */
export function copiedValue(document: SourceDocument, entry: Entry, toTheLetter: boolean): Value | undefined {
  const { value } = entry;
  if (!value) return undefined;
  const source = toTheLetter && document.syntax === 'yaml' && isWhole(value, 0) ? sourceOf(document.text, entry) : undefined;
  return source ?? plain(value, 0);
}

const deepest = 30;

/** Whether all of a node is there; texts may have variables, which have one value in one file. */
function isWhole(node: Node, depth: number): boolean {
  if (depth > deepest || node.kind === 'unknown') return false;
  if (node.kind === 'scalar') return node.holes.every(({ named }) => named);
  if (node.open) return false;
  if (node.kind === 'list') return node.items.every((item) => isWhole(item, depth + 1));
  return node.entries.every(
    ({ key, value, merged, conditional }) => !merged && !conditional && key.holes.length === 0 && value && isWhole(value, depth + 1),
  );
}

function sourceOf(text: string, { key, value, merged, conditional }: Entry): Value | undefined {
  const lead = before(text, key.outer.start);
  if (!value || merged || conditional || !/^ *(?:- +)*$/.test(lead)) return undefined;
  const colon = text.indexOf(':', key.outer.end);
  const end = lineEnd(text, trimmed(text, outerSpan(value)).end);
  if (colon < 0 || colon > outerSpan(value).start || /\S/.test(text.slice(key.outer.end, colon))) return undefined;
  const source = text.slice(colon + 1, end).replaceAll('\r\n', '\n');
  // An anchor would be there twice, and an alias may stand for anything.
  return /(?:^|[\s[{,])[&*][\w-]/.test(source) || source.includes('\t') ? undefined : { source, column: lead.length };
}

/** A node as a value; undefined where a part isn't known. */
function plain(node: Node, depth: number): Value | undefined {
  if (depth > deepest) return undefined;
  if (node.kind === 'scalar') return node.holes.length === 0 ? scalar(node.value, node.type) : undefined;
  if (node.kind === 'unknown' || node.open) return undefined;
  if (node.kind === 'list') {
    const items = node.items.map((item) => plain(item, depth + 1));
    return items.every((item): item is Value => item !== undefined) ? list(items) : undefined;
  }
  const entries: (readonly [ReturnType<typeof phrase>, Value])[] = [];
  for (const { key, value } of node.entries) {
    const inner = value && plain(value, depth + 1);
    if (!inner || key.holes.length > 0) return undefined;
    entries.push([phrase(key.value), inner]);
  }
  return { map: entries };
}

function scalar(value: string, type: 'string' | 'number' | 'boolean' | 'null'): Value {
  return type === 'boolean' && /^(?:true|false)$/.test(value) ? { literal: value } : known(value);
}
