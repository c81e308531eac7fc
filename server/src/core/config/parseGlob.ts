import { choice, sequence, type Expression } from '../text/regular/expression';
import { compile } from '../text/regular/program';
import { readBrackets } from '../text/patterns/brackets';
import type { PathPattern } from '../text/patterns/pathPattern';
import { nameOf, segmentOf, type Item, type Segment } from '../text/patterns/segment';

/** What a glob is made of, before its alternatives are written out. */
type Token = Item | 'slash' | Group;

/** `{a,b}` and `@(a|b)` (one of them), `?(a|b)`, `*(a|b)`, `+(a|b)`, `!(a|b)`. */
interface Group {
  readonly kind: '@' | '?' | '*' | '+' | '!';
  readonly options: readonly (readonly Token[])[];
}

/** A longer glob is not read. */
const longest = 1024;
/** So many patterns may a glob's alternatives make, written out. */
const mostPatterns = 200;
/** How deep groups may nest. */
const deepest = 20;

/**
 * The patterns that a glob stands for, as picomatch reads it with dot files included: `*`, `**`, `?`, `[a-z]`, `{a,b}`,
 * `{1..3}`, `@(a|b)` and its like, `\` before a character that means itself. Undefined for one that is not read.
 */
export function parseGlob(glob: string): readonly PathPattern[] | undefined {
  if (glob.length > longest) return undefined;
  const parser = new Parser(glob);
  const tokens = parser.tokens([], 0);
  if (!tokens) return undefined;
  const written = expand(tokens);
  const patterns = written?.map(patternOf);
  return patterns?.every((pattern) => pattern !== undefined) ? patterns : undefined;
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  /** Tokens up to one of the characters in `stops`, or to the end. Undefined where groups nest too deep. */
  tokens(stops: readonly string[], depth: number): Token[] | undefined {
    if (depth > deepest) return undefined;
    const found: Token[] = [];
    while (this.at < this.text.length) {
      const character = this.text[this.at]!;
      if (stops.includes(character)) return found;
      const group = this.group(character, depth);
      if (group === 'deep') return undefined;
      if (group) {
        found.push(group);
        continue;
      }
      found.push(this.single(character));
    }
    return found;
  }

  private single(character: string): Token {
    this.at++;
    switch (character) {
      case '/':
        return 'slash';
      case '*':
        return 'star';
      case '?':
        return (code) => code !== 47;
      case '\\':
        return this.at < this.text.length ? this.text.charCodeAt(this.at++) : 92;
      case '[': {
        const brackets = readBrackets(this.text, this.at - 1);
        if (!brackets) return 91;
        this.at = brackets.end;
        return brackets.fits;
      }
      default:
        return character.charCodeAt(0);
    }
  }

  /** A group that begins here and is closed; else what stands here means itself. */
  private group(character: string, depth: number): Group | 'deep' | undefined {
    const start = this.at;
    const isBrace = character === '{';
    const kind =
      isBrace || character === '('
        ? '@'
        : '@?*+!'.includes(character) && this.text[start + 1] === '('
          ? (character as Group['kind'])
          : undefined;
    if (kind === undefined) return undefined;
    const range = isBrace ? /^\{(-?\d{1,6}|[A-Za-z])\.\.(-?\d{1,6}|[A-Za-z])\}/.exec(this.text.slice(start, start + 20)) : null;
    if (range) {
      this.at = start + range[0].length;
      return rangeOf(range[1]!, range[2]!);
    }
    if (!this.closes(start, isBrace)) return undefined;
    this.at = start + (isBrace || character === '(' ? 1 : 2);
    const [between, close] = isBrace ? ([',', '}'] as const) : (['|', ')'] as const);
    const options: Token[][] = [];
    for (;;) {
      const option = this.tokens([between, close], depth + 1);
      if (!option) return 'deep';
      options.push(option);
      if (this.text[this.at++] === close) break;
    }
    // Braces without a comma mean themselves.
    if (isBrace && options.length === 1) return { kind: '@', options: [[123, ...options[0]!, 125]] };
    return { kind, options };
  }

  /** Whether the brace or parenthesis at or behind an offset is closed; both are counted once for the whole text. */
  private closes(start: number, isBrace: boolean): boolean {
    this.closed ??= closedGroups(this.text);
    return this.closed.has(this.text[start] === '{' || this.text[start] === '(' ? start : start + (isBrace ? 0 : 1));
  }

  private closed: ReadonlySet<number> | undefined;
}

/** The offsets of the braces and parentheses that are closed, one within the other. */
function closedGroups(text: string): ReadonlySet<number> {
  const closed = new Set<number>();
  const open: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\\') at++;
    else if (character === '[') at = (readBrackets(text, at)?.end ?? at + 1) - 1;
    else if (character === '{' || character === '(') open.push(at);
    else if (character === '}' || character === ')') {
      const wanted = character === '}' ? '{' : '(';
      while (open.length > 0 && text[open[open.length - 1]!] !== wanted) open.pop();
      const start = open.pop();
      if (start !== undefined) closed.add(start);
    }
  }
  return closed;
}

