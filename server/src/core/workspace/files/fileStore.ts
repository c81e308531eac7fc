import { changeSourceFile, editSourceFile } from '../../documents/changeSourceFile';
import { readSourceFile } from '../../documents/readSourceFile';
import type { Fact } from '../../model/facts';
import type { ReaderInput } from '../../readers/reader';
import type { DocumentRef, SourceDocument, SourceFile } from '../../syntax/sourceFile';
import { lineStarts } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import type { FactIndex } from '../../wiring/factIndex';
import { AccountDemand } from '../demand/accountDemand';
import { DeferredDocuments } from '../demand/deferredDocuments';
import { PendingFiles } from '../demand/pendingFiles';
import { DocumentReader } from './documentReader';
import { closed, factsOf, readInPart, type Entry } from './entry';
import { filledWith } from './filled';
import { OpenFile } from './openFile';
import { PlannedRoots } from './plannedRoots';
import type { StoredFile } from './storedFile';

/** Told of what becomes of files. */
export interface FileListener {
  /** A file was read as a whole, or is gone. */
  reset(uri: string): void;
  /** Documents of a file came in the place of others. */
  change(uri: string, came: readonly DocumentRef[]): void;
  /** A file's text may be another. */
  textChanged(uri: string): void;
  /** Something failed inside. */
  failed(what: string, error: unknown): void;
}

export interface FileStoreOptions {
  /** See FileSetOptions. */
  readonly reread: ((uri: string) => string | undefined) | undefined;
  readonly wantsHcl: () => void;
  /** The documents of a file, where its text is at hand. */
  readonly documents: (uri: string) => readonly ReaderInput[] | undefined;
}

/** So much text of documents is read in one step of {@link FileStore.loading}, in UTF-16 units. */
const stepLength = 20_000;

/**
 * The files of a set: open ones with their texts and trees, closed ones as facts alone, and those that are read when somebody
 * looks something up in them. Their facts are put into the index.
 */
export class FileStore {
  private readonly entries = new Map<string, Entry>();
  private readonly reasons = new Map<string, string>();
  private readonly reader: DocumentReader;
  private readonly reread: ((uri: string) => string | undefined) | undefined;
  private readonly demand: AccountDemand;
  /** Documents that are read when somebody looks up what they name. */
  readonly deferred = new DeferredDocuments();
  /** Files that are read together, when somebody looks something up. */
  private readonly pending: PendingFiles;
  private readonly plans = new PlannedRoots();
  /** What was read of files with facts of Terraform's roots, whether all of it counts or not. */
  private readonly ofRoots = new Map<string, Entry>();
  /** Files in which a group says something, as they are by themselves. */
  private readonly filled = new Map<string, Entry>();
  private changes = 0;
  /** Open files that are gone from the disk: closing them forgets them. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly index: FactIndex,
    private readonly listener: FileListener,
    { reread, wantsHcl, documents }: FileStoreOptions,
  ) {
    this.reread = reread;
    this.reader = new DocumentReader((what, error) => listener.failed(what, error));
    this.demand = new AccountDemand(this.deferred, index);
    this.pending = new PendingFiles(
      {
        entry: (uri) => this.entries.get(uri),
        facts: (uri) => index.facts(uri),
        store: (uri, entry) => this.store(uri, entry),
        drop: (uri) => this.drop(uri),
        noteSkipped: (uri, reason) => this.noteSkipped(uri, reason),
        failed: (what, error) => listener.failed(what, error),
        documents: (uri) => (this.entries.has(uri) ? documents(uri) : undefined),
        fill: (uri, facts) => this.fill(uri, facts),
      },
      this.reader,
      wantsHcl,
    );
  }

  /** Another number whenever a file begins or ceases to have facts, or to be skipped. */
  get version(): number {
    this.readPending();
    return this.changes;
  }

  /** What is kept of a file. */
  entry(uri: string): Entry | undefined {
    return this.entries.get(uri);
  }

  /** Every file that is here: those with facts, and those that only silence rules. */
  uris(): string[] {
    return [...this.entries.keys()];
  }

