import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import { BlockTracker } from './blockTracker';
import type { Expression } from './expressions';

/** A template's line that gives lines of its own: where it stands, and the column that its lines take. */
export interface Emission {
  readonly span: Span;
  readonly column: number;
}

/** Placeholder characters. `source` is set where they do not cover the whole expression. */
export interface Taken extends Span {
  readonly source?: string;
}

/** A text of the same length that a plain parser can read, and what was taken out of it. */
export interface Mask {
  readonly text: string;
  /** Expressions that stand as placeholder characters, ascending: part of scalars. */
  readonly spans: readonly Taken[];
  /** Block expressions that became white space, ascending. */
  readonly controls: readonly Expression[];
  readonly emissions: readonly Emission[];
  /** Expressions that became white space inside of block scalars, ascending: holes without a width. */
  readonly gaps: readonly Span[];
}

/** The mask of a text for the expressions found in it, ascending. In a bundle it stands apart: most texts are no templates. */
export function buildMask(text: string, found: readonly Expression[]): Mask {
  const builder = new MaskBuilder(text);
  for (let i = 0; i < found.length;) i = builder.line(found, i);
  return builder.done();
}

/** No key with its indentation is longer. */
const longestKey = 2000;

class MaskBuilder {
  private readonly parts: string[] = [];
  private at = 0;
  private readonly spans: Taken[] = [];
  private readonly controls: Expression[] = [];
  private readonly emissions: Emission[] = [];
  private readonly gaps: Span[] = [];
  private readonly blocks: BlockTracker;

  constructor(private readonly text: string) {
    this.blocks = new BlockTracker(text);
  }

  done(): Mask {
    this.parts.push(this.text.slice(this.at));
    const { spans, controls, emissions, gaps } = this;
    return { text: this.parts.join(''), spans, controls, emissions, gaps };
  }

  /** Takes out the expressions that share the line of the one at `from`; gives the index of the next line's first. */
  line(found: readonly Expression[], from: number): number {
    const { text } = this;
    const start = lineStart(text, found[from]!.start);
    let to = from;
    let rest = text.slice(Math.max(start, this.at), found[from]!.start);
    let lineEnd: number;
    do {
      const { end } = found[to++]!;
      const feed = text.indexOf('\n', end);
      lineEnd = feed < 0 ? text.length : feed;
      rest += text.slice(end, Math.min(lineEnd, found[to]?.start ?? lineEnd));
    } while (to < found.length && found[to]!.start < lineEnd);
    const group = found.slice(from, to);
    if (/^[\s\ufeff]*$/.test(rest)) this.alone(group, start);
    else this.inline(group, start, lineEnd);
    return to;
  }

  /** Expressions that have their line for themselves. In a block scalar's column they are part of its text. */
  private alone(group: readonly Expression[], start: number): void {
    const column = group[0]!.start - start;
    const block = this.blocks.blockAt(start);
    for (const expression of group) {
      if (block !== undefined && column > block) this.placeholder(expression.start, expression.end);
      else this.blank(expression, column, block);
    }
  }

  private inline(group: readonly Expression[], start: number, lineEnd: number): void {
    for (let i = 0; i < group.length; i++) {
      const expression = group[i]!;
      if (expression.role === 'open') {
        // A block that ends on its line is one value.
        const last = matching(group, i);
        if (last !== undefined) {
          this.placeholder(expression.start, group[last]!.end);
          i = last;
          continue;
        }
      }
      if (expression.role === 'value' && !this.givesBlock(expression, start, lineEnd)) {
        this.placeholder(expression.start, expression.end);
      } else {
        this.blank(expression, expression.start - start);
      }
    }
  }

  /** True for `key: {{ toYaml . | nindent 4 }}`, where lines follow, not a value. */
  private givesBlock(expression: Expression, lineStart: number, lineEnd: number): boolean {
    if (!expression.block || expression.indent === undefined || expression.start - lineStart > longestKey) return false;
    return (
      this.endsLine(expression.end, lineEnd) &&
      /^[\s-]*(?:"[^"]*"|'[^']*'|[^\s#'"][^'"]*):\s+$/.test(this.text.slice(lineStart, expression.start))
    );
  }

  /** Whether nothing but white space and a comment stands from an offset to its line's end. */
  private endsLine(from: number, lineEnd: number): boolean {
    let at = from;
    while (at < lineEnd && /\s/.test(this.text[at]!)) at++;
    return at === lineEnd || (this.text[at] === '#' && at > from);
  }

  private blank(expression: Expression, column: number, block?: number): void {
    const { start, end, role } = expression;
    const target = expression.indent ?? column;
    if (role === 'value' && block !== undefined && target > block && target - column < end - start) {
      this.indented(start, end, target - column);
      return;
    }
    // In a block scalar spaces would be content; line feeds are at worst empty lines, and unmask takes them out.
    this.replace(start, end, this.text.slice(start, end).replace(/[^\r\n]/g, block === undefined ? ' ' : '\n'));
    if (block !== undefined) this.gaps.push({ start, end });
    if (role === 'value') this.emissions.push({ span: { start, end }, column: target });
    else if (role !== 'silent') this.controls.push(expression);
  }

  /** `{{ .x | indent 2 }}` at column 0 of a block scalar: its lines come indented, so its placeholder is too. */
  private indented(start: number, end: number, by: number): void {
    this.replace(start, end, ' '.repeat(by) + placeholderOf(end - start - by));
    this.spans.push({ start: start + by, end, source: this.text.slice(start, end) });
  }

  private placeholder(start: number, end: number): void {
    this.replace(start, end, placeholderOf(end - start));
    this.spans.push({ start, end });
  }

  private replace(start: number, end: number, by: string): void {
    this.parts.push(this.text.slice(this.at, start), by);
    this.at = end;
  }
}

/** One run of placeholder characters, told from the next by its first. */
function placeholderOf(length: number): string {
  return '\ue000' + '\ue001'.repeat(length - 1);
}

/** The index of the expression that closes the block opened at `from`, on the same line. */
function matching(group: readonly Expression[], from: number): number | undefined {
  let depth = 0;
  for (let i = from; i < group.length; i++) {
    if (group[i]!.role === 'open') depth++;
    else if (group[i]!.role === 'close' && --depth === 0) return i;
  }
  return undefined;
}
