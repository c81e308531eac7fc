import type { Pair } from '../pair';

/** What a file is, which says how it is joined with one that is there. */
export type FileRole = 'service-account' | 'trust-policy' | 'permission-policy' | 'template';

/** A file to be written. */
export interface GeneratedFile {
  /** Below the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly role: FileRole;
  readonly executable?: true;
}

/** Writes the pair in one format. One file a writer, one line in registry.ts. */
export interface Writer {
  readonly id: string;
  /** For a pick list: what it makes, in a few words. */
  readonly title: string;
  /** What the format cannot express of this pair, in sentences; empty: it can be written. */
  cannot?(pair: Pair): readonly string[];
  write(pair: Pair): readonly GeneratedFile[];
  /** What else has to be done, in sentences. */
  next?(pair: Pair): readonly string[];
}
