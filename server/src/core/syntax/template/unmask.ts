import { findHoles } from '../../text/holes';
import type { Span } from '../../text/span';
import type { Hole } from '../../text/text';
import { valueOffset } from '../../text/texts';
import { outerSpan, unknownNode } from '../nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../tree';
import type { Emission, Mask } from './mask';
import { Segments } from './segments';

/**
 * Puts the template back into a tree that was read from its mask: scalars get their sources and holes,
 * maps and lists that the template may add to or take from are marked open, and a key whose value is
 * all template gets an UnknownNode. `templated` tells whether any of it stands outside quotes.
 */
export function unmask(
  root: Node | undefined, text: string, mask: Mask, language: 'yaml' | 'json',
): { root: Node | undefined; templated: boolean } {
  const segments = new Segments(mask.controls, text.length);
  const unmasker = new Unmasker(text, mask, segments, language);
  const restored = root && unmasker.root(root);
  const open = mask.emissions.length > MOST_EMISSIONS
    ? restored && openAll(restored)
    : mask.emissions.reduce<Node | undefined>((node, emission) => emit(node, emission, text), restored);
  const { bare } = unmasker;
  return { root: open, templated: bare || mask.controls.length > 0 || mask.emissions.length > 0 };
}

/** Past this many, each map counts as open: placing each would cost too much. */
const MOST_EMISSIONS = 500;

function openAll(node: Node): Node {
  if (node.kind === 'map') {
    const entries = node.entries.map((entry) => ({ ...entry, value: entry.value && openAll(entry.value) }));
    return { ...node, entries, open: true };
  }
  return node.kind === 'list' ? { ...node, items: node.items.map(openAll), open: true } : node;
}

class Unmasker {
  /** Set once an expression stands in a bare scalar. */
  bare = false;

  constructor(
    private readonly text: string, private readonly mask: Mask, private readonly segments: Segments,
    private readonly language: 'yaml' | 'json',
  ) {}

  /** The outermost node: open only where its own parts stand in different branches. */
  root(node: Node): Node {
    const result = this.node(node, -1);
    if (result.kind !== 'map' && result.kind !== 'list') return result;
    const starts = result.kind === 'map' ? result.entries.map((e) => e.span.start) : result.items.map((i) => outerSpan(i).start);
    const first = starts[0];
    if (first === undefined || !this.segments.any) return result;
    const split = starts.some((start) => this.segments.conditional(start, first) || this.segments.conditional(first, start));
    return { ...result, open: split || node.kind === 'map' && node.open };
  }

  private node(node: Node, holder: number): Node {
    switch (node.kind) {
      case 'scalar':
        return this.scalar(node);
      case 'unknown':
        return { ...node, source: this.text.slice(node.span.start, node.span.start + node.source.length) };
      case 'map':
        return this.map(node, holder);
      case 'list':
        return this.list(node, holder);
    }
  }

  private map(node: MapNode, holder: number): MapNode {
    const entries: Entry[] = [];
    let open = node.open;
    for (const entry of node.entries) {
      const key = this.scalar(entry.key);
      const start = entry.key.outer.start;
      open ||= !entry.merged && this.segments.conditional(start, holder);
      entries.push({ ...entry, key, value: entry.value && this.value(entry.value, start, entry.merged) });
    }
    return { ...node, entries, open };
  }

  /** A key's value: one that only a branch gives is not known, save a YAML collection, whose parts are. */
  private value(value: Node, key: number, merged: boolean): Node {
    const result = this.node(value, merged ? outerSpan(value).start : key);
    if (merged || !this.segments.conditional(outerSpan(value).start, key)) return result;
    if (this.language === 'yaml' && (value.kind === 'map' || value.kind === 'list')) return result;
    return unknownNode(this.text, outerSpan(value));
  }

  private list(node: ListNode, holder: number): ListNode {
    let { open } = node;
    const items = node.items.map((item) => {
      const { start } = outerSpan(item);
      open ||= this.segments.conditional(start, holder);
      return this.node(item, start);
    });
    return { ...node, items, open };
  }

