import type { Fact } from '../model/facts';
import type { DocumentRef, SourceDocument, Syntax } from '../syntax/sourceFile';
import type { Node, Tree } from '../syntax/tree';

/** What a reader is given: one document. */
export interface ReaderInput {
  readonly doc: DocumentRef;
  readonly text: string;
  readonly tree: Tree;
}

/** A document as a reader is given it. It is parsed when its tree is looked at. */
export function inputOf(document: SourceDocument): ReaderInput {
  return {
    doc: document.ref,
    text: document.text,
    get tree() {
      return document.tree();
    },
  };
}

/**
 * What tells that a text or a file may be of a format, before anything is parsed. The words of all formats together are the
 * trigger (prescan/trigger.ts), their file names what a walk and a watcher look for (fileNames.ts).
 */
export interface Format {
  readonly id: string;
  /** Patterns of regular expressions, case aside: a text with one of them is worth parsing. None where other formats' words do. */
  readonly words?: readonly string[];
  /** Words that speak of service accounts: where there are no others, a text matters only for the accounts that it names (prescan/mentions.ts). */
  readonly accountWords?: readonly string[];
  /** Words by which a text that speaks of accounts matters for more than their names. */
  readonly wordsBesideAccounts?: readonly string[];
  /** Names of its files beyond those of YAML and JSON. */
  readonly files?: FileNames;
}

/** Names of files, case aside. */
export interface FileNames {
  /** Without the first dot: `tf`, `tf.json`. */
  readonly endings?: readonly string[];
  readonly names?: readonly string[];
  /** True where a file matters by its name, whatever it holds. */
  readonly matter?: true;
  /** True where the whole text is wanted, since what other files say may depend on it. */
  readonly whole?: true;
}

/** Recognises the shapes of one format and gives facts. One file a format, one line in registry.ts. */
export interface Reader extends Format {
  readonly syntaxes: readonly Syntax[];
  /** Words without which a text holds nothing for this reader; absent: it is run on every text that is worth parsing. */
  readonly needs?: RegExp;
  /** True where a document is of this format as a whole: then the reader of last resort is not run on it. */
  claims?(root: Node | undefined): boolean;
  /** True where no other reader is run on a document that this one claims. */
  readonly readsAlone?: true;
  /** Pure; never throws for any tree; looks at the tree alone. */
  read(input: ReaderInput): readonly Fact[];
}

/** What a group of files is read with. All that is asked for is noted: when it changes, the group is read anew. */
export interface Groups<Prepared> {
  /** Another group; undefined where no file is in it. */
  prepared(key: string): Prepared | undefined;
  /** The documents of another file of the workspace that holds something for us; undefined where there is none. */
  file(uri: string): readonly ReaderInput[] | undefined;
  /** Among how many groups that are deployed by themselves the work is shared, roughly: a power of two. */
  readonly share: number;
}

/**
 * Reads files that are one thing together (the files of a Terraform module): a file's facts depend on the others of its
 * group, and on groups that use it or that it uses. One file a format, one line in registry.ts.
 */
export interface GroupReader<Prepared = unknown> extends Format {
  /** The group a file belongs to: any text that is the same for all its files; undefined for files of no group. */
  groupOf(uri: string, syntax: Syntax): string | undefined;
  /** Groups that a file may use, by its text alone: more than it uses does no harm. */
  mentions(uri: string, text: string): readonly string[];
  /** What a group's files say by themselves; kept while none of them changes. Never throws for any trees. */
  prepare(inputs: readonly ReaderInput[]): Prepared;
  /** True where a group is deployed by itself even if others use it. */
  standsAlone(group: Prepared): boolean;
  /** The groups that one uses. */
  uses(group: Prepared): readonly string[];
  /**
   * The facts of a group that is deployed by itself, with those of the groups that it uses: of documents of any of them. Pure;
   * never throws. Each fact names its document.
   */
  read(group: Prepared, groups: Groups<Prepared>): readonly Fact[];
  /** The facts of an example in documentation, which is a group of its own. */
  readExample(input: ReaderInput): readonly Fact[];
}
