import { isAlias, isMap, isPair, isScalar, isSeq, type CST, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { outerSpan, unknownNode } from '../nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode, UnknownNode } from '../tree';
import { Anchors } from './anchors';
import { placeholderScalar, readScalar, substituted } from './scalars';
import { taggedType } from './types';

const MAP_TAG = 'tag:yaml.org,2002:map';
const SEQ_TAG = 'tag:yaml.org,2002:seq';

/** Turns the nodes of the `yaml` library into ours. One converter a document: anchors hold within it. */
export class Converter {
  private readonly anchors = new Anchors();

  /** Why some aliases of the document stand for nothing. */
  get aliasTrouble(): string | undefined {
    return this.anchors.trouble;
  }

  constructor(private readonly text: string) {}

  /** Undefined where nothing stands. */
  node(node: unknown, asValue = false): Node | undefined {
    if (isAlias(node)) {
      const start = node.range?.[0] ?? 0;
      return this.anchors.resolve(node.source) ?? this.unknown(start, node.range?.[1] ?? start);
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.anchors.open(anchor);
    const result = this.plainNode(node, asValue);
    if (anchor !== undefined) this.anchors.close(anchor, result);
    return result;
  }

  private plainNode(node: unknown, asValue: boolean): Node | undefined {
    if (isScalar(node)) {
      const empty = node.srcToken === undefined && node.tag !== undefined && taggedType(node.tag) === 'string';
      return empty ? { ...this.missing(node.range?.[0] ?? 0), type: 'string' } : this.scalar(node.srcToken, node.tag);
    }
    if (!isMap(node) && !isSeq(node)) return undefined;
    const [start, end] = node.range ?? [0, 0];
    const { tag } = node;
    if (tag !== undefined && tag !== '!' && tag !== MAP_TAG && tag !== SEQ_TAG) return this.tagged(node, tag, start, end);
    if (asValue && node.flow && node.items.length === 1) {
      const placeholder = placeholderScalar(this.text, start, end);
      if (placeholder) return placeholder;
    }
    return isMap(node) ? this.map(node, start, end) : this.list(node, start, end);
  }

  private unknown(start: number, end: number): UnknownNode {
    return unknownNode(this.text, { start, end: Math.max(start, end) });
  }

  private scalar(token: CST.Token | undefined, tag: string | undefined, key = false): Node | undefined {
    if (!token || !('source' in token) || !isScalarToken(token)) return undefined;
    const type = tag === undefined ? undefined : taggedType(tag);
    if (token.source === '' && token.type === 'scalar' && type !== 'string') return undefined;
    if (tag === '!Sub') return { ...substituted(readScalar(token)), substitutes: true };
    if (tag !== undefined && type === undefined)
      return this.behindTag(tag, this.unknown(token.offset, token.offset + token.source.length), readScalar(token));
    return readScalar(token, { key }, type);
  }

  /** A collection with a tag of another language: only CloudFormation's `!Sub [text, map]` says something. */
  private tagged(node: YAMLMap | YAMLSeq, tag: string, start: number, end: number): Node {
    if (tag === '!Sub' && isSeq(node)) {
      const list = this.list(node, start, end);
      const [first] = list.items;
      if (first?.kind === 'scalar') return { ...substituted(first), substitutes: list };
    }
    const inner = isMap(node) ? this.map(node, start, end) : this.list(node, start, end);
    return this.behindTag(tag, this.unknown(start, end), inner);
  }

  /** A part that only another language knows, with what it is made of where that language may be CloudFormation. */
  private behindTag(tag: string, unknown: UnknownNode, node: Node): UnknownNode {
    return /^![A-Z][A-Za-z0-9]+$/.test(tag) ? { ...unknown, tagged: { tag, node } } : unknown;
  }

  private map(node: YAMLMap, start: number, end: number): MapNode {
    const entries: Entry[] = [];
    const merges: Pair[] = [];
    let open = false;
    for (const pair of node.items) {
      if (isMerge(pair)) merges.push(pair);
      else entries.push(this.entry(pair, end));
    }
    const own = new Set(entries.map((entry) => entry.key.value));
    for (const pair of merges) {
      const merged = this.merge(this.node(pair.value), own);
      if (merged === undefined) open = true;
      else entries.push(...merged.entries);
      if (merged?.open) open = true;
    }
    return { kind: 'map', span: this.span(node.flow, start, end, entries), entries, open };
  }

  /** What a merge key adds to the keys that are there; undefined where its value cannot be read. */
  private merge(value: Node | undefined, own: Set<string>): { entries: Entry[]; open: boolean } | undefined {
    const sources = value?.kind === 'list' ? value.items : value ? [value] : [];
    const entries: Entry[] = [];
    let open = value?.kind === 'list' && value.open;
    for (const source of sources) {
      if (source.kind !== 'map') return undefined;
      open ||= source.open;
      for (const entry of source.entries) {
        if (own.has(entry.key.value)) continue;
        const copy = this.anchors.merged(entry);
        if (!copy) return { entries, open: true };
        own.add(entry.key.value);
        entries.push(copy);
      }
    }
    return { entries, open };
  }

  private list(node: YAMLSeq, start: number, end: number): ListNode {
    const items: Node[] = [];
    for (const item of node.items) {
      const value = isPair(item) ? this.pairAsMap(item, end) : this.node(item);
      const at = isScalar(item) ? item.range?.[0] : undefined;
      items.push(value ?? this.missing(at ?? start));
    }
    const last = items[items.length - 1];
    const listEnd = node.flow || !last ? end : Math.max(start, outerSpan(last).end);
    return { kind: 'list', span: { start, end: listEnd }, items, open: false };
  }

  /** An item without anything: null, as YAML has it. */
  private missing(at: number): ScalarNode {
    const span = { start: at, end: at };
    return { kind: 'scalar', value: '', holes: [], span, outer: span, encodings: [{ kind: 'yaml-plain' }], quoted: false, type: 'null' };
  }

  /** A pair alone in a flow list, `[a: b]`. */
  private pairAsMap(pair: Pair, end: number): MapNode {
    const entry = this.entry(pair, end);
    return { kind: 'map', span: entry.span, entries: [entry], open: false };
  }

  private entry(pair: Pair, limit: number): Entry {
    const separator = pair.srcToken?.sep?.find((token) => token.type === 'map-value-ind');
    const key = this.key(pair, separator?.offset ?? limit);
    const value = this.node(pair.value, true);
    const alias = isAlias(pair.value) ? pair.value : undefined;
    const colon = separator ? separator.offset + 1 : key.outer.end;
    const end = alias ? (alias.range?.[1] ?? colon) : value ? Math.max(colon, outerSpan(value).end) : colon;
    return { key, value, span: { start: key.outer.start, end }, merged: alias !== undefined };
  }

  /** A key that is no scalar counts as one hole, with its source for a value. */
  private key(pair: Pair, fallback: number): ScalarNode {
    const { key } = pair;
    const node = isScalar(key) ? this.keyScalar(key) : this.node(key);
    if (node?.kind === 'scalar') return node;
    const { start, end } = node ? outerSpan(node) : { start: fallback, end: fallback };
    const value = this.text.slice(start, end);
    return {
      ...this.missing(start),
      span: { start, end },
      outer: { start, end },
      value,
      holes: value === '' ? [] : [{ start: 0, end: value.length, source: value, named: false }],
    };
  }

  private keyScalar(key: { srcToken?: CST.Token; tag?: string; anchor?: string; range?: readonly number[] | null }): Node {
    const node = this.scalar(key.srcToken, key.tag, true) ?? this.missing(key.range?.[0] ?? 0);
    if (key.anchor !== undefined) this.anchors.close(key.anchor, node);
    return node;
  }

  /** A block collection ends with its last own entry; the library counts the white space after it too. */
  private span(flow: boolean | undefined, start: number, end: number, entries: readonly Entry[]) {
    if (flow) return { start, end };
    let last = start;
    for (const entry of entries) if (!entry.merged || entry.span.end <= end) last = Math.max(last, entry.span.end);
    return { start, end: Math.min(last, Math.max(start, end)) };
  }
}

function isScalarToken(token: CST.Token): token is CST.FlowScalar | CST.BlockScalar {
  return (
    token.type === 'scalar' ||
    token.type === 'single-quoted-scalar' ||
    token.type === 'double-quoted-scalar' ||
    token.type === 'block-scalar'
  );
}

/** YAML 1.1's merge key, which Kubernetes' decoder knows: a plain `<<`. */
function isMerge(pair: Pair): boolean {
  const { key } = pair;
  return isScalar(key) && key.srcToken?.type === 'scalar' && key.srcToken.source === '<<' && key.tag === undefined;
}
