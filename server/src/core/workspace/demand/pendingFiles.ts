import { problemIn, problemOfLimits, type DocumentReader } from '../files/documentReader';
import { closed, readInPart, type Entry } from '../files/entry';
import { FileGroups, type FileGroup } from './fileGroups';
import type { Fact } from '../../model/facts';
import { OpenFile } from '../files/openFile';
import type { ReaderInput } from '../../readers/reader';
import { groupReaders } from '../../readers/registry';
import { readSuppressions } from '../../rules/suppressions';
import { hclParser } from '../../syntax/hcl/parser';
import type { SourceFile } from '../../syntax/sourceFile';
import { lineStarts } from '../../text/lineIndex';

/** What is kept of the files, as far as late reading bears on it. */
export interface FilesRead {
  entry(uri: string): Entry | undefined;
  /** The facts by which a file is joined now. */
  facts(uri: string): readonly Fact[];
  store(uri: string, entry: Entry): void;
  drop(uri: string): void;
  /** Notes why a file is read in part, or that it is read whole. */
  noteSkipped(uri: string, reason: string | undefined): void;
  failed(what: string, error: unknown): void;
  /** The documents of a file that holds something for us, with its text at hand. */
  documents(uri: string): readonly ReaderInput[] | undefined;
  /** Takes what a group says in a file that is of no group: in the place of what the file says by itself. None: that counts again. */
  fill(uri: string, facts: readonly Fact[]): void;
}

/**
 * Files that are read only when somebody asks: those of a group, since what one says hangs on the others (a Terraform
 * module), and examples of HCL in documentation, whose parser may not be here yet.
 */
export class PendingFiles {
  private readonly groups: FileGroups;
  private askedForHcl = false;

  /** @param wantsHcl called once, when files wait for the parser of HCL */
  constructor(
    private readonly kept: FilesRead,
    private readonly reader: DocumentReader,
    private readonly wantsHcl: () => void,
  ) {
    this.groups = new FileGroups(groupReaders, (uri) => this.kept.documents(uri));
  }

  /** Takes a file of a group, true; any other is to be read at once, but for its examples of HCL. */
  put(file: SourceFile): boolean {
    if (this.groups.put(file)) return true;
    this.reader.note(file);
    return false;
  }

  has(uri: string): boolean {
    return this.groups.has(uri);
  }

  /** The files that are read together with a file, itself included. */
  groupOf(uri: string): FileGroup | undefined {
    return this.groups.groupOf(uri);
  }

  remove(uri: string): void {
    this.groups.remove(uri);
    this.reader.forget(uri);
  }

  /** A file of no group came, changed or went: a group may read it. */
  fileChanged(uri: string): void {
    this.groups.fileChanged(uri);
  }

  /** True where files wait for the parser of HCL. */
  get waitForHcl(): boolean {
    return this.groups.waitsForHcl || (this.reader.waits && !hclParser());
  }

  /** Reads what changed since the last call. */
  read(): void {
    if (this.groups.waiting) this.readGroups();
    if (this.reader.waits) this.readExamples();
  }

  private readGroups(): void {
    const isOpen = (uri: string): boolean => this.kept.entry(uri)?.open !== undefined;
    const failed = (reader: string, error: unknown): void => this.kept.failed(`reader ${reader}`, error);
    for (const { files, facts, skipped } of this.groups.readChanged(isOpen, failed)) {
      for (const file of files) this.take(file, facts.get(file.uri) ?? [], skipped);
      if (files.length === 0) for (const [uri, own] of facts) this.kept.fill(uri, own);
    }
    if (this.groups.waitsForHcl) this.askForHcl();
  }

  private readExamples(): void {
    if (!hclParser()) return this.askForHcl();
    for (const file of this.reader.takeWaiting()) {
      const before = this.kept.entry(file.uri);
      const readings = file.documents.map((document) => this.reader.read(document));
      const entry = OpenFile.of(file, before?.open?.languageId, readings);
      if (before?.open) this.kept.store(file.uri, entry);
      else if (!entry.isSilent || entry.suppressions.length > 0) this.kept.store(file.uri, closed(entry));
    }
  }

  private askForHcl(): void {
    if (this.askedForHcl) return;
    this.askedForHcl = true;
    this.wantsHcl();
  }

  private take(file: SourceFile, facts: readonly Fact[], skipped: string | undefined): void {
    const { kept } = this;
    const { uri, documents } = file;
    const before = kept.entry(uri);
    const lines = before?.lines ?? lineStarts(documents.map((document) => document.text).join(''));
    const suppressions = documents.flatMap((document) => readSuppressions(document));
    const read: Entry = { facts, suppressions, lines, ...(before?.open ? { open: before.open } : {}) };
    const entry = read.open ? read : closed(read);
    kept.noteSkipped(
      uri,
      skipped ??
        readInPart(
          documents,
          documents.map((document) => ({
            facts,
            suppressions,
            ...(problemOfLimits(facts.filter(({ doc }) => doc.index === document.ref.index)) ?? problemIn(document)),
          })),
        ),
    );
    if (!entry.open && facts.length === 0 && suppressions.length === 0) kept.drop(uri);
    else this.store(uri, before, entry);
  }

  /** Where a file says what it said before, the same objects stay: then nothing is stale that was joined with them. */
  private store(uri: string, before: Entry | undefined, entry: Entry): void {
    const known = this.kept.facts(uri);
    if (!isSame(known, entry)) return this.kept.store(uri, entry);
    const isHere = before && (before.facts === known || (before.facts.length === 0 && known.length === 0));
    if (!isHere || JSON.stringify(before.suppressions) !== JSON.stringify(entry.suppressions))
      this.kept.store(uri, { ...entry, facts: known });
  }
}

/** Whether facts are equal; those of an open file are of the same documents too, whose trees are at hand. */
function isSame(known: readonly Fact[], { facts, open }: Entry): boolean {
  return (open === undefined || known[0]?.doc === facts[0]?.doc) && JSON.stringify(known) === JSON.stringify(facts);
}