  /** True where no file is here. */
  get isEmpty(): boolean {
    return this.entries.size === 0 && !this.reader.waits;
  }

  /** Takes the text of a file that an editor has open. From now on the disk does not count for it. */
  open(uri: string, text: string, languageId?: string): void {
    this.put(uri, text, readSourceFile(uri, text, languageId), languageId);
  }

  /** Takes a new text of an open file; documents that did not change keep their facts and findings. */
  change(uri: string, text: string): void {
    const before = this.entries.get(uri);
    if (!before?.open) return this.open(uri, text);
    const { file: old, languageId } = before.open;
    const file = changeSourceFile(old, text, languageId);
    // What cannot be read is in no group of files: once it can be again, its group takes it back.
    const isSameKind = old.skipped === undefined && file.skipped === undefined && old.syntax === file.syntax && old.documents.length > 0;
    if (before instanceof OpenFile && isSameKind && !this.pending.has(uri)) this.replace(uri, before, file);
    else this.put(uri, text, file, languageId);
  }

  /** Takes one change of an open file: a text in the place of a stretch. `whole` gives the text after it, where it is needed. */
  edit(uri: string, changed: Span, text: string, whole: () => string): void {
    const before = this.entries.get(uri);
    const file =
      before instanceof OpenFile && !this.pending.has(uri)
        ? editSourceFile(before.open.file, changed, text, before.open.languageId)
        : undefined;
    if (file) this.replace(uri, before as OpenFile, file);
    else this.change(uri, whole());
  }

  /** An open file after a change: only what its new documents say is read and joined. */
  private replace(uri: string, before: OpenFile, file: SourceFile): void {
    const change = before.changeTo(file, (document) => this.reader.read(document));
    const entry = before.after(file, change);
    this.reader.note(file);
    if (before.isSilent !== entry.isSilent) this.changes++;
    const came = file.documents.slice(change.head, change.head + change.came.length);
    this.listener.change(
      uri,
      came.map(({ ref }) => ref),
    );
    this.entries.set(uri, entry);
    this.pending.fileChanged(uri);
    this.index.changeFile(uri, factsOf(change.gone), factsOf(change.came), entry.isSilent ? undefined : () => entry.facts);
    if (file.syntax === 'json') this.plansChanged(uri, entry);
    this.noteSkipped(uri, entry.notRead);
  }

  /** The editor closed a file: trees and text are let go, its facts stay until the disk is read again or the file is gone. */
  close(uri: string): void {
    this.readPending();
    const entry = this.entries.get(uri);
    if (!entry?.open) return;
    if (this.gone.delete(uri)) this.remove(uri, true);
    else this.store(uri, closed(this.unfilled(uri, entry)));
  }

  /** Takes a file from the disk, in steps of a document or a few small ones: facts and line starts are kept, text and trees are not. An open file is left alone. */
  *loading(uri: string, text: string, languageId?: string): Generator<void> {
    this.listener.textChanged(uri);
    this.gone.delete(uri);
    if (this.entries.get(uri)?.open) return;
    const file = readSourceFile(uri, text, languageId);
    if (this.pending.put(file)) {
      this.hold(uri, { facts: [], suppressions: [], lines: lineStarts(text) });
      return;
    }
    const documents = this.reread === undefined ? file.documents : this.withoutDeferred(file);
    if (documents.length === 0 && file.skipped === undefined) {
      this.drop(uri);
      this.noteSkipped(uri, undefined);
      return;
    }
    let read = 0;
    for (const document of documents) {
      this.reader.read(document);
      if ((read += document.relevant ? document.text.length : 0) < stepLength) continue;
      read = 0;
      yield;
      // Meanwhile the editor may have opened it, or something else have been read for it.
      if (this.entries.get(uri)?.open) return;
    }
    const readings = documents.map((document) => this.reader.read(document));
    const [facts, suppressions] = [readings.flatMap((reading) => reading.facts), readings.flatMap((reading) => reading.suppressions)];
    if (facts.length === 0 && suppressions.length === 0) this.drop(uri);
    else this.store(uri, closed({ facts, suppressions, lines: lineStarts(text) }, this.reread ? text.length : undefined));
    const partly = file.skipped === undefined ? readInPart(file.documents, readings, documents) : undefined;
    this.noteSkipped(uri, file.skipped ?? partly);
  }

