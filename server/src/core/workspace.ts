import { defaultSettings, type Settings } from './config/settings';
import { Deferred } from './deferred';
import { detach } from './detach';
import type { WorkspaceView } from './features/workspaceView';
import type { Fact } from './model/facts';
import type { Catalogue } from './permissions/catalogue';
import { FileGroups } from './fileGroups';
import { groupReaders, readFacts } from './readers/registry';
import { Engine } from './rules/engine';
import { allRules } from './rules/registry';
import type { Finding, Rule } from './rules/rule';
import { readSuppressions, type Suppression } from './rules/suppressions';
import { changeSourceFile } from './syntax/changeSourceFile';
import { readInPart } from './syntax/readInPart';
import { readSourceFile } from './syntax/readSourceFile';
import type { DocumentRef, SourceDocument, SourceFile } from './syntax/sourceFile';
import { lineAt, LineIndex, type Position } from './text/lineIndex';
import { chainVerdict } from './trust/chainVerdict';
import type { Verdict } from './trust/verdict';
import type { AwsIndex } from './wiring/aws';
import type { Chain } from './wiring/chain';
import { dependentsOf } from './wiring/dependents';
import { accountAsked } from './wiring/accountIndex';
import { FactIndex } from './wiring/factIndex';

/** What is kept of a file. `open` only while its text is at hand; a closed file is facts, suppressions and line starts. */
interface Entry {
  readonly facts: readonly Fact[];
  readonly suppressions: readonly Suppression[];
  /** The offset at which each line starts. */
  readonly lines: readonly number[];
  readonly open?: { readonly file: SourceFile; readonly languageId: string | undefined };
}

/** What was read of one document, kept while the document itself is. */
interface DocumentReading {
  readonly facts: readonly Fact[];
  readonly suppressions: readonly Suppression[];
}

export interface WorkspaceOptions {
  readonly settings?: Settings;
  /** Told, once for each cause, of what failed inside. */
  readonly log?: (message: string) => void;
  /** Called once, when Terraform files that matter wait for the parser of HCL. When `setHclParser` was called they are read at the next question. */
  readonly wantsHcl?: () => void;
  /** Gives AWS's actions with their access levels; undefined where they are not at hand. Asked when first needed. */
  readonly catalogue?: () => Catalogue | undefined;
  /**
   * Gives a closed file's text again. With it, documents of closed files that matter only for accounts which nobody asks
   * about are not parsed until somebody does; without it every document that may matter is.
   */
  readonly reread?: (uri: string) => string | undefined;
  /** True where the front reads what is wanted again itself, in slices ({@link Workspace.readWanted}); else the next question does. */
  readonly inSlices?: boolean;
  /** The rules to run; by default all. */
  readonly rules?: readonly Rule[];
}

/** So many changes at once (a first walk, another branch) concern the whole workspace. */
const manyChanges = 200;

/** All files of a workspace, read and joined: the one engine under editor and command line. Never throws for any text. */
export class Workspace implements WorkspaceView {
  private readonly index: FactIndex;
  private readonly groups = new FileGroups(groupReaders);
  private readonly engine: Engine;
  /** AWS's actions, where they are at hand. */
  readonly catalogue: () => Catalogue | undefined;
  private readonly log: (message: string) => void;
  private readonly logged = new Set<string>();
  private readonly entries = new Map<string, Entry>();
  private readonly reasons = new Map<string, string>();
  private readonly readings = new WeakMap<SourceDocument, DocumentReading>();
  private readonly dirty = new Set<string>();
  private allDirty = false;
  private readonly reread: ((uri: string) => string | undefined) | undefined;
  private readonly readsInSlices: boolean;
  private readonly deferred = new Deferred();
  private readonly wantsHcl: () => void;
  private askedForHcl = false;
  /** Files whose dependents, as they are now, are still to be looked up. */
  private readonly changed = new Set<string>();
  /** Open files that are gone from the disk: closing them forgets them. */
  private readonly gone = new Set<string>();
  private verdicts = new Map<Chain, Verdict | undefined>();
  private found = new Map<string, readonly Finding[]>();

