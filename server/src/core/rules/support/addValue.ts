import type { ListValue, PolicyDocument, ValueList } from '../../model/policy';
import type { DocumentRef } from '../../syntax/sourceFile';
import type { Encoding, Text } from '../../text/text';
import { encode } from '../../text/texts';
import type { Edit, RuleContext } from '../rule';

/**
 * Adds a value beside another one of a policy's element: a single value becomes a list, a list gets one more, written
 * as its neighbours are (line, indentation, quotes). Undefined where the form leaves no room (a URL-encoded answer of
 * IAM, a block scalar as value).
 */
export function addValue(
  doc: DocumentRef,
  form: PolicyDocument['form'],
  list: ValueList,
  neighbour: ListValue,
  value: string,
  position: RuleContext['position'],
): Edit[] | undefined {
  const [own] = neighbour.encodings;
  if (form === 'hcl-module') return undefined;
  if (own?.kind === 'yaml-block' || neighbour.encodings.some((encoding) => encoding.kind === 'url')) return undefined;
  const wrap = own ? neighbour.encodings.slice(1) : [];
  const written = quote(neighbour, value, form);
  const insert = (offset: number, source: string): Edit => ({ doc, span: { start: offset, end: offset }, newText: encode(source, wrap) });
  const { start, end } = neighbour.outer;
  if (!list.list) return [insert(start, '['), insert(end, `, ${written}]`)];

  const first = list.values[0]!;
  const [head, item] = [position?.(doc, list.span.start), position?.(doc, first.outer.start)];
  if (form === 'yaml' && isBlockList(list)) {
    if (!head || !position) return undefined;
    // Before the neighbour: a comment behind it stays with it.
    return [insert(start, `${written}\n${' '.repeat(head.character)}- `)];
  }
  const ownLines = head && item && item.line > head.line && canBreak(wrap);
  return [ownLines ? raw(doc, end, `,\n${' '.repeat(item.character)}${written}`) : insert(end, `, ${written}`)];
}

/** A new line with its whole indentation: already as the document has it. */
function raw(doc: DocumentRef, offset: number, newText: string): Edit {
  return { doc, span: { start: offset, end: offset }, newText };
}

/** True for `- a` lines: a flow list ends behind its last value, with `]`. */
function isBlockList(list: ValueList): boolean {
  const last = list.values[list.values.length - 1]!;
  return list.span.end <= last.outer.end && list.values[0]!.outer.start - list.span.start >= 2;
}

function canBreak(wrap: readonly Encoding[]): boolean {
  return wrap.every((encoding) => encoding.kind === 'yaml-block');
}

function quote(neighbour: Text, value: string, form: PolicyDocument['form']): string {
  if (form !== 'yaml' || neighbour.encodings[0]?.kind === 'json') return JSON.stringify(value);
  if (neighbour.encodings[0]?.kind === 'yaml-single') return `'${value.replaceAll("'", "''")}'`;
  return /^[a-z][\w.:/-]*\w$/i.test(value) ? value : JSON.stringify(value);
}
