import type { Change } from '../../fixes/edits';
import type { Span } from '../../text/span';
import { commaAfter } from './cuts';
import { before, indentOf, insert } from './source';

/** Writes an entry: with lines of its own, which begin with `indent`, or on one line where that is absent. */
export type WriteEntry = (indent: string | undefined) => string;

/**
 * Adds entries behind the last one of a list in brackets (JSON, YAML's flow style, a tuple of Terraform), laid out as that one is.
 * A single entry without brackets becomes a list.
 * @param comma what separates entries on one line.
 * @param kind a `map` has its braces always
 * @param single where new entries go in the list that a single entry becomes
 * @param list the whole list with its brackets; the entry itself where there are none.
 * @param canBreak whether lines may be added: not in a JSON text on one line.
 */
export function addToFlow(
  text: string,
  list: Span,
  entries: readonly Span[],
  writes: readonly WriteEntry[],
  canBreak: boolean,
  comma = ', ',
  kind: 'list' | 'map' = 'list',
  single: 'first' | 'last' = 'last',
): Change[] {
  const last = entries[entries.length - 1];
  const isList = text[list.start] === '[' || kind === 'map';
  if (!last) {
    const indent = canBreak ? indentOf(text, list.start) : undefined;
    return [{ span: { start: list.start + 1, end: list.end - 1 }, newText: writes.map((write) => write(indent)).join(comma) }];
  }
  const lead = before(text, last.start);
  const ownLine = canBreak && isList && /^[ \t]+$/.test(lead);
  const manyLines = canBreak && text.slice(last.start, last.end).includes('\n');
  const indent = ownLine ? lead : manyLines ? indentOf(text, last.end) : undefined;
  const gap = ownLine ? `\n${lead}` : comma.slice(1);
  const written = writes.map((write) => (manyLines ? write(indent) : write(undefined)));
  if (!isList && single === 'first')
    return [insert(last.start, `[${written.map((each) => `${each},${gap}`).join('')}`), insert(last.end, ']')];
  if (!isList) return [insert(last.start, '['), insert(last.end, `${written.map((each) => `,${gap}${each}`).join('')}]`)];
  const trailing = commaAfter(text, last.end);
  if (trailing !== undefined && trailing < list.end) return [insert(trailing + 1, written.map((each) => `${gap}${each},`).join(''))];
  return [insert(last.end, written.map((each) => `,${gap}${each}`).join(''))];
}
