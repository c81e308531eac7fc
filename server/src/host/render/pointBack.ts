import { lineStart } from '../../core/text/lineIndex';

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
  const line = key === undefined ? undefined : new RegExp(`^[ \\t]*(?:- +)*["']?${escape(key)}["']?[ \\t]*:[^\\n]*`, 'gm');
  const token = words.length > 0 && words.length <= 500 ? new RegExp(`(?<![\\w./:-])${escape(words)}(?![\\w/-])`, 'g') : undefined;
  for (const { path, text } of line && token ? sources : []) {
    for (const match of text.matchAll(line!)) {
      token!.lastIndex = 0;
      const found = token!.exec(match[0]);
      if (found) return { path, start: match.index + found.index, end: match.index + found.index + words.length, sure: true };
    }
  }
  if (token && words.length >= 6 && words !== key) {
    const found = sources.map((source) => ({ source, matches: [...source.text.matchAll(token)] })).filter(({ matches }) => matches.length > 0);
    const [first] = found;
    if (first && first.matches.length === 1) return { path: first.source.path, start: first.matches[0]!.index, end: first.matches[0]!.index + words.length, sure: true };
  }
  for (const { path, text } of line ? sources : []) {
    const [match, second] = [...text.matchAll(line!)];
    if (!match || second) continue;
    const lead = /^[ \t]*(?:- +)*/.exec(match[0])![0].length;
    return { path, start: match.index + lead, end: match.index + match[0].trimEnd().length, sure: true };
  }
  const end = root.text.search(/[\r\n]|$/);
  return { path: root.path, start: 0, end, sure: false };
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
