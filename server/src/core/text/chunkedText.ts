import { lineAt, lineStarts, type Position } from './lineIndex';
import type { Span } from './span';

interface Chunk {
  readonly text: string;
  /** The offsets in the chunk at which its lines start; the last is the next chunk's first line. */
  readonly lines: readonly number[];
}

/** UTF-16 units; what an edit copies. */
const usual = 32 * 1024;

/**
 * A long text that is edited in place: kept in chunks of whole lines, so that a key typed costs a chunk and not the text.
 * Positions are those of the Language Server Protocol, as {@link LineIndex} has them; both directions clamp.
 */
export class ChunkedText {
  private chunks: Chunk[];

  constructor(text: string) {
    this.chunks = cut(text);
  }

  get length(): number {
    return this.chunks.reduce((sum, { text }) => sum + text.length, 0);
  }

  toString(): string {
    return this.chunks.map(({ text }) => text).join('');
  }

  /** The text from one offset to another. */
  slice(start: number, end: number): string {
    let out = '';
    let at = 0;
    for (const { text } of this.chunks) {
      if (at < end && at + text.length > start) out += text.slice(Math.max(0, start - at), end - at);
      at += text.length;
    }
    return out;
  }

  /** Puts a text in the place of a stretch. */
  replace({ start, end }: Span, text: string): void {
    const [first, firstStart] = this.chunkAt(start);
    const [last, lastStart] = this.chunkAt(end);
    let whole = this.chunks[first]!.text.slice(0, start - firstStart) + text + this.chunks[last]!.text.slice(end - lastStart);
    let after = last + 1;
    // A chunk ends with its line.
    while (after < this.chunks.length && !whole.endsWith('\n')) whole += this.chunks[after++]!.text;
    this.chunks.splice(first, after - first, ...cut(whole));
    if (this.chunks.length === 0) this.chunks = cut('');
  }

  /** The offset of a position; columns past the line's text clamp to the text's end. */
  offsetAt({ line, character }: Position): number {
    if (!(line >= 0)) return 0;
    let at = 0;
    let before = 0;
    for (const [i, { text, lines }] of this.chunks.entries()) {
      const count = lines.length - (i + 1 < this.chunks.length ? 1 : 0);
      if (line < before + count) {
        const start = lines[line - before]!;
        let end = lines[line - before + 1] ?? text.length;
        while (end > start && isBreak(text.charCodeAt(end - 1))) end--;
        return at + Math.max(start, Math.min(end, start + (character || 0)));
      }
      before += count;
      at += text.length;
    }
    return at;
  }

  /** The position of an offset. */
  positionAt(offset: number): Position {
    const [index, start] = this.chunkAt(Math.max(0, Math.trunc(offset) || 0));
    const { text, lines } = this.chunks[index]!;
    const within = Math.min(text.length, Math.max(0, offset - start));
    const line = lineAt(lines, within);
    const before = this.chunks.slice(0, index).reduce((sum, each) => sum + each.lines.length - 1, 0);
    return { line: before + line, character: within - lines[line]! };
  }

  /** The chunk that holds an offset, and where it begins. The last one holds all beyond it. */
  private chunkAt(offset: number): [number, number] {
    let at = 0;
    for (let i = 0; ; i++) {
      const { text } = this.chunks[i]!;
      if (offset < at + text.length || i + 1 === this.chunks.length) return [i, at];
      at += text.length;
    }
  }
}

function cut(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  while (text.length - at > 2 * usual) {
    const feed = text.indexOf('\n', at + usual);
    if (feed < 0 || feed + 1 >= text.length) break;
    chunks.push(chunkOf(text.slice(at, feed + 1)));
    at = feed + 1;
  }
  chunks.push(chunkOf(text.slice(at)));
  return chunks;
}

function chunkOf(text: string): Chunk {
  return { text, lines: lineStarts(text) };
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
