import type { Change } from '../../../fixes/edits';
import { lineStart } from '../../../text/lineIndex';
import type { Span } from '../../../text/span';
import { withComments } from '../cuts';
import { before, cut, lineEnd, nextLine, trimmed } from '../source';

/**
 * Takes annotations out of YAML that is a text in another document (a heredoc): each with its lines, and the comments above it. The line
 * `annotations:` leaves with the last of them; where it is all that its own map has, it becomes `annotations: {}`, for a key without
 * a value would mean something else to Helm. Undefined where something shares their lines.
 */
export function cutAnnotationLines(text: string, entries: readonly Span[]): Change[] | undefined {
  const lines: Span[] = [];
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    const { start, end } = trimmed(text, entry);
    const lead = before(text, start);
    if (/^ *- +$/.test(lead) && entries.length === 1) return itemLines(text, { start, end });
    if (!/^[ \t]*$/.test(lead) || !/^[ \t]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)))) return undefined;
    lines.push({ start: withComments(text, lineStart(text, start), lead), end: nextLine(text, end) });
  }
  const changes = lines.map(({ start, end }) => cut(start, end));
  const [first, last] = [lines[0], lines[lines.length - 1]];
  if (!first || !last) return undefined;
  // Only entries in a row can be all of their map.
  if (lines.some((line, i) => i > 0 && line.start !== lines[i - 1]!.end)) return changes;
  const above =
    first.start === 0 ? undefined : { start: lineStart(text, first.start - 1), end: lineEnd(text, lineStart(text, first.start - 1)) };
  const holder = above && /^([ \t]*)annotations:[ \t]*(?:#.*)?$/.exec(text.slice(above.start, above.end));
  const next = indentOfNext(text, last.end);
  if (!above || !holder || next > holder[1]!.length) return changes;
  const hasSibling = next === holder[1]!.length || indentOfPrevious(text, above.start) >= holder[1]!.length;
  return hasSibling
    ? [cut(above.start, last.end)]
    : [{ span: { start: above.start, end: last.end }, newText: `${holder[1]!}annotations: {}\n` }];
}

/** An item of a list (a JSON operation) with its lines; undefined for the only one. */
function itemLines(text: string, { start, end }: Span): Change[] | undefined {
  if (!/^[ \t]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)))) return undefined;
  const [from, to] = [lineStart(text, start), nextLine(text, end)];
  const dash = /^ */.exec(text.slice(from))![0].length;
  const isItem = (at: number): boolean => /^ *- /.test(text.slice(at, lineEnd(text, at)));
  const hasNext = indentOfNext(text, to) === dash && isItem(nextWithContent(text, to));
  if (hasNext) return [cut(from, to)];
  for (let at = from; at > 0;) {
    at = lineStart(text, at - 1);
    const found = /^([ \t]*)[^\s#]/.exec(text.slice(at, lineEnd(text, at)));
    if (found && found[1]!.length < dash) return undefined;
    if (found?.[1]!.length === dash) return isItem(at) ? [cut(from, to)] : undefined;
  }
  return undefined;
}

function nextWithContent(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && /^[ \t]*(?:#.*)?$/.test(text.slice(at, lineEnd(text, at)))) at = nextLine(text, at);
  return at;
}

/** The indentation of the next line with content; -1 at the end. */
function indentOfNext(text: string, offset: number): number {
  for (let at = offset; at < text.length; at = nextLine(text, at)) {
    const found = /^([ \t]*)[^\s#]/.exec(text.slice(at, lineEnd(text, at)));
    if (found) return found[1]!.length;
  }
  return -1;
}

/** The indentation of the line with content above an offset; -1 at the start. */
function indentOfPrevious(text: string, offset: number): number {
  for (let at = offset; at > 0;) {
    at = lineStart(text, at - 1);
    const found = /^([ \t]*)[^\s#]/.exec(text.slice(at, lineEnd(text, at)));
    if (found) return found[1]!.length;
  }
  return -1;
}
