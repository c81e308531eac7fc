import type { Span } from '../text/span';

/** A change of one text: `newText` in the place of a stretch. */
export interface Change {
  readonly span: Span;
  readonly newText: string;
}

/** The changes in order, or undefined where two of them touch the same text or insert at the same place. */
export function inOrder<C extends Change>(changes: readonly C[]): C[] | undefined {
  const ordered = [...changes].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  for (let i = 1; i < ordered.length; i++) {
    const [before, after] = [ordered[i - 1]!.span, ordered[i]!.span];
    if (after.start < before.end || after.start === before.start) return undefined;
  }
  return ordered;
}

/** The text after changes that are in order. */
export function applied(text: string, changes: readonly Change[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { span, newText } of changes) {
    pieces.push(text.slice(at, span.start), newText);
    at = span.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}

/** A change with the line ends of the lines where it goes; a text whose last line has no end keeps it so. */
export function fitted<C extends Change>(text: string, change: C): C {
  const { start, end } = change.span;
  const newText = withLineEndsOf(text, start, change.newText);
  if (end < text.length || start === end || text.endsWith('\n')) return newText === change.newText ? change : { ...change, newText };
  const last = newText.replace(/\r?\n$/, '');
  const from = last === '' ? text.slice(0, start).replace(/\r?\n$/, '').length : start;
  return { ...change, span: { start: from, end }, newText: last };
}

/** New text with the line ends of the lines where it goes: a file of `\r\n` keeps to it. */
function withLineEndsOf(text: string, offset: number, newText: string): string {
  if (!newText.includes('\n')) return newText;
  const next = text.indexOf('\n', offset);
  const at = next >= 0 ? next : text.lastIndexOf('\n');
  const isCrLf = at > 0 && text[at - 1] === '\r';
  return newText.replace(/\r?\n/g, isCrLf ? '\r\n' : '\n');
}

/** A stretch of a text after changes: one that stands in the text before them, or new text. */
type Piece = { readonly from: number; readonly to: number } | { readonly text: string };

/**
 * The changes that do at once what `first` and then `second` do: spans of `second` count in the text that `first` gives.
 * Both in order, and so is the result.
 * @param length of the text before both
 */
export function composed(length: number, first: readonly Change[], second: readonly Change[]): Change[] {
  return changesOf(after(after([{ from: 0, to: length }], first), second), length);
}

function after(pieces: readonly Piece[], changes: readonly Change[]): Piece[] {
  const result: Piece[] = [];
  const rest = [...pieces].reverse();
  let at = 0;
  const take = (until: number, keep: boolean): void => {
    while (at < until) {
      const piece = rest.pop();
      if (!piece) return;
      const length = lengthOf(piece);
      const [head, tail] = length > until - at ? cut(piece, until - at) : [piece, undefined];
      if (tail) rest.push(tail);
      if (keep) result.push(head);
      at += lengthOf(head);
    }
  };
  for (const { span, newText } of changes) {
    take(span.start, true);
    result.push({ text: newText });
    take(span.end, false);
  }
  take(Infinity, true);
  return result;
}

function lengthOf(piece: Piece): number {
  return 'text' in piece ? piece.text.length : piece.to - piece.from;
}

function cut(piece: Piece, at: number): [Piece, Piece] {
  if ('text' in piece) return [{ text: piece.text.slice(0, at) }, { text: piece.text.slice(at) }];
  return [
    { from: piece.from, to: piece.from + at },
    { from: piece.from + at, to: piece.to },
  ];
}

function changesOf(pieces: readonly Piece[], length: number): Change[] {
  const changes: Change[] = [];
  let at = 0;
  let newText = '';
  for (const piece of [...pieces, { from: length, to: length }]) {
    if ('text' in piece) {
      newText += piece.text;
      continue;
    }
    if (piece.from === piece.to && piece.from < length) continue;
    if (newText !== '' || piece.from > at) changes.push({ span: { start: at, end: piece.from }, newText });
    newText = '';
    at = piece.to;
  }
  return changes;
}
