import type { Span } from '../text/span';
import type { Tree } from './tree';

/** The syntax that a file is written in. Others are not read. `prose`: text around documents that are embedded in it; only its comments count. */
export type Syntax = 'yaml' | 'json' | 'hcl' | 'prose';

/** One document of a file: the unit of parsing, of facts and of re-reading after an edit. */
export interface DocumentRef {
  /** The file, as the front names it (a `file:` URI in the editor, the same on the command line). */
  readonly uri: string;
  /** Its number in the file, from 0. */
  readonly index: number;
  /** Its offset in the file. The only thing that changes when text before it is edited. */
  start: number;
}

/** A place: all that a finding, a link or an edit needs. The span counts from the document's start. */
export interface Place {
  readonly doc: DocumentRef;
  readonly span: Span;
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

/** The service accounts of which a document speaks: for their sake alone it can matter. */
export interface AccountMentions {
  /** Those that its pods take; each once. */
  readonly used: readonly string[];
  /** Those that it makes, without a role for any of them; each once. */
  readonly defined: readonly string[];
  /** The namespace that the document's one object says it is in; absent where its lines do not plainly say. */
  readonly namespace?: string;
}

export interface SourceDocument {
  readonly ref: DocumentRef;
  readonly text: string;
  readonly syntax: Syntax;
  /** False when, by its words, nothing in it is for us: then it is never parsed. */
  readonly relevant: boolean;
  /** The service accounts for whose sake alone it can matter, by its text; absent where only its tree can tell. See readers/prescan/mentions.ts. */
  readonly accounts?: AccountMentions | undefined;
  /** How it stands in documentation or a script; absent where it is a file's own. */
  readonly embedded?: Embedded;
  /** Parsed at the first call, then kept. Never throws. */
  tree(): Tree;
  /** What another text in its place would be read as: the same with a word typed into it. Spans are offsets of that text. */
  parse(text: string): Tree;
  /** Lets the tree go; the next call of `tree` makes it anew. */
  forget?(): void;
}

/** Files of which only what is embedded is read: fences and listings of documentation, heredocs of scripts. */
export type DocumentationKind = 'markdown' | 'asciidoc' | 'rst' | 'shell';

export interface SourceFile {
  readonly uri: string;
  readonly syntax: Syntax;
  readonly documents: readonly SourceDocument[];
  /** Of a file of documentation or a script: which kind. Its documents are the prose and what is embedded in it, in turn. */
  readonly documentation?: DocumentationKind;
  /** Why the file is not read at all, in plain words; then it has no documents. */
  readonly skipped?: string;
}
