import type { Comment, Entry, ListNode, MapNode, Node, ScalarNode } from '../tree';
import { outerSpan } from '../nodes';
import { decodeBlock } from './blockScalars';
import { SimpleFlow } from './simpleFlow';
import { simpleScalar, startsPlain } from './simpleScalar';
import { scalarNode } from '../scalar';

/** What a simple document holds: never with problems, for a document that has any is not simple. */
export interface SimpleReading {
  readonly root: Node;
  readonly comments: readonly Comment[];
}

/** Thrown at the first thing that is not simple; what was read until then is dropped. */
export class NotSimple extends Error {}
const notSimple = new NotSimple('not simple');

/** Far deeper than manifests nest. */
const deepest = 60;
const longestKey = 1000;

/**
 * Reads a YAML document of the simplest kind, which nearly all manifests are: block maps and lists, scalars on one line,
 * literal and folded blocks, flow collections on one line, comments. Undefined for all else (anchors, tags, scalars over
 * several lines, tabs, any mistake): then the `yaml` library reads it. Where it gives a tree, the tree is that of the
 * library, at a tenth of its cost; a property test holds it to that.
 */
export function readSimpleYaml(text: string): SimpleReading | undefined {
  if (/[\x00-\x09\x0b-\x1f\x7f\ufeff]/.test(text)) return undefined;
  try {
    return new SimpleReader(text).read();
  } catch (error) {
    if (error === notSimple) return undefined;
    throw error;
  }
}

function giveUp(): never {
  throw notSimple;
}

class SimpleReader {
  private readonly comments: Comment[] = [];
  private readonly flow: SimpleFlow;
  /** The line that is looked at: where it begins, where its content begins and where it ends. */
  private line = 0;
  private start = 0;
  private end = 0;
  /** The indentation of the line; -1 at the text's end. */
  private indent = -1;

  constructor(private readonly text: string) {
    this.flow = new SimpleFlow(text, giveUp);
  }

  read(): SimpleReading {
    const { text } = this;
    this.goTo(0);
    if (this.indent === 0 && text.startsWith('---', this.start)) {
      if (this.end !== this.start + 3) giveUp();
      this.goTo(this.end + 1);
    }
    if (this.indent !== 0) giveUp();
    const root = this.isItem() ? this.list(0, 0) : this.map(0, 0);
    if (!this.isOver) giveUp();
    return { root, comments: this.comments };
  }

  /** Goes to the first line at or after an offset that has content. */
  private goTo(offset: number): void {
    const { text } = this;
    for (let at = offset; at < text.length; at = this.end + 1) {
      const feed = text.indexOf('\n', at);
      this.end = feed < 0 ? text.length : feed;
      let start = at;
      while (text.charCodeAt(start) === 32) start++;
      if (start >= this.end) continue;
      if (text.charCodeAt(start) === 35) {
        this.comment(start);
        continue;
      }
      this.line = at;
      this.start = start;
      this.indent = start - at;
      if (this.indent === 0 && offset > 0 && /^(?:---|\.\.\.)(?: |$)/.test(text.slice(start, Math.min(this.end, start + 4)))) giveUp();
      return;
    }
    this.indent = -1;
    this.line = this.start = this.end = text.length;
  }

  private comment(start: number): void {
    this.comments.push({ span: { start, end: this.end }, text: this.text.slice(start + 1, this.end) });
  }

  private get isOver(): boolean {
    return this.indent < 0;
  }

  /** Whether a list's item begins at the line's content. */
  private isItem(): boolean {
    return this.text.charCodeAt(this.start) === 45 && (this.start + 1 === this.end || this.text.charCodeAt(this.start + 1) === 32);
  }

  private list(indent: number, depth: number): ListNode {
    if (depth > deepest) giveUp();
    const { start } = this;
    const items: Node[] = [];
    while (this.indent === indent && this.isItem()) items.push(this.item(indent, depth));
    if (this.indent > indent) giveUp();
    return { kind: 'list', span: { start, end: outerSpan(items[items.length - 1]!).end }, items, open: false };
  }

  private item(indent: number, depth: number): Node {
    const { text } = this;
    let at = this.start + 1;
    while (text.charCodeAt(at) === 32) at++;
    if (at >= this.end || text.charCodeAt(at) === 35) giveUp();
    // What follows the dash is a line of its own, indented as far as it stands.
    this.start = at;
    this.indent = at - this.line;
    if (this.isItem()) giveUp();
    if (this.keyEnd() !== undefined) return this.map(this.indent, depth + 1);
    const value = this.inline(at, false);
    this.goTo(this.end + 1);
    if (this.indent > indent) giveUp();
    return value;
  }

  private map(indent: number, depth: number): MapNode {
    if (depth > deepest) giveUp();
    const { start } = this;
    const entries: Entry[] = [];
    while (this.indent === indent) {
      if (this.isItem()) break;
      entries.push(this.entry(indent, depth));
    }
    if (this.indent > indent || entries.length === 0) giveUp();
    return { kind: 'map', span: { start, end: entries[entries.length - 1]!.span.end }, entries, open: false };
  }

