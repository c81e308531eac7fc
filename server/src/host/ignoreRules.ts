import { readBrackets } from '../core/text/patterns/brackets';
import { eitherCase } from '../core/text/regular/characters';
import type { PathPattern } from '../core/text/patterns/pathPattern';
import { PatternList, type ListedPattern } from '../core/text/patterns/patternList';
import { segmentOf, type Item, type Segment } from '../core/text/patterns/segment';

/** What the rules of one ignore file say of a path: it is ignored, it is not, or they say nothing. */
export type Answer = 'ignored' | 'kept' | undefined;

/** A longer line is no pattern: no path is that long. */
const longestLine = 2048;

interface Rule extends ListedPattern {
  readonly keeps: boolean;
}

/** The rules of an ignore file of Git. */
export interface IgnoreRules {
  readonly isEmpty: boolean;
  /** @param path from the ignore file's folder, with `/`, its folders told not to be ignored */
  of(path: string, isFolder: boolean): Answer;
}

/**
 * Reads an ignore file of Git. The last line that fits decides; no line, however it is written, takes more than its
 * length times the path's. Source: gitignore(5); wildmatch.c and dir.c of Git for what it leaves open.
 * @param content the file's bytes: Git compares bytes, whatever they stand for
 * @param ignoreCase true where the file system takes `A` and `a` for one (Git's core.ignoreCase)
 */
export function ignoreRules(content: Buffer, ignoreCase: boolean): IgnoreRules {
  return new Rules(content, ignoreCase);
}

class Rules implements IgnoreRules {
  private readonly rules: readonly Rule[];
  private readonly list: PatternList;

  constructor(
    content: Buffer,
    private readonly ignoreCase: boolean,
  ) {
    this.rules = content
      .toString('latin1')
      .replace(/^\xEF\xBB\xBF/, '')
      .split('\n')
      .flatMap((line) => readLine(line.endsWith('\r') ? line.slice(0, -1) : line, ignoreCase) ?? []);
    this.list = new PatternList(this.rules, false);
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  of(path: string, isFolder: boolean): Answer {
    const last = this.list.last(comparable(path, this.ignoreCase).split('/'), isFolder);
    return last < 0 ? undefined : this.rules[last]!.keeps ? 'kept' : 'ignored';
  }
}

/** A path as its bytes, each of which is a character. */
function comparable(text: string, ignoreCase: boolean): string {
  const bytes = /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
  return ignoreCase ? lowerAscii(bytes) : bytes;
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function readLine(line: string, ignoreCase: boolean): Rule | undefined {
  if (line.length > longestLine || line.startsWith('#')) return undefined;
  let text = withoutTrailingSpaces(line);
  const keeps = text.startsWith('!');
  if (keeps) text = text.slice(1);
  const folderOnly = text.endsWith('/');
  if (folderOnly) text = text.slice(0, -1);
  if (text === '') return undefined;
  const isAnchored = text.includes('/');
  if (text.startsWith('/')) text = text.slice(1);
  return { pattern: patternOf(ignoreCase ? lowerAscii(text) : text, isAnchored, ignoreCase), folderOnly, keeps };
}

/** Spaces at the end count only behind a backslash. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ' && !isEscaped(line, end - 1)) end--;
  return line.slice(0, end);
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function patternOf(text: string, isAnchored: boolean, ignoreCase: boolean): PathPattern {
  const names = namesOf(text);
  if (!isAnchored) return ['folders', nameSegment(text, ignoreCase)];
  return names.flatMap((name, i): (Segment | 'folders')[] => {
    if (name !== '**') return [nameSegment(name, ignoreCase)];
    // `a/**` is what is in a, not a itself.
    return i === names.length - 1 ? [segmentOf(['star']), 'folders'] : ['folders'];
  });
}

/** The names between slashes, `\\/` among them; a slash in brackets parts nothing, and fits nothing. */
function namesOf(text: string): string[] {
  const names: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] !== '/') at++;
    else if (text[at] === '[') at = (readBrackets(text, at)?.end ?? at + 1) - 1;
    else if (text[at] === '/' || text[at] === '\\') {
      names.push(text.slice(from, at));
      from = text[at] === '/' ? at + 1 : at + 2;
      at = from - 1;
    }
  }
  names.push(text.slice(from));
  return names;
}

function nameSegment(text: string, ignoreCase: boolean): Segment {
  const items: Item[] = [];
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === '[') {
      const brackets = readBrackets(text, at);
      // Git: a pattern with brackets that nothing closes fits nothing; so does one that ends in a backslash.
      if (!brackets) return { kind: 'never' };
      items.push(ignoreCase ? eitherCase(brackets.fits) : brackets.fits);
      at = brackets.end;
      continue;
    }
    if (character === '\\') {
      if (at + 1 >= text.length) return { kind: 'never' };
      items.push(text.charCodeAt(at + 1));
      at += 2;
      continue;
    }
    items.push(character === '*' ? 'star' : character === '?' ? (code) => code !== 47 : text.charCodeAt(at));
    at++;
  }
  return segmentOf(items);
}