/** `{1..3}`, `{a..e}`: each of them. A range of thousands, or of a number and a letter, fits nothing. */
function rangeOf(from: string, to: string): Group {
  const areNumbers = /\d$/.test(from) && /\d$/.test(to);
  const areLetters = /^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(to);
  const [low, high] = areNumbers ? [Number(from), Number(to)] : areLetters ? [from.charCodeAt(0), to.charCodeAt(0)] : [1, 0];
  const [first, last] = areNumbers || areLetters ? [Math.min(low, high), Math.max(low, high)] : [1, 0];
  if (last - first >= mostPatterns) return { kind: '@', options: [] };
  const each = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    areNumbers ? String(first + i) : String.fromCharCode(first + i),
  );
  return { kind: '@', options: each.map(codes) };
}

function codes(text: string): number[] {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
}

/** The tokens with each `@` and `?` group written out; undefined where that would be too many and the group holds a slash. */
function expand(tokens: readonly Token[]): Token[][] | undefined {
  let written: Token[][] = [[]];
  for (const token of tokens) {
    if (!isGroup(token) || (token.kind !== '@' && token.kind !== '?')) {
      if (isGroup(token) && holdsSlash(token)) return undefined;
      for (const each of written) each.push(token);
      continue;
    }
    const options = [...token.options, ...(token.kind === '?' ? [[]] : [])].map(expand);
    const flat = options.every((option) => option !== undefined) ? options.flat() : undefined;
    if (flat && flat.length * written.length <= mostPatterns) {
      written = written.flatMap((before) => flat.map((option) => [...before, ...option]));
    } else {
      if (holdsSlash(token)) return undefined;
      for (const each of written) each.push(token);
    }
  }
  return written;
}

function isGroup(token: Token): token is Group {
  return typeof token === 'object';
}

function holdsSlash({ options }: Group): boolean {
  return options.some((option) => option.some((token) => token === 'slash' || (isGroup(token) && holdsSlash(token))));
}

/** One pattern without alternatives that hold a slash; undefined where a name of it is not read. */
function patternOf(tokens: readonly Token[]): PathPattern | undefined {
  const names: Exclude<Token, 'slash'>[][] = [[]];
  for (const token of tokens) {
    if (token === 'slash') names.push([]);
    else names[names.length - 1]!.push(token);
  }
  const pattern: (Segment | 'folders')[] = [];
  for (const name of names) {
    const segment = name.length === 2 && name.every((item) => item === 'star') ? 'folders' : nameSegment(name);
    if (segment === undefined) return undefined;
    if (segment !== 'folders' || pattern[pattern.length - 1] !== 'folders') pattern.push(segment);
  }
  // `folder/**` is the folder too, `*/**` and `a*/**` are only what is in such folders, as picomatch has it.
  const before = pattern[pattern.length - 1] === 'folders' ? pattern[pattern.length - 2] : undefined;
  if (before !== undefined && before !== 'folders' && endsInStar(before)) pattern.splice(-1, 0, segmentOf(['star']));
  return pattern;
}

function endsInStar(segment: Segment): boolean {
  return segment.kind === 'wildcard' && segment.items[segment.items.length - 1] === 'star';
}

function nameSegment(tokens: readonly Exclude<Token, 'slash'>[]): Segment | undefined {
  const items = tokens.filter((token): token is Item => !isGroup(token));
  if (items.length === tokens.length) return segmentOf(items);
  const first = tokens.findIndex((token) => isGroup(token) && token.kind === '!');
  if (first < 0) return automaton(tokens);
  const [head, group, rest] = [tokens.slice(0, first), tokens[first] as Group, tokens.slice(first + 1)];
  if (!head.every((token) => typeof token === 'number')) return undefined;
  const as = program(['star', ...rest]);
  const not = program([{ kind: '@', options: group.options }, ...rest]);
  return as && not ? { kind: 'except', head: nameOf(head), as, not } : undefined;
}

function automaton(tokens: readonly Token[]): Segment | undefined {
  const made = program(tokens);
  return made && { kind: 'automaton', program: made };
}

function program(tokens: readonly Token[]) {
  const expression = expressionOf(tokens);
  return expression && compile(expression);
}

/** The tokens of a name as a regular expression; undefined for `!(…)`, which is none. */
function expressionOf(tokens: readonly Token[]): Expression | undefined {
  const parts: Expression[] = [];
  for (const token of tokens) {
    if (token === 'star') parts.push({ kind: 'repeat', of: { kind: 'character', fits: () => true }, min: 0, max: Infinity, greedy: true });
    else if (typeof token === 'number') parts.push({ kind: 'character', fits: (code) => code === token });
    else if (typeof token === 'function') parts.push({ kind: 'character', fits: token });
    else if (token === 'slash' || token.kind === '!') return undefined;
    else {
      const options = token.options.map(expressionOf);
      if (!options.every((option) => option !== undefined)) return undefined;
      const of = choice(options);
      parts.push(
        token.kind === '@'
          ? of
          : { kind: 'repeat', of, min: token.kind === '+' ? 1 : 0, max: token.kind === '?' ? 1 : Infinity, greedy: true },
      );
    }
  }
  return sequence(parts);
}