  private entry(indent: number, depth: number): Entry {
    const { text, start } = this;
    const keyEnd = this.keyEnd() ?? giveUp();
    const key = simpleScalar(text, start, keyEnd, true);
    const colon = keyEnd + 1;
    let at = colon;
    while (text.charCodeAt(at) === 32) at++;
    let value: Node | undefined;
    if (at < this.end && text.charCodeAt(at) !== 35) {
      const first = text.charCodeAt(at);
      if (first === 124 || first === 62) return this.withBlock(key, colon, at, indent);
      value = this.inline(at, true);
      this.goTo(this.end + 1);
      if (this.indent > indent) giveUp();
    } else {
      if (at < this.end) this.comment(at);
      this.goTo(this.end + 1);
      if (this.indent === indent && this.isItem()) value = this.list(indent, depth + 1);
      else if (this.indent > indent) value = this.isItem() ? this.list(this.indent, depth + 1) : this.map(this.indent, depth + 1);
    }
    return { key, value, span: { start, end: value ? Math.max(colon, outerSpan(value).end) : colon }, merged: false };
  }

  /** Where the key ends that begins at the line's content; undefined where no key does. */
  private keyEnd(): number | undefined {
    const { text, start, end } = this;
    const first = text.charCodeAt(start);
    if (first === 34 || first === 39) {
      let close = start + 1;
      while (close < end && text.charCodeAt(close) !== first) close++;
      if (close >= end) giveUp();
      if (text.charCodeAt(close + 1) !== 58) return undefined;
      if (close + 2 < end && text.charCodeAt(close + 2) !== 32) giveUp();
      return text.slice(start, close).includes('\\') ? giveUp() : close + 1;
    }
    for (let at = start; at < end; at++) {
      if (text.charCodeAt(at) !== 58) continue;
      if (at + 1 < end && text.charCodeAt(at + 1) !== 32) continue;
      const before = text.charCodeAt(at - 1);
      if (at - start > longestKey || before === 32 || at === start || !startsPlain(text, start)) giveUp();
      const key = text.slice(start, at);
      return key === '<<' || key.includes(' #') ? giveUp() : at;
    }
    return undefined;
  }

  /** A value on the rest of the line; `asValue` where it is a map's. */
  private inline(at: number, asValue: boolean): Node {
    const { text } = this;
    const first = text.charCodeAt(at);
    if (first === 91 || first === 123) {
      const { node, end } = this.flow.collection(at, this.end, asValue);
      this.rest(end);
      return node;
    }
    if (first === 34 || first === 39) {
      const end = this.flow.quoted(at, this.end);
      this.rest(end);
      return simpleScalar(text, at, end, false);
    }
    if (!startsPlain(text, at)) giveUp();
    const line = text.slice(at, this.end);
    const hash = line.indexOf(' #');
    let end = hash < 0 ? this.end : at + hash;
    if (hash >= 0) this.comment(at + hash + 1);
    while (text.charCodeAt(end - 1) === 32) end--;
    const colon = line.indexOf(': ');
    if ((colon >= 0 && at + colon < end) || text.charCodeAt(end - 1) === 58) giveUp();
    return simpleScalar(text, at, end, false);
  }

  /** What follows a value on its line: nothing, or a comment. */
  private rest(from: number): void {
    let at = from;
    while (this.text.charCodeAt(at) === 32) at++;
    if (at >= this.end) return;
    if (this.text.charCodeAt(at) !== 35 || at === from) giveUp();
    this.comment(at);
  }

  /** An entry whose value is a literal or folded block. */
  private withBlock(key: ScalarNode, colon: number, at: number, indent: number): Entry {
    const { text } = this;
    const header = /^[|>]-?(?= *$)/.exec(text.slice(at, this.end))?.[0] ?? giveUp();
    const start = this.end + 1;
    let content = -1;
    let end = start;
    for (let line = start; line < text.length;) {
      const feed = text.indexOf('\n', line);
      const lineEnd = feed < 0 ? text.length : feed;
      let first = line;
      while (text.charCodeAt(first) === 32) first++;
      if (first < lineEnd) {
        if (first - line <= indent) break;
        if (content < 0) content = first - line;
        else if (first - line < content) giveUp();
        end = Math.min(text.length, lineEnd + 1);
      } else if (first > line) giveUp();
      line = lineEnd + 1;
    }
    if (content < 0) giveUp();
    const source = text.slice(start, end);
    const { indent: shared, ...decoded } = decodeBlock(header, source, start, indent);
    const last = decoded.map ? decoded.map[decoded.map.length - 1]! : [0, start];
    const span = { start: decoded.map?.[0]?.[1] ?? start, end: last[1] + decoded.value.length - last[0] };
    const value = scalarNode(
      decoded,
      { span, outer: { start: at, end }, encodings: [{ kind: 'yaml-block', indent: shared }], quoted: false, type: 'string' },
      {},
    );
    this.goTo(end);
    if (this.indent > indent) giveUp();
    return { key, value, span: { start: key.outer.start, end: Math.max(colon, end) }, merged: false };
  }
}
