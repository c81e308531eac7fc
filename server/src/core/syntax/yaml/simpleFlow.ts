import type { Entry, Node, ScalarNode } from '../tree';
import { outerSpan } from '../nodes';
import { placeholderScalar } from './scalars';
import { simpleScalar, startsPlain } from './simpleScalar';

const deepest = 20;
/** Where a plain scalar of a flow collection ends. */
const plain = /[^\s,[\]{}:#"'&*!|>%@`?]+(?:(?: +|:)[^\s,[\]{}:#"'&*!|>%@`?]+)*/y;

/** Flow collections and quoted scalars that stand on one line, for the simple reader. `giveUp` is called at all that is not simple. */
export class SimpleFlow {
  constructor(
    private readonly text: string,
    private readonly giveUp: () => never,
  ) {}

  /** The list or map that begins at an offset and ends before `limit`; `asValue` where it is the value of a map's key. */
  collection(start: number, limit: number, asValue: boolean): { node: Node; end: number } {
    return this.read(start, limit, asValue, 0);
  }

  /** Where the quoted scalar ends that begins at an offset, its closing quote included. */
  quoted(start: number, limit: number): number {
    const { text } = this;
    const quote = text.charCodeAt(start);
    for (let at = start + 1; at < limit; at++) {
      const code = text.charCodeAt(at);
      if (code === 92 && quote === 34) {
        if (!/[\\"/nt]/.test(text[at + 1] ?? '')) this.giveUp();
        at++;
      } else if (code === quote) {
        if (quote === 39 && text.charCodeAt(at + 1) === 39) at++;
        else return at + 1;
      }
    }
    return this.giveUp();
  }

  private read(start: number, limit: number, asValue: boolean, depth: number): { node: Node; end: number } {
    if (depth > deepest) this.giveUp();
    const isMap = this.text.charCodeAt(start) === 123;
    const close = isMap ? 125 : 93;
    const entries: Entry[] = [];
    const items: Node[] = [];
    let at = this.blanks(start + 1);
    while (this.text.charCodeAt(at) !== close) {
      if (entries.length + items.length > 0) {
        if (this.text.charCodeAt(at) !== 44) this.giveUp();
        at = this.blanks(at + 1);
      }
      if (at >= limit) this.giveUp();
      if (isMap) {
        const entry = this.entry(at, limit, depth);
        entries.push(entry);
        at = this.blanks(entry.span.end);
      } else {
        const { node, end } = this.value(at, limit, false, depth);
        items.push(node);
        at = this.blanks(end);
      }
    }
    const end = at + 1;
    if (end > limit) this.giveUp();
    const placeholder = asValue && items.length + entries.length === 1 ? placeholderScalar(this.text, start, end) : undefined;
    const span = { start, end };
    return { end, node: placeholder ?? (isMap ? { kind: 'map', span, entries, open: false } : { kind: 'list', span, items, open: false }) };
  }

  private entry(start: number, limit: number, depth: number): Entry {
    const key = this.scalar(start, limit, true);
    const separator = key.outer.end;
    if (key.value === '<<' || this.text.charCodeAt(separator) !== 58 || this.text.charCodeAt(separator + 1) !== 32) this.giveUp();
    const { node, end } = this.value(this.blanks(separator + 1), limit, true, depth);
    return { key, value: node, span: { start, end: Math.max(separator + 1, outerSpan(node).end, end) }, merged: false };
  }

  private value(at: number, limit: number, asValue: boolean, depth: number): { node: Node; end: number } {
    const first = this.text.charCodeAt(at);
    if (first === 91 || first === 123) return this.read(at, limit, asValue, depth + 1);
    const node = this.scalar(at, limit, false);
    return { node, end: node.outer.end };
  }

  private scalar(start: number, limit: number, key: boolean): ScalarNode {
    const { text } = this;
    const first = text.charCodeAt(start);
    if (first === 34 || first === 39) {
      const end = this.quoted(start, limit);
      if (key && text.slice(start, end).includes('\\')) this.giveUp();
      return simpleScalar(text, start, end, key);
    }
    if (!startsPlain(text, start)) this.giveUp();
    plain.lastIndex = start;
    const source = plain.exec(text)?.[0] ?? this.giveUp();
    if (start + source.length > limit) this.giveUp();
    return simpleScalar(text, start, start + source.length, key);
  }

  private blanks(from: number): number {
    let at = from;
    while (this.text.charCodeAt(at) === 32) at++;
    return at;
  }
}
