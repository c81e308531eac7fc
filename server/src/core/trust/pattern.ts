import type { Tri } from '../text/tri';
import type { Text } from '../text/text';

/**
 * IAM's patterns with what no file tells: `*` and `?` in the pattern, holes on either side.
 * A pattern is compiled to symbols: a UTF-16 unit, or one of the negative numbers below.
 */
export type Symbols = readonly number[];

const star = -1;
const one = -2;
/** Any text; wildcards too, where it stands in a pattern. */
const anyHole = -3;
/** A name that AWS takes (a region, account or cluster): letters, digits, `-`, `.`, `_`. */
const awsHole = -4;
/** A name that Kubernetes takes: no capital letters. */
const kubernetesHole = -5;

/** The sources of holes of the request that can only be a name of AWS or Kubernetes: no colon is in them. */
export const awsNameSource = '(a name)';
export const kubernetesNameSource = '(any name)';
const holeBySource: Readonly<Record<string, number>> = { [awsNameSource]: awsHole, [kubernetesNameSource]: kubernetesHole };

/** A variable's text is no longer than this, so that unclosed ones cost little. */
const LONGEST_VARIABLE = 600;

export interface PatternOptions {
  /** Expand `*` and `?`. */
  readonly like: boolean;
  readonly ignoreCase: boolean;
  /** Resolves policy variables; absent where they are plain text. */
  readonly variables?: VariableResolver;
}

/** A variable's value: its text, `undefined` when it has none, `null` when no file tells whether and what. */
export type VariableResolver = (variable: string, fallback: string | undefined) => Text | undefined | null;

/** Compiles a value of a policy; undefined when a variable in it has no value: then it matches nothing. */
export function compilePattern(text: Text, options: PatternOptions): Symbols | undefined {
  const out: number[] = [];
  const { value } = text;
  let nextHole = 0;
  for (let i = 0; i < value.length; i++) {
    const hole = text.holes[nextHole];
    if (hole && hole.start <= i) {
      nextHole++;
      out.push(anyHole);
      i = Math.max(i, hole.end - 1);
      continue;
    }
    if (options.variables && value[i] === '$' && value[i + 1] === '{') {
      const limit = Math.min(hole ? hole.start : value.length, i + LONGEST_VARIABLE);
      const end = i + value.slice(i, limit).indexOf('}');
      if (end > i) {
        if (!pushVariable(out, value.slice(i + 2, end), options)) return undefined;
        i = end;
        continue;
      }
    }
    pushCharacter(out, value, i, options);
  }
  // A hole of no width at the very end still stands for something.
  if (nextHole < text.holes.length) out.push(anyHole);
  return out;
}

function pushCharacter(out: number[], value: string, i: number, options: PatternOptions): void {
  const c = value[i]!;
  if (options.like && c === '*') {
    if (out[out.length - 1] !== star) out.push(star);
  } else if (options.like && c === '?') out.push(one);
  else out.push(code(c, options.ignoreCase));
}

function pushVariable(out: number[], content: string, options: PatternOptions): boolean {
  if (content === '*' || content === '?' || content === '$') {
    out.push(content.charCodeAt(0));
    return true;
  }
  const match = /^\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/s.exec(content);
  const resolved = match ? options.variables!(match[1]!, match[2]) : undefined;
  if (resolved === undefined) return false;
  if (resolved === null) out.push(anyHole);
  else out.push(...compileValue(resolved, options.ignoreCase));
  return true;
}

/** Compiles a value of the request: wildcards in it are plain text. */
export function compileValue(text: Text, ignoreCase: boolean): Symbols {
  const out: number[] = [];
  let nextHole = 0;
  for (let i = 0; i < text.value.length; i++) {
    const hole = text.holes[nextHole];
    if (hole && hole.start <= i) {
      nextHole++;
      out.push(holeBySource[hole.source] ?? anyHole);
      i = Math.max(i, hole.end - 1);
      continue;
    }
    out.push(code(text.value[i]!, ignoreCase));
  }
  return out;
}

function code(c: string, ignoreCase: boolean): number {
  if (!ignoreCase) return c.charCodeAt(0);
  const lower = c.toLowerCase();
  return (lower.length === 1 ? lower : c).charCodeAt(0);
}

