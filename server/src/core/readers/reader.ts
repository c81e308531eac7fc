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
  /** Pure; never throws for any tree; looks at the tree alone. */
  read(input: ReaderInput): readonly Fact[];
}
