import type { Fits } from './expression';

const between = (low: string, high: string): Fits => {
  const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)];
  return (code) => code >= from && code <= to;
};
const any =
  (...sets: readonly Fits[]): Fits =>
  (code) =>
    sets.some((fits) => fits(code));
const of =
  (text: string): Fits =>
  (code) =>
    code < 128 && text.includes(String.fromCharCode(code));

const [digit, lower, upper] = [between('0', '9'), between('a', 'z'), between('A', 'Z')];
const word = any(digit, lower, upper, of('_'));

/** `\d`, `\w` and `\s` of RE2: ASCII alone. */
export const escapeClasses: Readonly<Record<string, Fits>> = { d: digit, w: word, s: of('\t\n\f\r ') };

/** `[:name:]` inside brackets; ASCII alone, as in RE2 and in Git's patterns. */
export const posixClasses: Readonly<Record<string, Fits>> = {
  alnum: any(digit, lower, upper),
  alpha: any(lower, upper),
  ascii: (code) => code < 128,
  blank: of('\t '),
  cntrl: (code) => code < 32 || code === 127,
  digit,
  graph: between('!', '~'),
  lower,
  print: between(' ', '~'),
  punct: (code) => between('!', '~')(code) && !any(digit, lower, upper)(code),
  space: of('\t\n\v\f\r '),
  upper,
  word,
  xdigit: any(digit, between('a', 'f'), between('A', 'F')),
};

export const isWord = word;

export function not(fits: Fits): Fits {
  return (code) => !fits(code);
}

/** The set with the other case of each of its letters. */
export function eitherCase(fits: Fits): Fits {
  return (code) => fits(code) || fits(otherCase(code));
}

function otherCase(code: number): number {
  const character = String.fromCodePoint(code);
  const [low, high] = [character.toLowerCase(), character.toUpperCase()];
  const other = low === character ? high : low;
  // A letter that becomes two in the other case (ß) has none of its own.
  return other.length === character.length ? other.codePointAt(0)! : code;
}
