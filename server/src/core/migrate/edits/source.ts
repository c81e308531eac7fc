import { applied, fitted, inOrder, type Change } from '../../fixes/edits';
import { isShared, scalarsOf } from '../../fixes/textGuard';
import { syntaxFaults } from '../../fixes/trees';
import type { Edit } from '../../rules/rule';
import type { SourceDocument } from '../../syntax/sourceFile';
import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import type { Made } from '../types';

/** The end of the line of an offset, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  const stop = found < 0 ? text.length : found;
  return stop > offset && text[stop - 1] === '\r' ? stop - 1 : stop;
}

/** Where the next line starts; the text's end for the last line. */
export function nextLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found + 1;
}

/** The white space at the start of the line that an offset is on. */
export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))![0];
}

/** What stands on the line before an offset. */
export function before(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset);
}

/** A span without the white space at its end: block scalars of YAML have their line breaks in it. */
export function trimmed(text: string, { start, end }: Span): Span {
  let last = end;
  while (last > start && /\s/.test(text[last - 1]!)) last--;
  return { start, end: last };
}

export function insert(offset: number, newText: string): Change {
  return { span: { start: offset, end: offset }, newText };
}

export function cut(start: number, end: number): Change {
  return { span: { start, end }, newText: '' };
}

const badSpan = 'Parts of this text come from elsewhere, so it has to be changed manually.';

/**
 * Changes as edits of a document, with its line ends. They are made on a copy and read again first: a text that comes out
 * broken, or that several places share (a YAML anchor), is refused.
 */
export function checked(document: SourceDocument, changes: readonly Change[]): Made<readonly Edit[]> {
  const { text } = document;
  const isWithin = ({ start, end }: Span): boolean => start >= 0 && start <= end && end <= text.length;
  if (changes.length === 0 || !changes.every(({ span }) => isWithin(span))) return { refused: badSpan };
  const ordered = inOrder(changes.map((change) => fitted(text, change)));
  if (!ordered) return { refused: badSpan };
  const tree = document.tree();
  const scalars = scalarsOf(tree);
  const edits = ordered.map(({ span, newText }): Edit => ({ doc: document.ref, span, newText }));
  if (edits.some((edit) => isShared(edit, scalars)))
    return { refused: 'A YAML anchor shares this text with other places: change it manually.' };
  const after = document.parse(applied(text, ordered));
  if (after.problems.length > tree.problems.length || syntaxFaults(after).doubles > syntaxFaults(tree).doubles)
    return { refused: 'The text would not be valid afterwards: change it manually.' };
  return { made: edits };
}

export function isSameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
