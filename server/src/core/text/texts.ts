import type { Span } from './span';
import { isPolicyVariable } from './holes';
import type { Borrowed, Encoding, Hole, Text } from './text';
import type { Tri } from './tri';

/** A text without a source, for comparisons: no holes, at offset 0. */
export function plain(value: string): Text {
  const span = { start: 0, end: value.length };
  return { value, holes: [], span, outer: span, encodings: [], quoted: false };
}

/** The value where no hole is in it, else undefined. */
export function literal(text: Text | undefined): string | undefined {
  return text && text.holes.length === 0 ? text.value : undefined;
}

/** True when the whole text is one hole, white space aside. */
export function isHole(text: Text): boolean {
  const [hole] = text.holes;
  return (
    text.holes.length === 1 &&
    hole !== undefined &&
    text.value.slice(0, hole.start).trim() === '' &&
    text.value.slice(hole.end).trim() === ''
  );
}

/** Where a value offset stands in the document. */
export function documentOffset(text: Text, offset: number): number {
  const { map } = text;
  if (!map || map.length === 0) return text.span.start + offset;
  let low = 0;
  let high = map.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (map[middle]![0] <= offset) low = middle;
    else high = middle - 1;
  }
  const [from, to] = map[low]!;
  // A borrowed value may be longer than the expression that stands for it.
  return text.borrowed ? Math.min(to + (offset - from), map[low + 1]?.[1] ?? text.span.end) : to + (offset - from);
}

/** The document's span of a stretch of the value. */
export function documentSpan(text: Text, start: number, end: number): Span {
  const from = documentOffset(text, start);
  if (end <= start) return { start: from, end: from };
  if (text.borrowed) return borrowedSpan(text, text.borrowed, start, end);
  // The last character's own end: an escape is wider in the source than in the value.
  const last = end === text.value.length && text.map ? text.span.end : documentOffset(text, end);
  return { start: from, end: Math.max(from, last) };
}

/** A stretch of a text with borrowed pieces: what touches such a piece takes its whole expression. */
function borrowedSpan(text: Text, borrowed: readonly Borrowed[], start: number, end: number): Span {
  let from = documentOffset(text, start);
  let to = end === text.value.length && text.map ? text.span.end : documentOffset(text, end);
  for (const piece of borrowed) {
    if (piece.end <= start || piece.start >= end) continue;
    from = Math.min(from, piece.span.start);
    to = Math.max(to, piece.span.end);
  }
  return { start: from, end: Math.max(from, to) };
}

/** The value offset of a document offset, clamped to the value. */
export function valueOffset(text: Text, offset: number): number {
  const clamp = (n: number) => Math.max(0, Math.min(text.value.length, n));
  const { map } = text;
  if (!map || map.length === 0) return clamp(offset - text.span.start);
  let low = 0;
  let high = map.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (map[middle]![1] <= offset) low = middle;
    else high = middle - 1;
  }
  const [from, to] = map[low]!;
  const next = map[low + 1];
  return clamp(Math.min(from + Math.max(0, offset - to), next ? next[0] : Infinity));
}

/** A stretch of a text as a text of its own, holes and places kept. A hole that is cut stays whole where it touches. */
export function slice(text: Text, start: number, end: number = text.value.length): Text {
  if (text.holes.length === 0 && !text.map && !text.borrowed) {
    const from = text.span.start + start;
    const span = { start: from, end: Math.max(from, text.span.start + end) };
    return { value: text.value.slice(start, end), holes: text.holes, span, outer: span, encodings: text.encodings, quoted: text.quoted };
  }
  const holes: Hole[] = [];
  for (
    let i = firstFrom(text.holes.length, (each) => text.holes[each]!.end > start);
    i < text.holes.length && text.holes[i]!.start < end;
    i++
  ) {
    const hole = text.holes[i]!;
    holes.push({ ...hole, start: Math.max(0, hole.start - start), end: Math.min(end, hole.end) - start });
  }
  const span = documentSpan(text, start, end);
  const map = text.map && sliceMap(text, start, end);
  const borrowed = text.borrowed
    ?.filter((piece) => piece.end > start && piece.start < end)
    .map((piece) => ({ ...piece, start: Math.max(0, piece.start - start), end: Math.min(end, piece.end) - start }));
  return {
    value: text.value.slice(start, end),
    holes,
    span,
    outer: span,
    encodings: text.encodings,
    quoted: text.quoted,
    ...(map ? { map } : {}),
    ...(borrowed && borrowed.length > 0 ? { borrowed } : {}),
  };
}

function sliceMap(text: Text, start: number, end: number): (readonly [number, number])[] {
  const map: (readonly [number, number])[] = [[0, documentOffset(text, start)]];
  const all = text.map!;
  for (let i = firstFrom(all.length, (each) => all[each]![0] > start); i < all.length && all[i]![0] < end; i++) {
    const [from, to] = all[i]!;
    map.push([from - start, to]);
  }
  return map;
}

