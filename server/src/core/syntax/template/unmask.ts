import type { Span } from '../../text/span';
import { outerSpan, unknownNode } from '../nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode, Tree, UnknownNode } from '../tree';
import { emit } from './emit';
import type { Mask } from './mask';
import { restore } from './restore';
import { Segments } from './segments';

/**
 * Puts the template back into a tree that was read from its mask: scalars get their sources and holes,
 * maps and lists that the template may add to or take from are marked open, and a key whose value is
 * all template gets an UnknownNode. `templated` tells whether any of it stands outside quotes.
 */
export function unmask(
  root: Node | undefined,
  text: string,
  mask: Mask,
  language: Tree['language'],
): { root: Node | undefined; templated: boolean } {
  const segments = new Segments(mask.controls, text.length);
  const unmasker = new Unmasker(text, mask, segments, language);
  const restored = root && unmasker.root(root);
  const open =
    mask.emissions.length > MOST_EMISSIONS
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
    private readonly text: string,
    private readonly mask: Mask,
    private readonly segments: Segments,
    private readonly language: Tree['language'],
  ) {}

  /** The outermost node: open only where its own parts stand in different branches. */
  root(node: Node): Node {
    const result = this.node(node, -1);
    if (result.kind !== 'map' && result.kind !== 'list') return result;
    const starts = result.kind === 'map' ? result.entries.map((e) => e.span.start) : result.items.map((i) => outerSpan(i).start);
    const first = starts[0];
    if (first === undefined || !this.segments.any) return result;
    const split = starts.some((start) => this.segments.conditional(start, first) || this.segments.conditional(first, start));
    return { ...result, open: split || (node.kind === 'map' && node.open) };
  }

  private node(node: Node, holder: number): Node {
    switch (node.kind) {
      case 'scalar':
        return this.scalar(node);
      case 'unknown':
        return this.unknown(node);
      case 'map':
        return this.map(node, holder);
      case 'list':
        return this.list(node, holder);
    }
  }

  /** What stands behind a tag goes: where a template is at work, CloudFormation does not read the file as it is. */
  private unknown(node: UnknownNode): UnknownNode {
    const { tagged: _, ...rest } = node;
    return { ...rest, source: this.text.slice(node.span.start, node.span.start + node.source.length) };
  }

  private map(node: MapNode, holder: number): MapNode {
    const entries: Entry[] = [];
    let open = node.open;
    for (const entry of node.entries) {
      const key = this.scalar(entry.key);
      const start = entry.key.outer.start;
      const conditional = !entry.merged && this.segments.conditional(start, holder);
      open ||= conditional;
      entries.push({
        ...entry,
        key,
        value: entry.value && this.value(entry.value, start, entry.merged),
        ...(conditional ? { conditional } : {}),
      });
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

  private scalar(given: ScalarNode): ScalarNode {
    const node: ScalarNode = typeof given.substitutes === 'object' ? { ...given, substitutes: true } : given;
    const inside = within(this.mask.spans, node.span);
    const block = node.encodings[0]?.kind === 'yaml-block';
    const gaps = block ? within(this.mask.gaps, node.outer).filter((gap) => gap.start < node.span.end) : [];
    if (inside.length === 0 && gaps.length === 0) return node;
    if (inside.length > 0 && !node.quoted && !block) this.bare = true;
    return restore(node, inside, gaps, this.text, this.mask.text);
  }
}

/** The spans that lie in another, by binary search. */
function within<T extends Span>(spans: readonly T[], outer: Span): readonly T[] {
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
