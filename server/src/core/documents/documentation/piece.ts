import type { Embedded, Syntax } from '../../syntax/sourceFile';

/** A document that stands in another text: what a fence, a listing, a heredoc or a word of a shell holds. */
export interface Piece {
  /** Its stretch of the file. */
  readonly start: number;
  readonly end: number;
  readonly syntax: Exclude<Syntax, 'prose'>;
  readonly embedded: Embedded;
  /** The file that a script writes it to, or the variable that it puts it in: how commands speak of it. */
  readonly target?: Target;
}

/** A page or a script with more examples is made by a machine, and is not read. */
export const mostPieces = 2000;

export interface Target {
  readonly kind: 'file' | 'variable';
  readonly name: string;
}