  private scalar(node: ScalarNode): ScalarNode {
    const inside = within(this.mask.spans, node.span);
    const gaps = node.encodings[0]?.kind === 'yaml-block' ? within(this.mask.blanks, { start: node.outer.start, end: node.span.end }) : [];
    if (inside.length === 0 && gaps.length === 0) return node;
    if (inside.length > 0 && !node.quoted && node.encodings[0]?.kind !== 'yaml-block') this.bare = true;
    let value = '';
    let at = 0;
    const own: Hole[] = [];
    for (const span of inside) {
      const start = valueOffset(node, span.start);
      const source = this.text.slice(span.start, span.end);
      // Cut off where an escape or a fold broke the placeholder up: then the masked text stays.
      if (start < at || node.value.slice(start, start + source.length) !== this.mask.text.slice(span.start, span.end)) continue;
      value += node.value.slice(at, start) + source;
      at = start + source.length;
      own.push({ start, end: at, source, named: !/^\{\{-?\s*(?:if|with|range|\.)?\s*-?\}\}$/.test(source) });
    }
    value += node.value.slice(at);
    for (const gap of gaps) {
      const offset = valueOffset(node, gap.start);
      own.push({ start: offset, end: offset, source: this.text.slice(gap.start, gap.end), named: false });
    }
    return { ...node, value, holes: joinHoles(own, findHoles(value)) };
  }
}

/** The masked holes, and those others that do not overlap them, in order. */
function joinHoles(own: readonly Hole[], found: readonly Hole[]): Hole[] {
  const other = found.filter((hole) => !own.some((o) => o.end > hole.start && o.start < hole.end));
  return [...own, ...other].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The spans that lie in another, by binary search. */
function within(spans: readonly Span[], outer: Span): readonly Span[] {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start < outer.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < spans.length && spans[end]!.end <= outer.end) end++;
  return spans.slice(low, end);
}

/** Marks what an emission's lines may add to: the collection at its column, or the key that it is the value of. */
function emit(node: Node | undefined, emission: Emission, text: string): Node {
  const { start } = emission.span;
  if (node === undefined) return unknownNode(text, emission.span);
  if (node.kind === 'map') {
    const index = lastBefore(node.entries.map((entry) => entry.span.start), start);
    const entry = node.entries[index];
    if (!entry || columnOf(text, node.span.start) > emission.column || entry.merged) return { ...node, open: true };
    const column = columnOf(text, entry.key.outer.start);
    if (!belongs(entry.value, emission, text, column)) return { ...node, open: true };
    const entries = node.entries.slice();
    entries[index] = { ...entry, value: emit(entry.value, emission, text) };
    // At the key's own column it may be the list of the key or the map's next lines.
    return { ...node, entries, open: node.open || emission.column <= column };
  }
  if (node.kind === 'list') {
    const index = lastBefore(node.items.map((item) => outerSpan(item).start), start);
    const item = node.items[index];
    if (!item || !belongs(item, emission, text, columnOf(text, node.span.start))) return { ...node, open: true };
    const items = node.items.slice();
    items[index] = emit(item, emission, text);
    return { ...node, items };
  }
  return node;
}

/** Whether lines at the emission's column go on with this value rather than with what holds it. */
function belongs(value: Node | undefined, emission: Emission, text: string, holderColumn: number): boolean {
  if (value === undefined) return emission.column >= holderColumn;
  if (value.kind === 'scalar') {
    return value.encodings[0]?.kind === 'yaml-block' && emission.column > holderColumn && emission.span.start <= value.outer.end;
  }
  if (value.kind === 'unknown') return emission.column > holderColumn;
  if (emission.span.start < value.span.start) return true;
  return emission.column >= columnOf(text, value.span.start);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lastBefore(starts: readonly number[], offset: number): number {
  let found = -1;
  starts.forEach((start, i) => {
    if (start <= offset) found = i;
  });
  return found;
}
