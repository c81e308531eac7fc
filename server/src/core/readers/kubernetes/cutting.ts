import type { Sink } from './sink';
import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import type { Entry } from '../../syntax/tree';

/**
 * The whole lines of a block-style entry with their line break, for fixes that delete it; with the line of
 * `annotations:` or `labels:` above it, when the entry is all that this holds. Undefined in JSON and flow style,
 * for what comes through an alias, and where anything else shares the lines.
 */
export function cutOf(entry: Entry, sink: Sink): Span | undefined {
  const { text } = sink;
  if (sink.language !== 'yaml' || entry.merged) return undefined;
  const start = lineStart(text, entry.span.start);
  const column = entry.span.start - start;
  if (!/^ *$/.test(text.slice(start, entry.span.start))) return undefined;
  let last = Math.max(entry.span.end, entry.key.outer.end);
  while (last > entry.span.start && /\s/.test(text[last - 1]!)) last--;
  const stop = endOfLine(last, text);
  if (!/^:?[ \t]*(#.*)?\r?$/.test(text.slice(last, stop))) return undefined;
  const end = Math.min(text.length, stop + 1);
  const above = lineBefore(start, text);
  const holder = above && /^( *)(annotations|labels):[ \t]*\r?$/.exec(text.slice(above.start, above.end));
  const alone = holder && holder[1]!.length < column && indentAfter(end, text) <= holder[1]!.length;
  return { start: alone ? above.start : start, end };
}

function endOfLine(offset: number, text: string): number {
  const found = text.indexOf('\n', offset);
  return found < 0 ? text.length : found;
}

function lineBefore(start: number, text: string): Span | undefined {
  return start === 0 ? undefined : { start: lineStart(text, start - 1), end: start - 1 };
}

/** The indentation of the next line that is neither empty nor a comment; none at the end. */
function indentAfter(offset: number, text: string): number {
  for (let at = offset; at < text.length; at = endOfLine(at, text) + 1) {
    const line = /^( *)([^\s#]?)/.exec(text.slice(at, endOfLine(at, text)))!;
    if (line[2] !== '') return line[1]!.length;
  }
  return 0;
}
