/** A place as editors count it: line and UTF-16 column, both from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/**
 * Translates between offsets and positions of one text. Lines end at `\n`, `\r\n` or a lone `\r`,
 * as the Language Server Protocol has it. Offsets and columns are UTF-16 units; both directions
 * clamp to the text, so that no input throws.
 */
export class LineIndex {
  /** The offset at which each line starts; plain data, enough to rebuild the index. */
  readonly starts: readonly number[];
  readonly length: number;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
    this.starts = lineStarts(text);
  }

  /** The position of an offset. An offset past a line's text but before its end counts as the text's end. */
  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(this.length, Math.trunc(offset) || 0));
    const line = lineAt(this.starts, at);
    return { line, character: at - this.starts[line]! };
  }

  /** The offset of a position; columns past the line's text clamp to the text's end. */
  offsetAt(position: Position): number {
    const { line } = position;
    if (!(line >= 0)) return 0;
    if (line >= this.starts.length) return this.length;
    const start = this.starts[line]!;
    let end = line + 1 < this.starts.length ? this.starts[line + 1]! : this.length;
    while (end > start && isBreak(this.text.charCodeAt(end - 1))) end--;
    return Math.max(start, Math.min(end, start + (position.character || 0)));
  }
}

/** The offset at which each line of a text starts; the first is 0. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

/**
 * The offset at which the line of an offset starts; lines end at `\n`. Of an offset at or before the text's start it is 0:
 * `lastIndexOf` takes a negative place for 0 and would find a line feed that stands there, behind the offset.
 */
export function lineStart(text: string, offset: number): number {
  // eslint-disable-next-line no-restricted-syntax -- 0 is told before
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The number of the line that holds an offset, given the offsets at which lines start. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