  constructor(options: WorkspaceOptions = {}) {
    const settings = options.settings ?? defaultSettings;
    this.log = options.log ?? (() => undefined);
    this.catalogue = options.catalogue ?? (() => undefined);
    this.wantsHcl = options.wantsHcl ?? (() => undefined);
    this.reread = options.reread;
    this.readsInSlices = options.inSlices === true;
    this.index = new FactIndex(settings);
    this.engine = new Engine(options.rules ?? allRules, {
      wiring: this.index,
      verdict: (chain) => this.verdict(chain),
      position: (doc, offset) => this.position(doc, offset),
      suppressions: (uri) => this.entries.get(uri)?.suppressions ?? [],
    }, settings, (message) => this.log(message));
  }

  /** The facts of all files, joined. */
  get wiring(): FactIndex {
    this.settle();
    return this.index;
  }

  /** True where Terraform files that matter wait for the parser of HCL (syntax/hcl/parser.ts). */
  get waitsForHcl(): boolean {
    return this.groups.waitsForHcl;
  }

  /** Takes the text of a file that an editor has open. From now on the disk does not count for it. */
  open(uri: string, text: string, languageId?: string): void {
    this.put(uri, text, readSourceFile(uri, text, languageId), languageId);
  }

  /**
   * Takes a new text of an open file; documents that did not change keep their trees and facts.
   */
  change(uri: string, text: string): void {
    const before = this.entries.get(uri)?.open;
    if (before) this.put(uri, text, changeSourceFile(before.file, text), before.languageId);
    else this.open(uri, text);
  }

  /** The editor closed a file: trees and text are let go, its facts stay until the disk is read again or the file is gone. */
  close(uri: string): void {
    this.settle();
    const entry = this.entries.get(uri);
    if (!entry?.open) return;
    if (this.gone.delete(uri)) this.remove(uri, true);
    else this.store(uri, closed(entry));
  }

  /** Takes a file from the disk: facts and line starts are kept, text and trees are not. An open file is left alone. */
  load(uri: string, text: string, languageId?: string): void {
    this.gone.delete(uri);
    if (this.entries.get(uri)?.open) return;
    const file = readSourceFile(uri, text, languageId);
    if (this.groups.put(file)) {
      this.hold(uri, { facts: [], suppressions: [], lines: new LineIndex(text).starts });
      return;
    }
    const isRead = (document: SourceDocument): boolean =>
      this.reread === undefined || !document.accounts || [...document.accounts].some((name) => this.deferred.isAsked(name));
    // What asks in this very file comes first: its own workloads are then read at once.
    if (this.reread !== undefined) this.noteAsked(this.read(file.documents.filter((document) => !document.accounts)).facts);
    const later = file.documents.filter((document) => !isRead(document));
    this.deferred.put(uri, new Set(later.flatMap((document) => [...document.accounts!])));
    const reading = this.read(later.length > 0 ? file.documents.filter(isRead) : file.documents);
    if (reading.facts.length === 0 && reading.suppressions.length === 0) this.drop(uri);
    else this.store(uri, closed({ ...reading, lines: new LineIndex(text).starts }));
    this.noteSkipped(uri, file.skipped ?? readInPart(file, isRead));
  }

  /** Forgets a file. An open one stays until it is closed, since its text is the user's. */
  remove(uri: string, force = false): void {
    if (this.entries.get(uri)?.open && !force) {
      this.gone.add(uri);
      return;
    }
    this.deferred.remove(uri);
    this.reasons.delete(uri);
    this.groups.remove(uri);
    this.drop(uri);
  }

  /** Notes that a file is not read, and why, in plain words. */
  skip(uri: string, reason: string): void {
    if (this.entries.get(uri)?.open) return;
    this.deferred.remove(uri);
    this.groups.remove(uri);
    this.drop(uri);
    this.reasons.set(uri, reason);
  }

  /** How many closed files name an account that somebody asks about now, and are still to be read for it. */
  get wanted(): number {
    return this.deferred.waiting;
  }

  /** Reads the wanted files, one at each step. */
  *readWanted(): Generator<void> {
    for (let uri = this.deferred.next(); uri !== undefined; uri = this.deferred.next()) {
      const text = this.reread?.(uri);
      this.deferred.remove(uri);
      if (text === undefined) this.remove(uri);
      else this.load(uri, text);
      yield;
    }
  }

