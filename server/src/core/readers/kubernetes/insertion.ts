import { entryOf } from '../../syntax/nodes';
import { lineStart } from '../../text/lineIndex';
import type { Sink } from './sink';
import type { InsertionPoint } from '../../model/facts';
import type { Entry, MapNode, Node } from '../../syntax/tree';

/**
 * Where an annotation can be added to a block-style map that holds `annotations`, or would (an object's
 * `metadata`, chart values' `serviceAccount`). Undefined for JSON, flow style, aliases and maps that a
 * template may change: there no one line can be inserted safely.
 */
export function insertionPoint(holder: Node | undefined, sink: Sink): InsertionPoint | undefined {
  if (sink.language !== 'yaml' || holder?.kind !== 'map') return undefined;
  const own = blockEntries(holder, sink.text);
  if (!own) return undefined;
  const { column } = own;
  const annotations = entryOf(holder, 'annotations');
  if (!annotations) return holder.open ? undefined : { offset: lineEnd(own.last, sink.text), indent: column, needsKey: true };
  if (annotations.merged) return undefined;
  const value = annotations.value;
  if (!value || (value.kind === 'scalar' && value.type === 'null' && value.span.start >= value.span.end)) {
    return { offset: lineEnd(annotations, sink.text), indent: column + 2, needsKey: false };
  }
  if (value.kind !== 'map' || value.open) return undefined;
  const inner = blockEntries(value, sink.text);
  return inner && { offset: lineEnd(inner.last, sink.text), indent: inner.column, needsKey: false };
}

/** The column and the last of the map's own entries, where each stands on lines of its own. */
function blockEntries(map: MapNode, text: string): { last: Entry; column: number } | undefined {
  const own = map.entries.filter((entry) => !entry.merged);
  const first = own[0];
  const last = own[own.length - 1];
  if (!first || !last) return undefined;
  // What was put together of several places has no line for one more.
  if (own.some(({ span }) => span.start < map.span.start || span.end > map.span.end)) return undefined;
  const line = lineStart(text, first.span.start);
  // A map in a list begins behind its dash.
  if (!/^[ -]*$/.test(text.slice(line, first.span.start))) return undefined;
  if (own.length > 1 && lineStart(text, last.span.start) === line) return undefined;
  return { last, column: first.span.start - line };
}

/** The end of the line on which an entry ends, so that a comment behind it stays behind it. */
function lineEnd(entry: Entry, text: string): number {
  let end = Math.max(entry.span.end, entry.key.outer.end);
  while (end > entry.span.start && /\s/.test(text[end - 1] ?? '')) end--;
  const found = text.indexOf('\n', end);
  const stop = found < 0 ? text.length : found;
  return text[stop - 1] === '\r' ? stop - 1 : stop;
}
