import { findHoles } from '../../text/holes';
import type { UnknownReason } from '../../text/objects';
import type { Span } from '../../text/span';
import type { Borrowed, Encoding, Hole, Text } from '../../text/text';
import type { ListNode, Node, ScalarNode } from '../../syntax/tree';
import type { ReaderInput } from '../reader';

/** A piece of a text under construction: characters with their places, or a stretch that an expression stands for. */
type Piece =
  | { readonly kind: 'own'; readonly value: string; readonly at: number }
  | { readonly kind: 'borrowed'; readonly text: Pick<Text, 'value' | 'holes'>; readonly span: Span; readonly expression?: Span };

/** A value of Terraform that is one text, with what its evaluator knows beyond a tree's. */
export interface Known extends ScalarNode {
  /** What it may be, where a condition that is not known decides: one of these. */
  readonly alternatives?: readonly Node[];
  /** True where it may fail or be absent: an instance that a condition decides on. */
  readonly maybe?: true;
  /** Of a template: the objects that its expressions refer to, by the place of each. */
  readonly lent?: ReadonlyMap<number, Pick<Text, 'refers' | 'filledBy'>>;
  /** What the text encodes or is the text of, where that is known as a tree: `yamlencode`, `jsonencode`, `templatefile`. */
  readonly encodes?: Encoded;
}

/** A text with what is known of it, as a node of a tree. */
export function known(node: Known): ScalarNode {
  return node;
}

/** A list of Terraform's. */
export interface KnownList extends ListNode {
  /** Set on an open list: it holds these items, or none of them, and no others. */
  readonly orNone?: true;
}

/** A document that a value is the text of. */
export interface Encoded {
  /** The document in which the nodes stand. */
  readonly input: ReaderInput;
  readonly node: Node;
  /** How it is written there: as an expression of Terraform, or as a document of its own. */
  readonly as: 'expression' | 'document';
  readonly span: Span;
}

/** How a text stands in the document. */
export interface TextPlace {
  readonly span: Span;
  readonly outer: Span;
  readonly encodings: readonly Encoding[];
}

/** Puts a text together from what the document holds and what expressions stand for; the pieces come in the document's order. */
export class TextBuilder {
  private readonly pieces: Piece[] = [];

  /** Characters that stand at `at` as they are. */
  own(value: string, at: number): void {
    if (value !== '') this.pieces.push({ kind: 'own', value, at });
  }

  /** A value that stands at `span`; `expression`: what gives it. */
  borrow(text: Pick<Text, 'value' | 'holes'>, span: Span, expression?: Span): void {
    this.pieces.push({ kind: 'borrowed', text, span, ...(expression ? { expression } : {}) });
  }

  /** The text. `scan`: placeholders such as `<ACCOUNT_ID>` in its own characters are holes too. */
  text(place: TextPlace, scan = true): Text {
    let value = '';
    const holes: Hole[] = [];
    const borrowed: Borrowed[] = [];
    const map: [number, number][] = [];
    for (const piece of this.pieces) {
      const at = piece.kind === 'own' ? piece.at : piece.span.start;
      const last = map[map.length - 1];
      if (
        !last ||
        piece.kind === 'borrowed' ||
        last[1] + (value.length - last[0]) !== at ||
        borrowed[borrowed.length - 1]?.end === value.length
      ) {
        map.push([value.length, at]);
      }
      if (piece.kind === 'borrowed') {
        for (const hole of piece.text.holes) holes.push({ ...hole, start: hole.start + value.length, end: hole.end + value.length });
        borrowed.push({
          start: value.length,
          end: value.length + piece.text.value.length,
          span: piece.span,
          ...(piece.expression ? { expression: piece.expression } : {}),
        });
      }
      value += piece.kind === 'own' ? piece.value : piece.text.value;
    }
    if (scan) {
      // Both lists are in order.
      let next = 0;
      for (const hole of findHoles(value)) {
        while (next < borrowed.length && borrowed[next]!.end <= hole.start) next++;
        if (next === borrowed.length || borrowed[next]!.start >= hole.end) holes.push(hole);
      }
      holes.sort((a, b) => a.start - b.start);
    }
    if (map.length === 0) map.push([0, place.span.start]);
    const plain =
      borrowed.length === 0 && map.length === 1 && map[0]![1] === place.span.start && value.length === place.span.end - place.span.start;
    return { value, holes, ...place, quoted: true, ...(plain ? {} : { map }), ...(borrowed.length > 0 ? { borrowed } : {}) };
  }
}

/** What a borrowed text keeps of the value that it stands for, beside its characters. */
type Lent = Pick<Text, 'value' | 'holes'> & Partial<Pick<Text, 'refers' | 'filledBy'>> & Pick<Known, 'alternatives' | 'encodes' | 'maybe'>;

/** A value without a source of its own in the document: an expression stands for it. `one`: surely a single string. */
export function borrowedScalar(
  text: Lent,
  span: Span,
  one = true,
  type: ScalarNode['type'] = 'string',
  expression: Span | undefined = span,
): Known {
  const { value, holes, refers, filledBy, alternatives, encodes, maybe } = text;
  const borrowed: Borrowed = { start: 0, end: value.length, span, ...(expression ? { expression } : {}) };
  return {
    kind: 'scalar',
    type,
    value,
    holes,
    span,
    outer: span,
    encodings: [],
    quoted: one,
    map: [[0, span.start]],
    borrowed: [borrowed],
    ...(refers ? { refers } : {}),
    ...(filledBy ? { filledBy } : {}),
    ...(alternatives ? { alternatives } : {}),
    ...(encodes ? { encodes } : {}),
    ...(maybe ? { maybe } : {}),
  };
}

/** What no file tells: one hole for the whole expression. `words`: what people are shown in its place. */
export function holeText(source: string, named: boolean, words?: string, why?: UnknownReason): Pick<Text, 'value' | 'holes'> {
  const written = `\${${source.replace(/\s+/g, ' ').trim()}}`;
  const hole = { start: 0, end: written.length, source: written, named };
  return { value: written, holes: [{ ...hole, ...(words === undefined ? {} : { words }), ...(why ? { why } : {}) }] };
}

/**
 * The value as it looks from another place: every part of it stands where the expression at `span` does.
 * @param take asked for each node: values share their parts, and written out they may be far more; past its end nothing is known
 */
export function relocated(node: Node, span: Span, take: () => boolean = always): Node {
  if (!take()) return { kind: 'unknown', span, source: '' };
  switch (node.kind) {
    case 'scalar': {
      const { alternatives }: Known = node;
      const moved = borrowedScalar(node, span, node.quoted, node.type);
      return alternatives ? known({ ...moved, alternatives: alternatives.map((each) => relocated(each, span, take)) }) : moved;
    }
    case 'list':
      return { ...node, span, items: node.items.map((item) => relocated(item, span, take)) };
    case 'map':
      return {
        ...node,
        span,
        entries: node.entries.map((entry) => ({
          ...entry,
          span,
          key: borrowedScalar(entry.key, span, entry.key.quoted, entry.key.type),
          value: entry.value && relocated(entry.value, span, take),
        })),
      };
    case 'unknown':
      return { ...node, span };
  }
}

function always(): boolean {
  return true;
}

/** A key or value that the source has in other words (`actions` for Action) or not at all. */
export function standIn(value: string, span: Span): ScalarNode {
  return borrowedScalar({ value, holes: [] }, span);
}
