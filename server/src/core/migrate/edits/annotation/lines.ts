import type { Change } from '../../../fixes/edits';
import { lineStart } from '../../../text/lineIndex';
import type { Span } from '../../../text/span';
import { before, cut, lineEnd, nextLine, trimmed } from '../source';

/**
 * Takes annotations out of YAML that is a text in another document (a heredoc, a block scalar): each with its lines. The line
 * `annotations:` leaves with the last of them; where it is all that its own map has, it becomes `annotations: {}`, for a key without
 * a value would mean something else to Helm. Undefined where something shares their lines.
 */
export function cutAnnotationLines(text: string, entries: readonly Span[]): Change[] | undefined {
  const lines: Span[] = [];
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    const { start, end } = trimmed(text, entry);
    if (!/^[ \t]*$/.test(before(text, start)) || !/^[ \t]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)))) return undefined;
    lines.push({ start: lineStart(text, start), end: nextLine(text, end) });
  }
  const changes = lines.map(({ start, end }) => cut(start, end));
  const [first, last] = [lines[0], lines[lines.length - 1]];
  if (!first || !last) return undefined;
  // Only entries in a row can be all of their map.
  if (lines.some((line, i) => i > 0 && line.start !== lines[i - 1]!.end)) return changes;
  const above =
    first.start === 0 ? undefined : { start: lineStart(text, first.start - 1), end: lineEnd(text, lineStart(text, first.start - 1)) };
  const holder = above && /^([ \t]*)annotations:[ \t]*$/.exec(text.slice(above.start, above.end));
  const next = indentOfNext(text, last.end);
  if (!above || !holder || next > holder[1]!.length) return changes;
  const hasSibling = next === holder[1]!.length || indentOfPrevious(text, above.start) >= holder[1]!.length;
  return hasSibling
    ? [cut(above.start, last.end)]
    : [{ span: { start: above.start, end: last.end }, newText: `${holder[1]!}annotations: {}\n` }];
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
