import type { Text } from '../text';
import { plain } from '../texts';
import type { Tri } from '../tri';
import {
  ANY_ONE,
  compilePattern,
  compileValue,
  STAR,
  UNKNOWN,
  UNKNOWN_AWS_NAME,
  UNKNOWN_KUBERNETES_NAME,
  WITHIN_PART,
  WITHIN_SEGMENT,
  type PatternOptions,
  type PatternSymbol,
  type Symbols,
} from './compile';

/**
 * IAM's wildcards: the one place that says whether a pattern matches. `*` is any run of characters, `?` any one, everything
 * else itself. What no file tells may be anything that it can be: the answer is `true` only if every text in its place
 * matches, `false` only if none does.
 */

/** One comparison takes at most so many steps. Past it the answer is "unknown": AWS's own limits keep policies far below. */
const mostSteps = 1_000_000;

/** Characters that may be more than themselves in a pattern, or another one in another case. */
const special = /[*?$\x80-\uffff]/;

/** Whether a value of a policy matches one of a request. */
export function matchText(written: Text, value: Text, options: PatternOptions): Tri {
  // Most values are plain and need not be compiled.
  if (
    written.holes.length === 0 &&
    value.holes.length === 0 &&
    !special.test(written.value) &&
    !(options.ignoreCase && special.test(value.value))
  ) {
    return options.ignoreCase ? written.value.toLowerCase() === value.value.toLowerCase() : written.value === value.value;
  }
  const pattern = compilePattern(written, options);
  return pattern === undefined ? false : matchSymbols(pattern, compileValue(value, options.ignoreCase));
}

/** Whether a text matches a pattern without variables, both known. False where that takes too long to tell. */
export function matchesPattern(pattern: string, value: string, ignoreCase = false): boolean {
  return matchText(plain(pattern), plain(value), { like: true, ignoreCase }) === true;
}

/** Whether a pattern matches the whole of a value, or of every text that the value stands for. */
export function matchSymbols(pattern: Symbols, value: Symbols): Tri {
  const isKnown = !pattern.some(isUnknown);
  const isOne = value.every(isCharacter);
  const sure = pattern.includes(UNKNOWN) ? false : surely(pattern, value);
  if (sure === true) return true;
  if (isKnown && isOne) return sure;
  return (isOne ? surely(pattern.map(asStar), value) : mayMeet(pattern, value)) === false ? false : null;
}

/**
 * Whether each text of the value matches: greedily, with one step back to the last star. A run of the value is met by a star
 * alone, one unknown character by `?` or a star, an unknown part of the pattern by nothing but a part of the same name.
 */
function surely(pattern: Symbols, value: Symbols): Tri {
  let least = 0;
  for (const symbol of pattern) if (symbol !== STAR) least++;
  if (least > value.length) return false;
  let steps = 0;
  let p = 0;
  let v = 0;
  let afterStar = -1;
  let resume = 0;
  while (v < value.length) {
    if (++steps > mostSteps) return null;
    const symbol = pattern[p];
    if (symbol === STAR) {
      afterStar = ++p;
      resume = v;
    } else if (symbol !== undefined && coversOne(symbol, value[v]!)) {
      p++;
      v++;
    } else if (afterStar >= 0) {
      p = afterStar;
      v = ++resume;
    } else return false;
  }
  while (pattern[p] === STAR) p++;
  return p === pattern.length;
}

function coversOne(symbol: PatternSymbol, held: PatternSymbol): boolean {
  if (symbol === ANY_ONE) return isCharacter(held) || held === ANY_ONE;
  return symbol === held && (isCharacter(held) || typeof held === 'string');
}

/**
 * Whether two sides have a text in common. By rows, one × the other; true where that takes too long to tell.
 */
export function mayMeet(a: Symbols, b: Symbols): boolean {
  if ((a.length + 1) * (b.length + 1) > mostSteps) return true;
  const width = b.length + 1;
  const runs = Uint8Array.from(b, (symbol) => (isRun(symbol) ? 1 : 0));
  // here[j]: the first symbols of a and the first j of b can stand for the same text.
  let here = new Uint8Array(width);
  let next = new Uint8Array(width);
  here[0] = 1;
  for (const x of a) {
    const xRuns = isRun(x);
    let any = false;
    for (let j = 0; j < width; j++) {
      if (here[j] === 0) continue;
      const y = b[j];
      const yRuns = runs[j] === 1;
      if (yRuns) here[j + 1] = 1; // it ends, or is empty
      if (xRuns) {
        next[j] = 1; // it ends, or is empty
        if (y !== undefined && !yRuns && mayHold(x, y)) here[j + 1] = 1; // it takes a character of the other side
      } else if (y === undefined) continue;
      else if (yRuns) {
        if (!mayHold(y, x)) continue;
        next[j] = 1; // the other side's run takes a character
      } else if (x === y || x === ANY_ONE || y === ANY_ONE) next[j + 1] = 1;
      else continue;
      any = true;
    }
    if (!any) return false;
    [here, next] = [next, here];
    next.fill(0);
  }
  for (let j = 0; j < b.length; j++) if (here[j] === 1 && runs[j] === 1) here[j + 1] = 1;
  return here[b.length] === 1;
}

function isCharacter(symbol: PatternSymbol): boolean {
  return typeof symbol === 'number' && symbol >= 0;
}

/** A star, or a part that no file tells: any number of characters. */
function isRun(symbol: PatternSymbol): boolean {
  return symbol === STAR || isUnknown(symbol);
}

function isUnknown(symbol: PatternSymbol): boolean {
  return typeof symbol === 'string' || symbol <= UNKNOWN;
}

function asStar(symbol: PatternSymbol): PatternSymbol {
  return isUnknown(symbol) ? STAR : symbol;
}

/** Whether a run may hold a character; any one character is one that it may hold. */
function mayHold(run: PatternSymbol, character: PatternSymbol): boolean {
  if (run === STAR || typeof character !== 'number' || character < 0) return true;
  switch (run) {
    case UNKNOWN_KUBERNETES_NAME:
      return isKubernetesName(character);
    case UNKNOWN_AWS_NAME:
      return isKubernetesName(character) || (character >= 0x41 && character <= 0x5a) || character === 0x5f;
    case WITHIN_SEGMENT:
      return character !== 0x2f;
    case WITHIN_PART:
      return character !== 0x2f && character !== 0x3a;
    default:
      return true;
  }
}

function isKubernetesName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
}
