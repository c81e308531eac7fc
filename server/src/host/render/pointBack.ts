import { lineStart } from '../../core/text/lineIndex';
import type { Span } from '../../core/text/span';

/** A text that output is made of. */
export interface Source {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of a source, and whether it is the place itself or only the file's beginning. */
export interface SourcePlace {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly sure: boolean;
}

/** What is looked for: a stretch of one line of the output. */
export interface Rendered {
  /** The words that a finding stands on. */
  readonly words: string;
  /** The line's key, without quotes; undefined where it has none. */
  readonly key: string | undefined;
}

/** The stretch of a rendered text as {@link pointBack} looks for it. Only its first line counts. */
export function renderedAt(text: string, start: number, end: number): Rendered & { readonly line: string } {
  const from = lineStart(text, start);
  const feed = text.indexOf('\n', start);
  const line = text.slice(from, feed < 0 ? text.length : feed);
  const words = text.slice(start, Math.max(start, Math.min(end, from + line.length))).trim();
  return { words, key: keyOf(line), line: line.trim() };
}

/** The key that a line begins with. */
function keyOf(line: string): string | undefined {
  const found = /^[ \t]*(?:- +)*(?:"([^"\n]+)"|'([^'\n]+)'|([\w./-]+))[ \t]*:(?:[ \t]|$)/.exec(line);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

/**
 * Where a stretch of a tool's output comes from: the same words under the same key, else the same words where they stand
 * once, else the same key, in the first source that has it; at last the beginning of the root's own file.
 * @param sources nearest first
 */
export function pointBack(rendered: Rendered, sources: readonly Source[], root: Source): SourcePlace {
  const { words, key } = rendered;
  const isToken = words.length > 0 && words.length <= 500;
  for (const source of key !== undefined && isToken ? sources : []) {
    const { path, text } = source;
    for (const line of linesOf(source, key!)) {
      const [start] = tokensIn(text.slice(line.start, line.end), words, 1);
      if (start !== undefined) return { path, start: line.start + start, end: line.start + start + words.length, sure: true };
    }
  }
  if (isToken && words.length >= 6 && words !== key) {
    const found = sources.map((source) => ({ source, starts: tokensIn(source.text, words, 2) })).find(({ starts }) => starts.length > 0);
    if (found?.starts.length === 1)
      return { path: found.source.path, start: found.starts[0]!, end: found.starts[0]! + words.length, sure: true };
  }
  for (const source of key !== undefined ? sources : []) {
    const { path, text } = source;
    const [line, second] = linesOf(source, key!);
    if (!line || second) continue;
    const written = text.slice(line.start, line.end);
    const lead = /^[ \t]*(?:- +)*/.exec(written)![0].length;
    return { path, start: line.start + lead, end: line.start + written.trimEnd().length, sure: true };
  }
  const end = root.text.search(/[\r\n]|$/);
  return { path: root.path, start: 0, end, sure: false };
}

const linesByKey = new WeakMap<Source, Map<string, Span[]>>();

/** The lines of a source that give a key a value. Each source's are found once: many findings ask for them. */
function linesOf(source: Source, key: string): readonly Span[] {
  let lines = linesByKey.get(source);
  if (!lines) {
    linesByKey.set(source, (lines = new Map<string, Span[]>()));
    for (const match of source.text.matchAll(/^[ \t]*(?:- +)*(?:"([^"\n]+)"|'([^'\n]+)'|([\w./-]+))[ \t]*:[^\n]*/gm)) {
      const name = (match[1] ?? match[2] ?? match[3])!;
      const span = { start: match.index, end: match.index + match[0].length };
      const known = lines.get(name);
      if (known) known.push(span);
      else lines.set(name, [span]);
    }
  }
  return lines.get(key) ?? [];
}

/** Where some words stand by themselves in a text, at most so many times. */
function tokensIn(text: string, words: string, most: number): number[] {
  const starts: number[] = [];
  for (let at = text.indexOf(words); at >= 0 && starts.length < most; at = text.indexOf(words, at + 1)) {
    const [before, after] = [text[at - 1], text[at + words.length]];
    if (!(before !== undefined && /[\w./:-]/.test(before)) && !(after !== undefined && /[\w/-]/.test(after))) starts.push(at);
  }
  return starts;
}
