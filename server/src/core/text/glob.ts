import type { Text } from './text';
import type { Tri } from './tri';

/**
 * Whether a value matches a pattern of IAM: `*` is any run of characters, `?` is any one, all else is
 * itself, case kept. Source: IAM guide, reference_policies_elements_condition_operators (StringLike).
 * Greedy with one step back, so at worst pattern × value steps, and linear for all usual patterns.
 */
export function matchesGlob(pattern: string, value: string): boolean {
  return match(atomsOfLiteral(pattern), charactersOf(value));
}

/**
 * Whether a value matches a pattern where either may hold holes. A hole of the pattern may be any
 * text, wildcards too; a hole of the value may be any text. `true` only where each filling matches,
 * `false` only where none does. Holes of one name are the same text on both sides.
 */
export function mayMatch(pattern: Text, value: Text): Tri {
  if (pattern.holes.length === 0 && value.holes.length === 0) return matchesGlob(pattern.value, value.value);
  if (surely(pattern, value)) return true;
  return possibly(pattern, value) ? null : false;
}

/** One step of a pattern: a star, any one character, or a character (a hole's name in the sure case). */
type Atom = { readonly kind: 'star' } | { readonly kind: 'any' } | { readonly kind: 'is'; readonly what: string };

const star: Atom = { kind: 'star' };
const any: Atom = { kind: 'any' };

function atomsOfLiteral(pattern: string): Atom[] {
  return charactersOf(pattern).map((c) => (c === '*' ? star : c === '?' ? any : { kind: 'is', what: c }));
}

function charactersOf(value: string): string[] {
  return Array.from(value);
}

/** Sure where the holes match as names do: a named hole equals itself, a star covers any hole. */
function surely(pattern: Text, value: Text): boolean {
  const atoms: Atom[] = [];
  for (const part of parts(pattern)) {
    if (part.hole === undefined) atoms.push(...atomsOfLiteral(part.text));
    else if (part.hole.named) atoms.push({ kind: 'is', what: `hole ${part.hole.source}` });
    else return false;
  }
  const characters: string[] = [];
  let anonymous = 0;
  for (const part of parts(value)) {
    if (part.hole === undefined) characters.push(...charactersOf(part.text));
    else characters.push(part.hole.named ? `hole ${part.hole.source}` : `hole ${anonymous++} anonymous`);
  }
  // A hole is no single character, so `?` never surely covers it.
  return match(atoms, characters, (what) => what.length <= 2);
}

/** Whether some filling matches: a pattern's hole is a star, a value's hole lets anything through. */
function possibly(pattern: Text, value: Text): boolean {
  const atoms: Atom[] = [];
  for (const part of parts(pattern)) {
    if (part.hole) atoms.push(star);
    else atoms.push(...atomsOfLiteral(part.text));
  }
  if (value.holes.length === 0) return match(atoms, charactersOf(value.value));
  const items: (string | undefined)[] = [];
  for (const part of parts(value)) {
    if (part.hole) items.push(undefined);
    else items.push(...charactersOf(part.text));
  }
  return overlap(atoms, items);
}

/** A text as its literal stretches and holes, in order. */
function* parts(text: Text): Generator<{ text: string; hole?: Text['holes'][number] }> {
  let at = 0;
  for (const hole of text.holes) {
    if (hole.start > at) yield { text: text.value.slice(at, hole.start) };
    yield { text: text.value.slice(hole.start, hole.end), hole };
    at = Math.max(at, hole.end);
  }
  if (at < text.value.length) yield { text: text.value.slice(at) };
}

function match(atoms: readonly Atom[], value: readonly string[], single: (what: string) => boolean = () => true): boolean {
  let p = 0;
  let v = 0;
  let starAt = -1;
  let resume = 0;
  while (v < value.length) {
    const atom = atoms[p];
    if (atom?.kind === 'star') {
      starAt = p++;
      resume = v;
    } else if (atom && (atom.kind === 'any' ? single(value[v]!) : atom.what === value[v])) {
      p++;
      v++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      v = ++resume;
    } else {
      return false;
    }
  }
  while (atoms[p]?.kind === 'star') p++;
  return p === atoms.length;
}

/** The most steps that two texts with holes may cost; past it the answer is "may be". */
const STEPS = 4_000_000;

/** Whether two patterns have a common text, where `undefined` among the items is any run. By rows, pattern × items. */
function overlap(atoms: readonly Atom[], items: readonly (string | undefined)[]): boolean {
  if (atoms.length * items.length > STEPS) return true;
  // reachable[p]: the first items can be met by the first p atoms.
  let reachable = closeStars(atoms, [true, ...atoms.map(() => false)]);
  for (const item of items) {
    const next: boolean[] = new Array<boolean>(atoms.length + 1).fill(false);
    for (let p = 0; p <= atoms.length; p++) {
      if (!reachable[p]) continue;
      const atom = atoms[p];
      if (item === undefined) {
        next.fill(true, p); // a run may meet any number of atoms
        break;
      }
      if (atom?.kind === 'star') next[p] = true;
      else if (atom && (atom.kind === 'any' || atom.what === item)) next[p + 1] = true;
    }
    reachable = closeStars(atoms, next);
  }
  return reachable[atoms.length]!;
}

function closeStars(atoms: readonly Atom[], reachable: boolean[]): boolean[] {
  for (let p = 0; p < atoms.length; p++) if (reachable[p] && atoms[p]!.kind === 'star') reachable[p + 1] = true;
  return reachable;
}
