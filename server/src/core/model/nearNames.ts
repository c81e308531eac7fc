import { editDistance } from '../text/nearest';

/** Parts that one side of a pair of names often has and the other not. */
const affixes = ['sa', 'serviceaccount', 'service-account', 'account', 'irsa', 'role'];
const longestAffix = Math.max(...affixes.map((affix) => affix.length)) + 1;
const stages =
  /(^|[-.])(dev|develop|development|prod|production|prd|staging|stage|stg|test|testing|qa|uat|sandbox|preprod|nonprod)(?=$|[-.])/g;

/** Of so many names with nearly the same letters nobody can tell which is meant. */
const mostCompared = 500;

/**
 * The names that were probably meant to be one with another, of many: see {@link nearlySame}. Most are told by the letters
 * they have alone, which is a hundredth of the cost.
 */
export class NearNames {
  private readonly letters: readonly (readonly [name: string, letters: number])[];

  constructor(names: Iterable<string>) {
    this.letters = Array.from(names, (name) => [name, lettersOf(name)] as const);
  }

  /** None where those with nearly the same letters are too many to compare. */
  to(name: string): string[] {
    const own = lettersOf(name);
    const found: string[] = [];
    let compared = 0;
    for (const [other, letters] of this.letters) {
      const limit = slips(Math.min(other.length, name.length));
      const difference = Math.abs(other.length - name.length);
      // A slip of the keys changes two letters at most.
      const mayBeSlips = difference <= limit && bitCount(letters ^ own) <= 2 * limit;
      if (!mayBeSlips && (difference > longestAffix || (!other.includes(name) && !name.includes(other)))) continue;
      if (++compared > mostCompared) return [];
      if (nearlySame(other, name)) found.push(other);
    }
    return found;
  }
}

/** How many slips of the keys may be between two names, the shorter of so many letters. */
function slips(length: number): number {
  return Math.min(3, Math.floor(length / 5));
}

function lettersOf(name: string): number {
  let letters = 0;
  for (let i = 0; i < name.length; i++) letters |= 1 << (name.charCodeAt(i) & 31);
  return letters;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/**
 * True for names of the same words but for one of three letters or so: `efs-csi-controller-sa` and `ebs-csi-controller-sa`,
 * `fsxz-…` and `efs-…` are two drivers, and nobody's slip.
 */
function differsInShortWord(a: string, b: string): boolean {
  const [left, right] = [a.split(/[-.]/), b.split(/[-.]/)];
  if (left.length !== right.length || left.length < 2) return false;
  const different = left.flatMap((word, i) => (word === right[i] ? [] : [[word, right[i]!] as const]));
  const [only, another] = different;
  return only !== undefined && another === undefined && Math.min(only[0].length, only[1].length) <= 3 && !isSwapped(only[0], only[1]);
}

/** The same letters in another order: a slip, however short the word. */
function isSwapped(a: string, b: string): boolean {
  return a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
}

/**
 * Whether two names were probably meant to be one: a slip of the keys, or a part such as `-sa` more. Names that
 * differ by a number, by one letter at the end of a row (`app-a`, `app-b`) or by an environment are two names.
 */
export function nearlySame(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > longestAffix) return false;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const limit = slips(short.length);
  const affixed =
    (long.startsWith(short) || long.endsWith(short)) &&
    affixes.some((affix) => long === `${short}-${affix}` || long === `${affix}-${short}`);
  if (!affixed && (limit === 0 || editDistance(a, b, limit) > limit || differsInShortWord(a, b))) return false;
  const series = (name: string) =>
    name
      .replace(stages, '$1')
      .replace(/\d+/g, '')
      .replace(/(^|[-.])[a-z](?=$|[-.])/g, '$1')
      .replace(/[-.]+/g, '-')
      .replace(/^-|-$/g, '');
  return series(a) !== series(b);
}
