/**
 * A regular expression as a tree, made of what a finite automaton can tell: no back references, no look-around. What is
 * matched are code points.
 */
export type Expression =
  | { readonly kind: 'character'; readonly fits: Fits }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  /** `max` is Infinity for an open end. */
  | { readonly kind: 'repeat'; readonly of: Expression; readonly min: number; readonly max: number; readonly greedy: boolean }
  /** A place between two characters; `undefined` is the text's start or end. */
  | { readonly kind: 'place'; readonly holds: (before: number | undefined, after: number | undefined) => boolean };

/** Whether a code point is one of a set. */
export type Fits = (code: number) => boolean;

export function sequence(parts: readonly Expression[]): Expression {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

export function choice(options: readonly Expression[]): Expression {
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

/** The code points of a text. */
export function codesOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}