  readWorkloadsOf(account: string): void {
    this.deferred.ask(account);
    this.readAllWanted();
  }

  /** Takes new settings: every finding may change. */
  configure(settings: Settings): void {
    this.index.configure(settings);
    this.engine.configure(settings);
    this.allDirty = true;
    this.forget();
  }

  /** Takes what AWS, or a snapshot of it, knows now: every finding may change. Undefined: AWS is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    this.index.setAws(aws);
    this.allDirty = true;
    this.forget();
  }

  /** The files whose findings may have changed since it was last asked; more than needed, never less. */
  takeDirty(): string[] {
    this.settle();
    if (this.changed.size > manyChanges) this.allDirty = true;
    const uris = new Set(this.dirty);
    for (const uri of this.changed) {
      if (this.allDirty) break;
      const dependents = dependentsOf(this.index, this.index.facts(uri));
      if (dependents === 'all') this.allDirty = true;
      else for (const each of dependents) uris.add(each);
    }
    if (this.allDirty) for (const uri of this.entries.keys()) uris.add(uri);
    this.allDirty = false;
    this.dirty.clear();
    this.changed.clear();
    return [...uris];
  }

  file(uri: string): SourceFile | undefined {
    return this.entries.get(uri)?.open?.file;
  }

  documentAt(uri: string, fileOffset: number): { document: SourceDocument; offset: number } | undefined {
    const documents = this.file(uri)?.documents;
    if (!documents || documents.length === 0) return undefined;
    let low = 0;
    let high = documents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (documents[middle]!.ref.start <= fileOffset) low = middle;
      else high = middle - 1;
    }
    const document = documents[low]!;
    const offset = fileOffset - document.ref.start;
    return offset < 0 ? undefined : { document, offset };
  }

  factsOf(doc: DocumentRef): readonly Fact[] {
    return this.wiring.facts(doc.uri).filter((fact) => fact.doc.index === doc.index);
  }

  verdict(chain: Chain): Verdict | undefined {
    if (this.verdicts.has(chain)) return this.verdicts.get(chain);
    let verdict: Verdict | undefined;
    try {
      verdict = chainVerdict(chain);
    } catch (error) {
      this.logOnce('verdict', error);
    }
    this.verdicts.set(chain, verdict);
    return verdict;
  }

  check(uri: string): readonly Finding[] {
    this.settle();
    const known = this.found.get(uri);
    if (known) return known;
    const findings = this.entries.has(uri) ? this.engine.check(uri) : [];
    this.found.set(uri, findings);
    return findings;
  }

  position(doc: DocumentRef, offset: number): Position | undefined {
    const lines = this.entries.get(doc.uri)?.lines ?? this.index.aws?.linesOf(doc.uri);
    if (!lines) return undefined;
    const at = Math.max(0, doc.start + offset);
    const line = lineAt(lines, at);
    return { line, character: at - lines[line]! };
  }

  /** Every file that may have findings: those with facts, and those that only silence rules. */
  checkable(): Iterable<string> {
    this.settle();
    return this.entries.keys();
  }

  skipped(): { uri: string; reason: string }[] {
    this.settle();
    return [...this.reasons].map(([uri, reason]) => ({ uri, reason })).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
  }

  private put(uri: string, text: string, file: SourceFile, languageId: string | undefined): void {
    this.deferred.remove(uri);
    if (this.groups.put(file)) {
      this.hold(uri, { facts: [], suppressions: [], lines: new LineIndex(text).starts, open: { file, languageId } });
      return;
    }
    this.store(uri, { ...this.read(file.documents), lines: new LineIndex(text).starts, open: { file, languageId } });
    this.noteSkipped(uri, file.skipped ?? readInPart(file));
  }

  /** Keeps a file of a group whose facts are read when somebody asks. What it said before stands until then. */
  private hold(uri: string, entry: Entry): void {
    this.dirty.add(uri);
    this.entries.set(uri, entry);
    this.forget();
  }

  /** Reads the groups in which a file changed, and what is wanted again. */
  private settle(): void {
    this.settleGroups();
    if (!this.readsInSlices) this.readAllWanted();
  }

  private readAllWanted(): void {
    const steps = this.readWanted();
    while (!steps.next().done);
  }

  private settleGroups(): void {
    if (!this.groups.waiting) return;
    for (const { files, facts } of this.groups.readChanged((reader, error) => this.logOnce(`reader ${reader}`, error))) {
      for (const file of files) this.settleFile(file, facts.get(file.uri) ?? []);
      // Trees are kept only while the editor may ask for them.
      if (!files.some((file) => this.entries.get(file.uri)?.open)) for (const file of files) for (const document of file.documents) document.forget?.();
    }
    if (this.askedForHcl || !this.groups.waitsForHcl) return;
    this.askedForHcl = true;
    this.wantsHcl();
  }

  private settleFile(file: SourceFile, facts: readonly Fact[]): void {
    const before = this.entries.get(file.uri);
    const lines = before?.lines ?? new LineIndex(file.documents.map((document) => document.text).join('')).starts;
    const suppressions = file.documents.flatMap((document) => readSuppressions(document));
    const read: Entry = { facts, suppressions, lines, ...(before?.open ? { open: before.open } : {}) };
    const entry = read.open ? read : closed(read);
    this.noteSkipped(file.uri, readInPart(file));
    if (!entry.open && facts.length === 0 && suppressions.length === 0) {
      this.drop(file.uri);
    } else if (JSON.stringify(this.index.facts(file.uri)) !== JSON.stringify(facts) || JSON.stringify(before?.suppressions) !== JSON.stringify(suppressions)) {
      this.store(file.uri, entry);
    } else {
      // The same facts, but of the documents as they are now.
      this.index.setFile(file.uri, entry.facts);
      this.entries.set(file.uri, entry);
    }
  }

  private store(uri: string, entry: Entry): void {
    this.leave(uri);
    this.entries.set(uri, entry);
    this.index.setFile(uri, entry.facts);
    this.noteAsked(entry.facts);
    this.changed.add(uri);
    this.forget();
  }

  private drop(uri: string): void {
    if (!this.entries.has(uri)) return;
    this.leave(uri);
    this.entries.delete(uri);
    this.index.removeFile(uri);
    this.forget();
  }

  /** Before a change: who depends on what the file says now. Files new to the workspace have nobody yet. */
  private leave(uri: string): void {
    this.dirty.add(uri);
    if (this.allDirty || !this.entries.has(uri)) return;
    const dependents = dependentsOf(this.index, this.index.facts(uri));
    if (dependents === 'all') this.allDirty = true;
    else for (const each of dependents) this.dirty.add(each);
  }

  private noteSkipped(uri: string, reason: string | undefined): void {
    if (reason === undefined) this.reasons.delete(uri);
    else this.reasons.set(uri, reason);
  }

  private forget(): void {
    this.verdicts = new Map();
    this.found = new Map();
    this.engine.forget();
  }

  private noteAsked(facts: readonly Fact[]): void {
    for (const fact of facts) {
      const name = accountAsked(fact);
      if (name !== undefined) this.deferred.ask(name);
    }
  }

  private read(documents: readonly SourceDocument[]): DocumentReading {
    const readings = documents.map((document) => this.reading(document));
    return { facts: readings.flatMap((reading) => reading.facts), suppressions: readings.flatMap((reading) => reading.suppressions) };
  }

  private reading(document: SourceDocument): DocumentReading {
    const known = this.readings.get(document);
    if (known) return known;
    const facts = readFacts(document, (reader, error) => this.logOnce(`reader ${reader}`, error));
    const reading = { facts, suppressions: readSuppressions(document) };
    this.readings.set(document, reading);
    return reading;
  }

  private logOnce(what: string, error: unknown): void {
    if (this.logged.has(what)) return;
    this.logged.add(what);
    this.log(`The ${what} failed and is passed over where it fails: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** What is kept of a closed file: nothing that holds on to its text. */
function closed(entry: Entry): Entry {
  return { ...detach({ facts: entry.facts, suppressions: entry.suppressions }), lines: entry.lines };
}
