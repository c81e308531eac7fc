import type { Syntax } from '../../syntax/sourceFile';

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

export interface Target {
  readonly kind: 'file' | 'variable';
  readonly name: string;
}

/** How a document stands in the text around it. Plain data: two that are equal read the same text alike. */
export interface Embedded {
  /** Absent: its text is what is written. */
  readonly wrapping?: Wrapping;
  /** True where the text around it says that it is no example to follow, or it is not closed: nothing is said of it. */
  readonly quiet?: true;
  /** The role that a command gives the policy to. */
  readonly roleName?: string;
}

/** What a shell does to the text before anybody reads it. */
export type Wrapping =
  /** `tabs`: those at the lines' beginnings fall off (`<<-`). `expands`: backslashes and variables count (an unquoted delimiter). */
  | { readonly kind: 'heredoc'; readonly tabs: boolean; readonly expands: boolean }
  /** The text between the first and the last quote of a word; it may be of several parts: `'…'"$ACCOUNT"'…'`. */
  | { readonly kind: 'word'; readonly quote: "'" | '"' };
