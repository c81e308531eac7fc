import { languageOfText, mayMatter, shellMayMatter } from './content';
import { heredocsOf } from './heredocs';
import type { Piece, Target } from './piece';
import type { Region } from './region';
import { roleCommands, type RoleCommand } from './roleCommands';
import { closingQuote, isVerbatim } from './unwrap';
import { warns } from './wrongOnPurpose';

/** What a stretch of a shell's text holds for us. */
export interface ShellContent {
  readonly pieces: readonly Piece[];
  readonly commands: readonly RoleCommand[];
}

/** The heredocs and the quoted words of a stretch that hold documents, and the commands that give a role its policy. */
export function readShell(text: string, region: Region): ShellContent {
  if (!shellMayMatter(text.slice(region.start, region.end))) return { pieces: [], commands: [] };
  const quiet = !region.closed || warns(region.context);
  const heredocs = heredocsOf(text, region);
  const pieces: Piece[] = [];
  let at = region.start;
  const between = (end: number): void => {
    for (const word of wordsOf(text, at, end)) pieces.push(...pieceOf(text, word, quiet));
  };
  for (const heredoc of heredocs) {
    between(heredoc.start);
    pieces.push(...pieceOf(text, heredoc, quiet));
    at = heredoc.end;
  }
  between(region.end);
  return { pieces, commands: roleCommands(text, region, heredocs) };
}

/** A stretch that may be a document, as the shell has it. */
interface Candidate {
  readonly start: number;
  readonly end: number;
  /** Where the command begins that holds it. */
  readonly line: number;
  readonly wrapping: NonNullable<Piece['embedded']['wrapping']>;
  readonly target?: Target;
}

function pieceOf(text: string, { start, end, line, wrapping, target }: Candidate, quiet: boolean): Piece[] {
  const raw = text.slice(start, end);
  const syntax = mayMatter(raw) ? languageOfText(wrapping.kind === 'word' ? raw.replace(/\\"/g, '"') : raw) : undefined;
  if (!syntax) return [];
  const embedded = {
    ...(isVerbatim(raw, wrapping) ? {} : { wrapping }),
    ...(quiet || warns(commentAbove(text, line)) ? { quiet: true as const } : {}),
  };
  return [{ start, end, syntax, embedded, ...(target ? { target } : {}) }];
}

/** The comment lines directly above a line of a shell. */
function commentAbove(text: string, line: number): string {
  return /(?:^[ \t]*#[^\n]*\n){1,5}$/m.exec(text.slice(Math.max(0, line - 600), line))?.[0] ?? '';
}

const opener = /(?<=^|[\s=(,])(['"])(?=\s*(?:\{(?![{%#])|\[\s*\{|(?:---[^\n]*\n\s*)?(?:apiVersion|kind):))/gm;

/** Words in quotes that begin as a document does. */
function* wordsOf(text: string, start: number, end: number): Generator<Candidate> {
  const part = text.slice(start, end);
  let at = 0;
  for (const match of part.matchAll(opener)) {
    if (match.index < at) continue;
    const quote = match[1] as "'" | '"';
    const close = wordEnd(part, match.index);
    if (close === undefined) continue;
    at = close + 1;
    const before = part.slice(Math.max(0, match.index - longestLine), match.index);
    const line = match.index - before.length + before.lastIndexOf('\n') + 1;
    if (/^[ \t]*#/.test(part.slice(line, match.index))) continue;
    const target = targetOfWord(before, part.slice(close + 1, close + 200));
    yield {
      start: start + match.index + 1,
      end: start + close,
      line: start + line,
      wrapping: { kind: 'word', quote },
      ...(target ? { target } : {}),
    };
  }
}

/** How far before a word its line's beginning is looked for. */
const longestLine = 500;

/** The last quote of the word whose first quote stands at an offset; undefined where none ends it. */
function wordEnd(text: string, from: number): number | undefined {
  const end = text.length;
  let last: number | undefined;
  for (let i = from; i < end;) {
    const char = text[i]!;
    if (char === "'" || char === '"') {
      const close = char === "'" ? text.indexOf("'", i + 1) : closingQuote(text, i + 1, end);
      if (close < 0 || close >= end) return undefined;
      last = close;
      i = close + 1;
    } else if (/[\s;|&()<>]/.test(char)) break;
    else {
      last = undefined;
      i += char === '\\' ? 2 : 1;
    }
  }
  return last;
}

/** `POLICY='{…}'` and `echo '{…}' > trust.json`. */
function targetOfWord(before: string, behind: string): Target | undefined {
  const variable = /([A-Za-z_]\w*)=$/.exec(before)?.[1];
  if (variable !== undefined) return { kind: 'variable', name: variable };
  const file = /^[ \t]*>[ \t]*["']?([^\s"'<>|&;]+)/.exec(behind)?.[1];
  return file === undefined ? undefined : { kind: 'file', name: file };
}
