import type { Fact } from '../model/facts';
import type { DocumentRef, Syntax } from '../syntax/sourceFile';
import type { Tree } from '../syntax/tree';

/** What a reader is given: one document. */
export interface ReaderInput {
  readonly doc: DocumentRef;
  readonly text: string;
  readonly tree: Tree;
}

/** Recognises the shapes of one format and gives facts. One file a format, one line in registry.ts. */
export interface Reader {
  readonly id: string;
  readonly syntaxes: readonly Syntax[];
  /** Words without which a text holds nothing for this reader; absent: it is asked about every one. */
  readonly words?: RegExp;
  /** Pure; never throws for any tree; looks at the tree alone. */
  read(input: ReaderInput): readonly Fact[];
}

/**
 * Reads files that are one thing together (the files of a Terraform module): a file's facts depend on the others of its
 * group, and are read anew when one of them changes. One file a format, one line in registry.ts.
 */
export interface GroupReader {
  readonly id: string;
  /** The group a file belongs to: any text that is the same for all its files; undefined for files of no group. */
  groupOf(uri: string, syntax: Syntax): string | undefined;
  /** Pure; never throws for any trees. Each fact names its document. */
  read(inputs: readonly ReaderInput[]): readonly Fact[];
}