  /** The documents of a file that are to be read now; the others are noted, to be read when somebody asks. */
  private withoutDeferred(file: SourceFile): readonly SourceDocument[] {
    const documents = file.documents.filter(({ relevant }) => relevant);
    const deferrable = documents.filter(({ accounts }) => accounts);
    // What asks in this very file comes first: what it asks for is then read at once.
    if (deferrable.length > 0) for (const document of documents) if (!document.accounts) this.demand.note(this.reader.read(document).facts);
    const later = deferrable.filter(({ accounts }) => !this.deferred.isAsked(accounts!));
    this.deferred.put(
      file.uri,
      later.map(({ accounts }) => accounts!),
    );
    return later.length === 0 ? documents : documents.filter((document) => !later.includes(document));
  }

  /** What was read of a closed file, to be stored; undefined where a text is needed all the same: it is open, or one of a group. */
  stored(uri: string): StoredFile | undefined {
    const entry = this.entries.get(uri);
    if (entry?.open || this.pending.has(uri) || this.reread) return undefined;
    const reason = this.reasons.get(uri);
    return {
      facts: (entry && this.unfilled(uri, entry))?.facts ?? [],
      suppressions: entry?.suppressions ?? [],
      lines: entry?.lines ?? [],
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** Takes what was stored of a file in place of its text, as {@link loading} would have read it. */
  restore(uri: string, stored: StoredFile): void {
    this.gone.delete(uri);
    if (this.entries.get(uri)?.open) return;
    if (stored.facts.length === 0 && stored.suppressions.length === 0) this.drop(uri);
    else this.store(uri, { facts: stored.facts, suppressions: stored.suppressions, lines: stored.lines });
    this.noteSkipped(uri, stored.reason);
  }

  /** Forgets a file. An open one stays until it is closed, since its text is the user's. */
  remove(uri: string, force = false): void {
    if (this.entries.get(uri)?.open && !force) {
      this.gone.add(uri);
      return;
    }
    this.deferred.remove(uri);
    this.noteSkipped(uri, undefined);
    this.pending.remove(uri);
    this.drop(uri);
  }

  /** Notes that a file is not read, and why, in plain words. */
  skip(uri: string, reason: string): void {
    if (this.entries.get(uri)?.open) return;
    this.deferred.remove(uri);
    this.pending.remove(uri);
    this.drop(uri);
    this.noteSkipped(uri, reason);
  }

  private put(uri: string, text: string, file: SourceFile, languageId: string | undefined): void {
    this.listener.textChanged(uri);
    this.deferred.remove(uri);
    if (this.pending.put(file)) {
      this.hold(uri, { facts: [], suppressions: [], lines: lineStarts(text), open: { file, languageId } });
      return;
    }
    const entry = OpenFile.of(
      file,
      languageId,
      file.documents.map((document) => this.reader.read(document)),
    );
    this.store(uri, entry);
    this.noteSkipped(uri, entry.notRead);
  }

  /** Keeps a file of a group whose facts are read when somebody asks. What it said before stands until then. */
  private hold(uri: string, entry: Entry): void {
    this.listener.reset(uri);
    this.entries.set(uri, entry);
  }

  /** Reads what was left until somebody asks. */
  readPending(): void {
    this.pending.read();
    this.readWanted();
    this.index.settle();
  }

  /** Reads again what somebody asks about now. */
  private readWanted(): void {
    do {
      for (let uri = this.deferred.next(); uri !== undefined; uri = this.deferred.next()) {
        const text = this.reread?.(uri);
        this.deferred.remove(uri);
        if (text === undefined) this.remove(uri);
        else for (const step = this.loading(uri, text); !step.next().done;);
      }
    } while (this.demand.follow());
  }

  /** Takes what a group says in a file that is of none, document by document: it knows what the file's variables are. */
  private fill(uri: string, facts: readonly Fact[]): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    const own = this.unfilled(uri, entry);
    if (facts.length === 0) this.filled.delete(uri);
    else this.filled.set(uri, own);
    const now = facts.length === 0 ? own : filledWith(own, facts);
    this.keep(uri, now);
    this.plansChanged(uri, now);
  }

  /** A file's entry as it is by itself. */
  private unfilled(uri: string, entry: Entry): Entry {
    if (!this.filled.has(uri)) return entry;
    if (!(entry instanceof OpenFile)) return this.filled.get(uri)!;
    const { file, languageId } = entry.open;
    return OpenFile.of(
      file,
      languageId,
      file.documents.map((document) => this.reader.read(document)),
    );
  }

  /** Keeps what was read of a file: all of it, or what counts beside the plans that are here. */
  private store(uri: string, entry: Entry): void {
    this.filled.delete(uri);
    this.pending.fileChanged(uri);
    this.keep(uri, entry);
    this.plansChanged(uri, entry);
  }

  /** Takes what a file says of Terraform's roots and plans: what counts in other files may be more or less now. */
  private plansChanged(uri: string, entry: Entry | undefined): void {
    const before = this.plans.roots;
    this.plans.note(uri, entry?.facts ?? []);
    if (entry && !(entry instanceof OpenFile) && entry.facts.some(({ address, deployedBy }) => address === undefined && deployedBy))
      this.ofRoots.set(uri, entry);
    else this.ofRoots.delete(uri);
    const after = this.plans.roots;
    if (before.size === after.size && [...before].every((root) => after.has(root))) {
      // Of this very file something may not count.
      const own = after.size > 0 ? this.ofRoots.get(uri) : undefined;
      const facts = own && this.plans.counting(own.facts);
      if (facts && facts !== own.facts) this.keep(uri, { ...own, facts });
      return;
    }
    for (const [each, own] of this.ofRoots) {
      const facts = this.plans.counting(own.facts);
      this.keep(each, facts === own.facts ? own : { ...own, facts });
    }
  }

  private keep(uri: string, entry: Entry): void {
    const before = this.index.facts(uri);
    if (before.length > 0 !== entry.facts.length > 0) this.changes++;
    this.listener.reset(uri);
    this.entries.set(uri, entry);
    this.index.setFile(uri, entry.facts);
    if (this.reread) this.demand.note(entry.facts);
  }

  private drop(uri: string): void {
    if (!this.entries.has(uri)) return;
    this.filled.delete(uri);
    this.pending.fileChanged(uri);
    this.plansChanged(uri, undefined);
    this.changes++;
    this.listener.reset(uri);
    this.entries.delete(uri);
    this.index.removeFile(uri);
  }

  /** Why a file is not read, or only in part, in plain words. */
  reasonOf(uri: string): string | undefined {
    return this.reasons.get(uri);
  }

  /** Notes why a file is not read, or only in part; undefined where it is read whole. */
  noteSkipped(uri: string, reason: string | undefined): void {
    if (this.reasons.get(uri) !== reason) this.changes++;
    if (reason === undefined) this.reasons.delete(uri);
    else this.reasons.set(uri, reason);
  }

  /** Every file that is not read, or only in part, and why. */
  skippedFiles(): ReadonlyMap<string, string> {
    return this.reasons;
  }

  /** The files that are read together with a file, itself included; undefined for one that is read alone. */
  groupOf(uri: string): ReturnType<PendingFiles['groupOf']> {
    return this.pending.groupOf(uri);
  }

  /** True where Terraform files that matter wait for the parser of HCL (syntax/hcl/parser.ts). */
  get waitsForHcl(): boolean {
    return this.pending.waitForHcl;
  }

  /** Reads what was put off that names an account. */
  readWorkloadsOf(account: string): void {
    this.deferred.ask(account);
    this.readWanted();
  }

  /** Reads every account, and all that uses one with a role: for those who need more than findings. */
  readAccounts(): void {
    for (const name of [...this.deferred.definedNames()]) this.deferred.askDefinition(name);
    this.deferred.askUsers(() => true);
    this.readWanted();
  }
}