/** The first of so many indices in order from which on something holds, by halving; `length` where it never does. */
function firstFrom(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Splits at a one-character separator, outside holes. Always at least one part. */
export function split(text: Text, separator: string, limit = Infinity): Text[] {
  const parts: Text[] = [];
  let from = 0;
  if (text.holes.length === 0) {
    for (let at = text.value.indexOf(separator); at >= 0 && parts.length + 1 < limit; at = text.value.indexOf(separator, from)) {
      parts.push(slice(text, from, at));
      from = at + 1;
    }
    parts.push(slice(text, from));
    return parts;
  }
  // Holes are in order: each is met once.
  let next = 0;
  for (let i = 0; i < text.value.length && parts.length + 1 < limit; i++) {
    while (next < text.holes.length && (text.holes[next]!.start < i || text.holes[next]!.end <= i)) next++;
    const hole = text.holes[next];
    if (hole?.start === i) {
      i = hole.end - 1;
      continue;
    }
    if (text.value[i] === separator) {
      parts.push(slice(text, from, i));
      from = i + 1;
    }
  }
  parts.push(slice(text, from));
  return parts;
}

/** The text without white space at its ends. */
export function trim(text: Text): Text {
  const lead = text.value.length - text.value.trimStart().length;
  const tail = text.value.trimEnd().length;
  return lead === 0 && tail === text.value.length ? text : slice(text, lead, Math.max(lead, tail));
}

/**
 * Whether two texts are the same. Holes of the same name are the same thing; any other hole may be
 * anything, so that the answer is `null` unless the literal parts rule it out.
 */
export function equal(a: Text, b: Text): Tri {
  if (a.holes.length === 0 && b.holes.length === 0) return a.value === b.value;
  if (a.value === b.value && [...a.holes, ...b.holes].every((h) => h.named)) return true;
  return mayEqual(a, b) ? null : false;
}

/** Whether two texts have the same letters and, in the same order, the same unknown values: see Hole.identity. */
export function isIdentical(a: Text, b: Text): boolean {
  if (a.holes.length !== b.holes.length) return false;
  let [atA, atB] = [0, 0];
  for (const [i, hole] of a.holes.entries()) {
    const other = b.holes[i]!;
    if (hole.identity === undefined || hole.identity !== other.identity) return false;
    if (a.value.slice(atA, hole.start) !== b.value.slice(atB, other.start)) return false;
    [atA, atB] = [hole.end, other.end];
  }
  return a.value.slice(atA) === b.value.slice(atB);
}

/** Whether some filling of the holes makes the texts equal: compares literal heads and tails. */
function mayEqual(a: Text, b: Text): boolean {
  const [headA, tailA] = ends(a);
  const [headB, tailB] = ends(b);
  const head = Math.min(headA.length, headB.length);
  const tail = Math.min(tailA.length, tailB.length);
  if (headA.slice(0, head) !== headB.slice(0, head)) return false;
  if (tail > 0 && tailA.slice(-tail) !== tailB.slice(-tail)) return false;
  if (a.holes.length === 0) return a.value.length >= literalLength(b);
  if (b.holes.length === 0) return b.value.length >= literalLength(a);
  return true;
}

function ends(text: Text): [string, string] {
  const first = text.holes[0];
  const last = text.holes[text.holes.length - 1];
  return [first ? text.value.slice(0, first.start) : text.value, last ? text.value.slice(last.end) : text.value];
}

function literalLength(text: Text): number {
  return text.value.length - text.holes.reduce((sum, hole) => sum + hole.end - hole.start, 0);
}

/** What stood in a document where an edit goes, decoded, and how it is written there. */
export interface Judged {
  readonly value: string;
  readonly encodings: readonly Encoding[];
}

/** Writes new text in place of a stretch of the value, encoded as its surroundings need; `judged` is the stretch. */
export function replacement(text: Text, start: number, end: number, value: string): { span: Span; newText: string; judged: Judged } {
  return {
    span: documentSpan(text, start, end),
    newText: encode(value, text.encodings),
    judged: { value: text.value.slice(start, end), encodings: text.encodings },
  };
}

/** Encodes a value for where it will stand: innermost encoding first. */
export function encode(value: string, encodings: readonly Encoding[]): string {
  return encodings.reduce((out, encoding) => {
    switch (encoding.kind) {
      case 'json':
        return JSON.stringify(out).slice(1, -1);
      case 'yaml-single':
        return out.replaceAll("'", "''");
      case 'hcl':
        return encodeHcl(out, true);
      case 'hcl-heredoc':
        return encodeHcl(out, false);
      case 'hcl-argument':
        return `\n${' '.repeat(encoding.indent)}${encoding.name} = "${encodeHcl(out, true)}"`;
      case 'url':
        return encodeURIComponent(out);
      case 'yaml-block':
        return out.replaceAll('\n', `\n${' '.repeat(encoding.indent)}`);
      case 'shell':
        return encodeShell(out, encoding.quoting);
      case 'yaml-plain':
        return out;
    }
  }, value);
}

/** Text within a shell's quotes or heredoc; variables stay variables. Source: POSIX shell, 2.2 Quoting. */
function encodeShell(value: string, quoting: 'single' | 'double' | 'heredoc' | 'none'): string {
  if (quoting === 'none') return value;
  if (quoting === 'single') return value.replaceAll("'", `'\\''`);
  return value.replace(quoting === 'double' ? /[\\"`]/g : /[\\`]/g, '\\$&');
}

/**
 * Text for an HCL string. `${…}` that stands for an expression stays one; IAM's own variables are escaped, for
 * Terraform would read them. Source: HCL specification, quoted template expressions.
 */
function encodeHcl(value: string, quoted: boolean): string {
  return value.replace(/\$\{((?:[^{}]|\{[^{}]*\})*)\}|%\{|[^$%]+|[$%]/g, (piece, content: string | undefined) => {
    if (content !== undefined) return isPolicyVariable(content) ? `$${piece}` : piece;
    if (piece === '%{') return '%%{';
    return quoted ? JSON.stringify(piece).slice(1, -1) : piece;
  });
}
