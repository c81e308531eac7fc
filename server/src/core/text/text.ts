import type { ObjectId, ObjectReference, UnknownReason } from './objects';
import type { Span } from './span';

/** A part of a value that no file tells: a template expression, a variable, a placeholder. */
export interface Hole {
  /** Offsets in {@link Text.value}. */
  readonly start: number;
  readonly end: number;
  /** As written in the source: `{{ .Values.role }}`, `${ROLE}`, `<ACCOUNT_ID>`, `[OIDC_ID]`, `%s`. */
  readonly source: string;
  /**
   * True when the same source means the same value wherever it stands in one document
   * (`${ROLE}`, `<ACCOUNT_ID>`); false for `%s`, `XXXX` and other anonymous holes.
   */
  readonly named: boolean;
  /**
   * What is not known, where a program says which value stands here: holes with the same identity are one value, in whatever
   * file they stand. Never shown to people.
   */
  readonly identity?: ObjectId;
  /** What people are shown in its place, where no file writes it: "unknown account". */
  readonly words?: string;
  /** Why it is not known, where a reader can tell. */
  readonly why?: UnknownReason;
}

/** How the value stands in the document, innermost first: what an edit must encode. */
export type Encoding =
  | { readonly kind: 'json' } // inside a JSON or YAML double-quoted string
  | { readonly kind: 'yaml-single' } // inside a YAML single-quoted scalar
  | { readonly kind: 'yaml-plain' } // a YAML plain scalar
  | { readonly kind: 'yaml-block'; readonly indent: number } // a literal or folded block scalar
  | { readonly kind: 'hcl' } // inside an HCL string with quotes
  | { readonly kind: 'hcl-heredoc' } // inside an HCL heredoc
  | { readonly kind: 'hcl-argument'; readonly name: string; readonly indent: number } // an HCL argument that is not written yet
  | { readonly kind: 'shell'; readonly quoting: 'single' | 'double' | 'heredoc' | 'none' } // in a word or heredoc of a shell
  | { readonly kind: 'url' }; // percent-encoded (IAM's own answers)

/**
 * A stretch of a value that is written elsewhere or by other means: a Terraform local, another file's part, an
 * expression. It stands in the document as one piece, and no edit can reach into it.
 */
export interface Borrowed {
  /** Offsets in {@link Text.value}. */
  readonly start: number;
  readonly end: number;
  /** The expression in the document, with all that belongs to it (`${` and `}`). */
  readonly span: Span;
  /** The expression alone, where it can be wrapped in a function; absent where another text was put in its place. */
  readonly expression?: Span;
}

/**
 * A scalar's text: the decoded value, its holes, and where each character of it stands.
 * Plain data; made by syntax, kept in facts.
 */
export interface Text {
  /** The decoded value. Holes stand in it as written in the source. */
  readonly value: string;
  readonly holes: readonly Hole[];
  /** The content in the document, quotes and block headers excluded. */
  readonly span: Span;
  /** The whole token in the document, quotes and block headers included. */
  readonly outer: Span;
  /**
   * Where value offsets stand in the document: pairs [value offset, document offset], ascending.
   * Between two pairs both count up alike. Absent: value offset i is `span.start + i`.
   */
  readonly map?: readonly (readonly [number, number])[];
  /** What wraps the value, innermost first. */
  readonly encodings: readonly Encoding[];
  /** The stretches that are written elsewhere, ascending; their spans in the document are whole expressions. */
  readonly borrowed?: readonly Borrowed[];
  /** True when the source quotes the scalar; false for plain and block style. */
  readonly quoted: boolean;
  /** Where the value as a whole is an attribute of an object that a program makes: then it is that object, and no name is looked up. */
  readonly refers?: ObjectReference;
  /** Where another file fills the value in: what is to be changed for another one. */
  readonly filledBy?: { readonly uri: string; readonly span: Span };
}
