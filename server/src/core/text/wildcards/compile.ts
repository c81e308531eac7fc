import type { Text } from '../text';

/**
 * One character of a compiled pattern or value, as its code point; one of the negative numbers below; or the name of a
 * part that no file tells and that is the same text wherever this name stands.
 */
export type PatternSymbol = number | string;

/** A pattern of IAM, or a value that is compared with one, ready to be matched. */
export type Symbols = readonly PatternSymbol[];

/** `*`: any run of characters. */
export const STAR = -1;
/** `?`: any one character. */
export const ANY_ONE = -2;
/** What no file tells: any text; in a pattern its text may hold wildcards. */
export const UNKNOWN = -3;
/** Unknown, and a name that AWS takes (a region, account or cluster): letters, digits, `-`, `.`, `_`. */
export const UNKNOWN_AWS_NAME = -4;
/** Unknown, and a name that Kubernetes takes: no capital letters. */
export const UNKNOWN_KUBERNETES_NAME = -5;
/** Any run without a slash. */
export const WITHIN_SEGMENT = -6;
/** Any run without a slash or a colon. */
export const WITHIN_PART = -7;

/** The sources of a value's holes that can only be a name of AWS or Kubernetes: no colon is in them. */
export const awsNameSource = '(a name)';
export const kubernetesNameSource = '(any name)';
const holeBySource: Readonly<Record<string, PatternSymbol>> = {
  [awsNameSource]: UNKNOWN_AWS_NAME,
  [kubernetesNameSource]: UNKNOWN_KUBERNETES_NAME,
};

/** A policy variable is not longer than this, so that unclosed ones cost little. */
const longestVariable = 600;

/** A policy variable's value: its text, `undefined` when it has none, `null` when no file tells whether and what. */
export type VariableResolver = (variable: string, fallback: string | undefined) => Text | undefined | null;

/** How a value of a policy is read. */
export interface PatternOptions {
  /** `*` and `?` are wildcards. */
  readonly like: boolean;
  readonly ignoreCase: boolean;
  /**
   * What policy variables (`${aws:username}`) stand for; absent: they are plain text. `unknown`: any text. `named`: any text,
   * which is the same for one variable wherever it stands. `${*}`, `${?}` and `${$}` are always the character.
   */
  readonly variables?: VariableResolver | 'unknown' | 'named';
}

/**
 * Compiles a value of a policy. Holes are unknown, whatever their names: two documents may mean two things by one name.
 * Undefined when a variable in it has no value: then it matches nothing.
 * Source: IAM guide, reference_policies_elements_condition_operators (StringLike) and reference_policies_variables.
 */
export function compilePattern(text: Text, options: PatternOptions): Symbols | undefined {
  const out: PatternSymbol[] = [];
  const { value } = text;
  let nextHole = 0;
  for (let i = 0; i < value.length; i++) {
    const hole = text.holes[nextHole];
    if (hole && hole.start <= i) {
      nextHole++;
      out.push(UNKNOWN);
      i = Math.max(i, hole.end - 1);
      continue;
    }
    const end = options.variables ? variableEnd(value, i, hole?.start) : -1;
    if (end >= 0) {
      if (!pushVariable(out, value.slice(i + 2, end), options)) return undefined;
      i = end;
      continue;
    }
    const code = value.codePointAt(i)!;
    if (code > 0xffff) i++;
    if (options.like && code === 0x2a) {
      if (out[out.length - 1] !== STAR) out.push(STAR);
    } else if (options.like && code === 0x3f) out.push(ANY_ONE);
    else out.push(options.ignoreCase ? lowerCase(code) : code);
  }
  // A hole of no width at the very end still stands for something.
  if (nextHole < text.holes.length) out.push(UNKNOWN);
  return out;
}

/** Compiles a value of a request: wildcards and variables in it are plain text, holes are unknown. */
export function compileValue(text: Text, ignoreCase: boolean): Symbols {
  const out: PatternSymbol[] = [];
  const { value } = text;
  let nextHole = 0;
  for (let i = 0; i < value.length; i++) {
    const hole = text.holes[nextHole];
    if (hole && hole.start <= i) {
      nextHole++;
      out.push(holeBySource[hole.source] ?? UNKNOWN);
      i = Math.max(i, hole.end - 1);
      continue;
    }
    const code = value.codePointAt(i)!;
    if (code > 0xffff) i++;
    out.push(ignoreCase ? lowerCase(code) : code);
  }
  return out;
}

/** Where `*` and `?` stand as wildcards: outside holes and outside policy variables (`${*}` is a literal star). */
export function wildcardOffsets(text: Text): readonly number[] {
  const { value } = text;
  const found: number[] = [];
  if (!/[*?]/.test(value)) return found;
  let nextHole = 0;
  for (let i = 0; i < value.length; i++) {
    const hole = text.holes[nextHole];
    if (hole && hole.start <= i) {
      nextHole++;
      i = Math.max(i, hole.end - 1);
      continue;
    }
    const end = variableEnd(value, i, hole?.start);
    if (end >= 0) i = end;
    else if (value[i] === '*' || value[i] === '?') found.push(i);
  }
  return found;
}

/** Where the variable ends that begins at an offset: its `}`; -1 where none begins. An unclosed one is text, as IAM takes it. */
function variableEnd(value: string, at: number, before = value.length): number {
  if (value[at] !== '$' || value[at + 1] !== '{') return -1;
  const end = value.slice(at, Math.min(before, at + longestVariable)).indexOf('}');
  return end < 0 ? -1 : at + end;
}

function pushVariable(out: PatternSymbol[], content: string, { variables, ignoreCase }: PatternOptions): boolean {
  if (content === '*' || content === '?' || content === '$') out.push(content.charCodeAt(0));
  else if (variables === 'unknown') out.push(UNKNOWN);
  else if (variables === 'named') out.push(content);
  else {
    const match = /^\s*([^,]*?)\s*(?:,\s*'([^']*)'\s*)?$/s.exec(content);
    const resolved = match ? variables!(match[1]!, match[2]) : undefined;
    if (resolved === undefined) return false;
    if (resolved === null) out.push(UNKNOWN);
    else for (const symbol of compileValue(resolved, ignoreCase)) out.push(symbol);
  }
  return true;
}

/** A character in lower case, as operators that ignore case compare it. */
export function lowerCase(code: number): number {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
  const character = String.fromCodePoint(code);
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower.codePointAt(0)! : code;
}
