import { findHoles, isNamed } from '../../text/holes';
import type { Span } from '../../text/span';
import type { Hole } from '../../text/text';
import { documentOffset, valueOffset } from '../../text/texts';
import type { ScalarNode } from '../tree';
import type { Taken } from './mask';

/**
 * A scalar that was read from a mask with its own text again: placeholders become their sources and
 * holes, the empty lines that stood for directives go, and a hole without a width stays in their place.
 */
export function restore(node: ScalarNode, inside: readonly Taken[], gaps: readonly Span[], text: string, masked: string): ScalarNode {
  const pieces = new Pieces(node);
  const parts: { span: Taken; gap: boolean }[] = [];
  for (const span of inside) parts.push({ span, gap: false });
  for (const span of gaps) parts.push({ span, gap: true });
  for (const { span, gap } of parts.sort((a, b) => a.span.start - b.span.start)) {
    const source = text.slice(span.start, span.end);
    const placeholder = masked.slice(span.start, span.end);
    const start = valueOffset(node, span.start);
    if (gap) pieces.drop(start, emptyLinesEnd(node, span, masked), source);
    // Where an escape or a fold broke the placeholder up the masked text stays.
    else if (node.value.startsWith(placeholder, start)) pieces.put(start, span.source === undefined ? source : placeholder, span.source);
  }
  return pieces.done();
}

/** Where the value goes on after a directive's line of a literal block; a folded one keeps its breaks. */
function emptyLinesEnd(node: ScalarNode, span: Span, masked: string): number {
  const start = valueOffset(node, span.start);
  if (masked[node.outer.start] !== '|') return start;
  let end = start;
  const most = start + (span.end - span.start) + 1;
  while (end < most && node.value[end] === '\n') end++;
  return end;
}

/** The value being put together again, with its map and its holes. */
class Pieces {
  private value = '';
  private at = 0;
  private shifted = false;
  /** The first pair of the node's map that was not yet taken over. */
  private nextPair = 0;
  private readonly map: (readonly [number, number])[] = [];
  private readonly own: Hole[] = [];

  constructor(private readonly node: ScalarNode) {}

  /** Takes `text` in the place of as many characters at `start`: a hole of that source. */
  put(start: number, text: string, source = text): void {
    if (start < this.at) return;
    this.keep(start + text.length, text, start);
    const end = this.value.length;
    this.own.push({ start: end - text.length, end, source, named: isNamed(source) });
  }

  drop(start: number, end: number, source: string): void {
    if (start < this.at) return;
    this.keep(start);
    this.own.push({ start: this.value.length, end: this.value.length, source, named: false });
    if (end === start) return;
    this.shifted = true;
    this.at = end;
  }

  done(): ScalarNode {
    const { node } = this;
    this.keep(node.value.length);
    const { value } = this;
    // Both lists are in order, and neither overlaps itself.
    let next = 0;
    const other = findHoles(value).filter((hole) => {
      while (next < this.own.length && this.own[next]!.end <= hole.start) next++;
      return next === this.own.length || this.own[next]!.start >= hole.end;
    });
    const holes = [...this.own, ...other].sort((a, b) => a.start - b.start || a.end - b.end);
    return { ...node, value, holes, ...(this.shifted ? { map: this.map } : {}) };
  }

  /** Takes the value over up to `end`; `text` stands in the place of what begins at `from`. */
  private keep(end: number, text = '', from = end): void {
    if (end > this.at) {
      const shift = this.value.length - this.at;
      this.map.push([this.value.length, documentOffset(this.node, this.at)]);
      const map = this.node.map ?? [];
      while (this.nextPair < map.length && map[this.nextPair]![0] <= this.at) this.nextPair++;
      for (; this.nextPair < map.length && map[this.nextPair]![0] < end; this.nextPair++) {
        const [value, offset] = map[this.nextPair]!;
        this.map.push([value + shift, offset]);
      }
    }
    this.value += this.node.value.slice(this.at, from) + text;
    this.at = Math.max(this.at, end);
  }
}
