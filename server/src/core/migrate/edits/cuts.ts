import type { Change } from '../../fixes/edits';
import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import { before, cut, lineEnd, nextLine, trimmed } from './source';

/** How entries of a list or map are told apart: by commas, or by the lines that they stand on. */
export type Separation = 'commas' | 'lines';

/**
 * Takes entries out of their list or map; others stay to the letter. An entry on lines of its own leaves with these lines, with a
 * comment behind it, and with comments on the lines directly above it that begin in its column: they belong to it. The comma that
 * stood between two entries leaves with one of them, and a trailing comma stays if there was one.
 * @param entries all of them, in order; of YAML's lists without their dashes.
 * @param leaving some of them, not all.
 * @param comments whether comments above leave.
 */
export function cutEntries(
  text: string,
  entries: readonly Span[],
  leaving: ReadonlySet<number>,
  separation: Separation,
  comments: 'leave' | 'stay' = 'leave',
): Change[] | undefined {
  const changes: Change[] = [];
  const kept = (i: number): boolean => !leaving.has(i);
  for (let i = 0; i < entries.length; i++) {
    if (kept(i)) continue;
    const whole = ownLines(text, entries[i]!, separation, comments);
    let end = i;
    while (end + 1 < entries.length && !kept(end + 1)) end++;
    const behind =
      whole && separation === 'commas' && i > 0 && kept(i - 1) ? withCommasBefore(text, entries.slice(i - 1, end + 1)) : undefined;
    if (behind) {
      changes.push(behind);
      i = end;
      continue;
    }
    if (whole) {
      changes.push(cut(whole.start, whole.end));
      // The last of a list without a trailing comma: the one before becomes the last.
      const previous = end === entries.length - 1 && separation === 'commas' && !whole.comma ? lastKept(leaving, i) : undefined;
      const comma = previous === undefined ? undefined : commaAfter(text, entries[previous]!.end);
      if (comma !== undefined && comma < whole.start) changes.push(cut(comma, comma + 1));
      continue;
    }
    if (separation === 'lines') return undefined;
    // On a line with others: with all that leave beside it.
    const next = entries[end + 1];
    const previous = i > 0 ? entries[i - 1] : undefined;
    if (next) changes.push(cut(entries[i]!.start, next.start));
    else if (previous) changes.push(cut(previous.end, entries[end]!.end));
    else return undefined;
    i = end;
  }
  return withoutRepeats(changes);
}

/**
 * The cut of neighbours from the comma before them, where nothing but a comma and a line's end stand between each and the one before: the
 * same text as without their lines. Neighbours that are cut by themselves, for another account, then share no character.
 * @param entries the one before them, which stays, and they
 */
function withCommasBefore(text: string, entries: readonly Span[]): Change | undefined {
  const ends = entries.map((entry) => trimmed(text, entry).end);
  for (let i = 1; i < entries.length; i++) if (!/^,[ \t]*\r?\n[ \t]*$/.test(text.slice(ends[i - 1], entries[i]!.start))) return undefined;
  const [from, to] = [ends[0]!, ends.at(-1)!];
  return /^,?[ \t]*\r?$/.test(text.slice(to, lineEnd(text, to))) ? cut(from, to) : undefined;
}

function lastKept(leaving: ReadonlySet<number>, below: number): number | undefined {
  for (let i = below - 1; i >= 0; i--) if (!leaving.has(i)) return i;
  return undefined;
}

/** Two that leave at a list's end both ask for the comma before them. */
function withoutRepeats(changes: readonly Change[]): Change[] {
  const seen = new Set<number>();
  return changes.filter(({ span }) => (seen.has(span.start) ? false : (seen.add(span.start), true)));
}

/** The lines of an entry that shares them with nothing else; `comma`: one stands behind it. */
function ownLines(
  text: string,
  entry: Span,
  separation: Separation,
  comments: 'leave' | 'stay',
): (Span & { readonly comma: boolean }) | undefined {
  const lead = before(text, entry.start);
  if (!/^[ \t]*(?:-[ \t]+)?$/.test(lead)) return undefined;
  const { end } = trimmed(text, entry);
  const comma = separation === 'commas' ? commaAfter(text, end) : undefined;
  const from = comma === undefined ? end : comma + 1;
  if (!/^[ \t]*(?:(?:#|\/\/).*)?$/.test(text.slice(from, lineEnd(text, from)))) return undefined;
  const column = /^[ \t]*/.exec(lead)![0];
  const first = lineStart(text, entry.start);
  const start = comments === 'leave' ? withComments(text, first, column) : first;
  const stop = nextLine(text, from);
  return { start: withEmptyLines(text, start, stop), end: stop, comma: comma !== undefined };
}

/** Where the empty lines above begin, if another one follows: one of both separates what stays. */
function withEmptyLines(text: string, start: number, stop: number): number {
  if (stop < text.length && lineEnd(text, stop) > stop && text.slice(stop, lineEnd(text, stop)).trim() !== '') return start;
  let from = start;
  while (from > 0 && text.slice(lineStart(text, from - 1), from - 1).trim() === '') from = lineStart(text, from - 1);
  return from;
}

/** Where the comments begin that stand directly above a line, in its own column. */
export function withComments(text: string, start: number, column: string): number {
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    const line = text.slice(above, lineEnd(text, above));
    if (!line.startsWith(column) || !/^(?:#|\/\/)/.test(line.slice(column.length))) break;
    from = above;
  }
  return from;
}

/** The comma behind an entry, white space and comments between. */
export function commaAfter(text: string, end: number): number | undefined {
  let at = end;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (text[at] === ',') return at;
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) return undefined;
      at = close + 2;
    } else if (at > end && (text[at] === '#' || text.startsWith('//', at))) at = nextLine(text, at);
    else return undefined;
    if (at >= text.length) return undefined;
  }
}