/** Characters that may be more than themselves in a pattern, or another one in another case. */
const special = /[*?$\x80-\uffff]/;

/** Whether a value of a policy matches one of the request: {@link matchPattern} of its pattern, which most need not have. */
export function matchText(written: Text, value: Text, options: PatternOptions): Tri {
  if (
    written.holes.length === 0 &&
    value.holes.length === 0 &&
    !special.test(written.value) &&
    !(options.ignoreCase && special.test(value.value))
  ) {
    return options.ignoreCase ? written.value.toLowerCase() === value.value.toLowerCase() : written.value === value.value;
  }
  return matchPattern(compilePattern(written, options), value, options);
}

/** Whether a pattern matches the whole value: `null` when the holes decide. An undefined pattern matches nothing. */
export function matchPattern(pattern: Symbols | undefined, value: Text, options: Pick<PatternOptions, 'ignoreCase'>): Tri {
  return pattern === undefined ? false : matchSymbols(pattern, compileValue(value, options.ignoreCase));
}

/** See {@link matchPattern}. At most pattern × value steps, where a pattern of more characters than the value costs nothing. */
export function matchSymbols(pattern: Symbols, value: Symbols): Tri {
  const patternHoles = pattern.some(isHole);
  const valueHoles = value.some(isHole);
  if (!patternHoles && glob(pattern, value, false)) return true;
  if (!patternHoles && !valueHoles) return false;
  return (valueHoles ? meets(pattern, value) : glob(pattern, value, true)) ? null : false;
}

function isHole(symbol: number): boolean {
  return symbol <= anyHole;
}

/**
 * Greedy matching with one step back to the last star. A hole of the value is taken by a star alone,
 * so that a match holds for whatever it is; a hole of the pattern counts as a star when `loose`.
 */
function glob(pattern: Symbols, value: Symbols, loose: boolean): boolean {
  const wide = (symbol: number | undefined) => symbol === star || (loose && symbol !== undefined && isHole(symbol));
  let least = 0;
  for (const symbol of pattern) if (!wide(symbol)) least++;
  if (least > value.length) return false;
  let p = 0;
  let v = 0;
  let backP = -1;
  let backV = 0;
  while (v < value.length) {
    const symbol = pattern[p];
    if (wide(symbol)) {
      backP = ++p;
      backV = v;
    } else if (symbol !== undefined && !isHole(value[v]!) && (symbol === value[v] || symbol === one)) {
      p++;
      v++;
    } else if (backP >= 0) {
      p = backP;
      v = ++backV;
    } else return false;
  }
  while (wide(pattern[p])) p++;
  return p === pattern.length;
}

/** Whether some filling of both sides' holes makes them match: the reachable ends of the value, pattern symbol by pattern symbol. */
function meets(pattern: Symbols, value: Symbols): boolean {
  const width = value.length + 1;
  let reach = new Uint8Array(width);
  reach[0] = 1;
  for (const symbol of pattern) {
    const wide = symbol === star || isHole(symbol);
    spread(reach, value, wide);
    const next = wide ? reach.slice() : new Uint8Array(width);
    for (let v = 0; v < value.length && !wide; v++) {
      if (!reach[v]) continue;
      const held = value[v]!;
      if (isHole(held)) {
        if (held === anyHole || symbol === one || isNameUnit(symbol, held)) next[v] = 1;
      } else if (symbol === one || symbol === held) next[v + 1] = 1;
    }
    reach = next;
    if (!reach.includes(1)) return false;
  }
  spread(reach, value, false);
  return reach[value.length] === 1;
}

/** Holes of the value may be empty; a wide symbol of the pattern takes whatever comes. */
function spread(reach: Uint8Array, value: Symbols, wide: boolean): void {
  for (let v = 0; v < value.length; v++) {
    if (reach[v] && (wide || isHole(value[v]!))) reach[v + 1] = 1;
  }
}

function isNameUnit(unit: number, hole: number): boolean {
  if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x2e) return true;
  return hole === awsHole && ((unit >= 0x41 && unit <= 0x5a) || unit === 0x5f);
}
