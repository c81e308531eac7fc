import type { Fits } from '../regular/expression';
import type { Program } from '../regular/program';
import { matchesWhole } from '../regular/run';

/** One step of a name's pattern: any run of characters, one of a set, or a character by its UTF-16 code. */
export type Item = 'star' | Fits | number;

/**
 * What one name of a path may be. `never` fits none. An `automaton` stands for groups that repeat; `except` is a name
 * that begins with `head` and goes on as `as` says, but not as `not` says.
 */
export type Segment =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'wildcard'; readonly items: readonly Item[] }
  | { readonly kind: 'automaton'; readonly program: Program }
  | { readonly kind: 'except'; readonly head: string; readonly as: Program; readonly not: Program }
  | { readonly kind: 'never' };

/** The most steps for one name of a path; a file system's names have at most 255 bytes. */
const mostSteps = 200_000;

/** The segment of some items: a plain name where they are characters alone. */
export function segmentOf(items: readonly Item[]): Segment {
  if (items.every((item) => typeof item === 'number')) return { kind: 'name', name: nameOf(items) };
  return { kind: 'wildcard', items: items.filter((item, i) => item !== 'star' || items[i - 1] !== 'star') };
}

/** The characters of items that are characters alone. */
export function nameOf(codes: readonly number[]): string {
  return codes.map((code) => String.fromCharCode(code)).join('');
}

/** For `*` and plain characters, the characters: `*.gen.yaml` gives `.gen.yaml`. */
export function suffixOf(segment: Segment): string | undefined {
  if (segment.kind !== 'wildcard' || segment.items[0] !== 'star') return undefined;
  const codes = segment.items.slice(1);
  return codes.length > 0 && codes.every((item) => typeof item === 'number') ? nameOf(codes) : undefined;
}

/** Whether a name fits. At most pattern × name steps. */
export function fitsName(segment: Segment, name: string): boolean {
  switch (segment.kind) {
    case 'name':
      return segment.name === name;
    case 'wildcard':
      return fitsItems(segment.items, name);
    case 'automaton':
      return runs(segment.program, name);
    case 'except': {
      const rest = name.startsWith(segment.head) ? name.slice(segment.head.length) : undefined;
      return rest !== undefined && runs(segment.as, rest) && !runs(segment.not, rest);
    }
    case 'never':
      return false;
  }
}

function runs(program: Program, name: string): boolean {
  const codes = Array.from({ length: name.length }, (_, i) => name.charCodeAt(i));
  return matchesWhole(program, codes, { left: mostSteps }) === true;
}

/** Greedy with one step back, to the last star: what an earlier one took need never be given back. */
function fitsItems(items: readonly Item[], name: string): boolean {
  let [at, next, starAt, resume] = [0, 0, -1, 0];
  while (next < name.length) {
    const item = items[at];
    const code = name.charCodeAt(next);
    if (item === 'star') {
      starAt = at++;
      resume = next;
    } else if (item !== undefined && (typeof item === 'number' ? item === code : item(code))) {
      at++;
      next++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      next = ++resume;
    } else {
      return false;
    }
  }
  while (items[at] === 'star') at++;
  return at === items.length;
}
