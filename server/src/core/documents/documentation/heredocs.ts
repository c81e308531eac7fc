import type { Wrapping } from '../../syntax/sourceFile';
import type { Target } from './piece';
import { linesOf, type Line, type Region } from './region';

/** The text that a command is given below its line. */
export interface Heredoc {
  readonly start: number;
  readonly end: number;
  /** Where the command's line begins. */
  readonly line: number;
  readonly wrapping: Extract<Wrapping, { kind: 'heredoc' }>;
  readonly target?: Target;
}

/** How many lines that look like a delimiter are tried for one. */
const mostTries = 20;
/** So much of a line on either side of a heredoc's operator may be the command that takes it. */
const longestCommand = 1000;
const operator = /(?<![<\w])<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?)([A-Za-z_]\w*))/g;

/** The heredocs of a stretch, in order. One that nothing ends is none. Source: POSIX shell, 2.7.4 Here-Document. */
export function heredocsOf(text: string, region: Region): Heredoc[] {
  const lines = [...linesOf(text, region.start, region.end)];
  const ends = new Map<string, { readonly lines: number[]; next: number }>();
  lines.forEach((line, i) => {
    const key = line.text.trim();
    if (key.length > 40) return;
    const known = ends.get(key);
    if (known) known.lines.push(i);
    else ends.set(key, { lines: [i], next: 0 });
  });
  const found: Heredoc[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (!line.text.includes('<<') || /^[ \t]*#/.test(line.text)) continue;
    let body = i + 1;
    for (const match of line.text.matchAll(operator)) {
      const [, dash, single, double, escape, bare] = match;
      const word = single ?? double ?? bare!;
      const tabs = dash === '-';
      const marks = ends.get(word);
      // Bodies come one after the other: a line above this one ends none of those to come.
      while (marks && marks.next < marks.lines.length && marks.lines[marks.next]! < body) marks.next++;
      const end = marks?.lines.slice(marks.next, marks.next + mostTries).find((at) => isDelimiter(lines[at]!, word, tabs, region.indent));
      if (end === undefined) continue;
      const first = lines[body];
      const last = lines[end]!;
      const expands = single === undefined && double === undefined && escape !== '\\';
      const target = targetOf(line.text, match.index);
      if (first && end > body)
        found.push({
          start: first.start,
          end: last.start,
          line: line.start,
          wrapping: { kind: 'heredoc', tabs, expands },
          ...(target ? { target } : {}),
        });
      body = end + 1;
    }
    i = body - 1;
  }
  return found;
}

/** Whether a line is the delimiter: at the margin, where only tabs (with `<<-`) or the fence's own indentation stand before it. */
function isDelimiter({ text }: Line, word: string, tabs: boolean, indent: number): boolean {
  if (text.trimEnd() !== text) return false;
  const lead = text.length - word.length;
  return lead === 0 || lead <= indent || (tabs && /^[ \t]*$/.test(text.slice(0, lead)));
}

/** Where the text of a heredoc goes to. */
function targetOf(whole: string, place: number): Target | undefined {
  const from = Math.max(0, place - longestCommand);
  const [line, at] = [whole.slice(from, place + longestCommand), place - from];
  const file =
    /(?<![\d&>])>{1,2}[ \t]*["']?([^\s"'<>|&;]+)/.exec(line)?.[1] ??
    /\btee[ \t]+(?:-a[ \t]+)?["']?([^\s"'<>|&;-][^\s"'<>|&;]*)/.exec(line)?.[1];
  if (file !== undefined) return { kind: 'file', name: file };
  const before = line.slice(0, at);
  const variable =
    /\bread\b[^\n]*[ \t]([A-Za-z_]\w*)[ \t]*$/.exec(before)?.[1] ?? /([A-Za-z_]\w*)=["']?\$\([ \t]*cat[ \t]*$/.exec(before)?.[1];
  return variable === undefined ? undefined : { kind: 'variable', name: variable };
}
