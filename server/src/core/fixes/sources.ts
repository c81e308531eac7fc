import { readSourceFile } from '../documents/readSourceFile';
import type { SourceFile } from '../syntax/sourceFile';

/** A closed file's text as it is now, and the language it was read in where that was told. */
export interface TextOfFile {
  readonly text: string;
  readonly languageId?: string | undefined;
}

/** So many closed files are held on to: fixes of one finding reach over two. */
const most = 4;

/** The files by which fixes are judged: those that are open, and closed ones read again. */
export class FileSources {
  private readonly closed = new Map<string, SourceFile>();

  /**
   * @param open the file where its text is at hand
   * @param textOf a closed file's text
   */
  constructor(
    private readonly open: (uri: string) => SourceFile | undefined,
    private readonly textOf: ((uri: string) => TextOfFile | undefined) | undefined,
  ) {}

  /** The file as it is now; undefined where nobody has its text. */
  of(uri: string): SourceFile | undefined {
    const open = this.open(uri);
    if (open) return open;
    const known = this.closed.get(uri);
    if (known) return known;
    const given = this.textOf?.(uri);
    if (!given) return undefined;
    const file = readSourceFile(uri, given.text, given.languageId);
    if (this.closed.size >= most) this.closed.delete(this.closed.keys().next().value!);
    this.closed.set(uri, file);
    return file;
  }

  /** A file is to be read again. */
  forget(uri: string): void {
    this.closed.delete(uri);
  }
}
