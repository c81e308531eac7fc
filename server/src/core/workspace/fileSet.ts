import { defaultSettings, type Settings } from '../config/settings';
import { AccountDemand } from './demand/accountDemand';
import { DeferredDocuments } from './demand/deferredDocuments';
import { PendingFiles } from './demand/pendingFiles';
import { DocumentReader } from './files/documentReader';
import { closed, documentAt, factsOf, positionIn, readInPart, type Entry } from './files/entry';
import { filledWith } from './files/filled';
import type { WorkspaceView } from '../features/workspaceView';
import { fixAll, type Fixed, type FixedFiles } from '../fixes/fixAll';
import { FixJudge, policiesByPlace } from '../fixes/judge';
import { FileSources, type TextOfFile } from '../fixes/sources';
import type { Fact, ServiceAccountFact } from '../model/facts';
import { formatSubject } from '../model/subject';
import type { Catalogue } from '../permissions/catalogue';
import { Findings } from './findings/findings';
import { OpenFile } from './files/openFile';
import type { StoredFile } from './files/storedFile';
import { Engine } from '../rules/engine';
import { allRules } from '../rules/registry';
import type { Finding, Fix, Rule } from '../rules/rule';
import { changeSourceFile, editSourceFile } from '../documents/changeSourceFile';
import { readSourceFile } from '../documents/readSourceFile';
import type { ReaderInput } from '../readers/reader';
import type { DocumentRef, SourceDocument, SourceFile } from '../syntax/sourceFile';
import { lineStarts, type Position } from '../text/lineIndex';
import type { Span } from '../text/span';
import { errorLines } from '../text/errorLines';
import { accessOf, policiesOf, type Access } from '../trust/access';
import { chainVerdict } from '../trust/chainVerdict';
import type { Verdict } from '../trust/verdict';
import type { AwsIndex } from '../wiring/aws';
import type { Chain } from '../wiring/chain';
import { accountKey } from '../wiring/accountIndex';
import { FactIndex } from '../wiring/factIndex';
import { Lookups } from '../wiring/lookups';

/** What a set of files is made with. */
export interface FileSetOptions {
  readonly settings?: Settings;
  /** Told, once for each cause, of what failed inside. */
  readonly log?: (message: string) => void;
  /** Called once, when Terraform files that matter wait for the parser of HCL. When `setHclParser` was called they are read at the next question. */
  readonly wantsHcl?: () => void;
  /** Gives AWS's actions with their access levels; undefined where they are not at hand. Called when first needed. */
  readonly catalogue?: () => Catalogue | undefined;
  /**
   * Gives a closed file's text again. With it, documents of closed files that matter only for accounts which nobody asks
   * about are not parsed until somebody does; without it every document that may matter is.
   */
  readonly reread?: (uri: string) => string | undefined;
  /** Gives a closed file's text, for its fixes; without it they are offered in open files alone. */
  readonly textOf?: (uri: string) => TextOfFile | undefined;
  /** The rules to run; by default all. */
  readonly rules?: readonly Rule[];
  /** False where each file is checked once, as on the command line: then nothing is recorded of what findings depend on. */
  readonly records?: boolean;
}

/** So many characters of documents are read in one step of {@link FileSet.loading}. */
const stepLength = 20_000;

/** Files that are read, joined and checked together: all manifests of a workspace, or the examples of one file of documentation. */
export class FileSet implements WorkspaceView {
  private readonly lookups: Lookups;
  private readonly index: FactIndex;
  private readonly engine: Engine;
  private readonly findings: Findings;
  /** AWS's actions, where they are at hand. */
  readonly catalogue: () => Catalogue | undefined;
  private readonly log: (message: string) => void;
  private readonly logged = new Set<string>();
  private readonly entries = new Map<string, Entry>();
  private readonly reasons = new Map<string, string>();
  private readonly reader = new DocumentReader((what, error) => this.logOnce(what, error));
  private readonly reread: ((uri: string) => string | undefined) | undefined;
  private readonly deferred = new DeferredDocuments();
  private readonly demand: AccountDemand;
  private readonly pending: PendingFiles;
  private readonly sources: FileSources;
  private readonly judge: FixJudge;
  private filesChanged = 0;
  /** Files in which a group says something, as they are by themselves. */
  private readonly filled = new Map<string, Entry>();
  /** Open files that are gone from the disk: closing them forgets them. */
  private readonly gone = new Set<string>();
  /** A verdict depends on its chain alone, which is another when something changes that was looked up for it. */
  private readonly verdicts = new WeakMap<Chain, { readonly verdict: Verdict | undefined }>();
  private readonly accesses = new WeakMap<Chain, Access>();

  constructor(options: FileSetOptions = {}) {
    const settings = options.settings ?? defaultSettings;
    this.log = options.log ?? (() => undefined);
    this.catalogue = options.catalogue ?? (() => undefined);
    const wantsHcl = options.wantsHcl ?? (() => undefined);
    this.pending = new PendingFiles(
      {
        entry: (uri) => this.entries.get(uri),
        facts: (uri) => this.index.facts(uri),
        store: (uri, entry) => this.store(uri, entry),
        drop: (uri) => this.drop(uri),
        noteSkipped: (uri, reason) => this.noteSkipped(uri, reason),
        failed: (what, error) => this.logOnce(what, error),
        documents: (uri) => this.documentsOf(uri),
        fill: (uri, facts) => this.fill(uri, facts),
      },
      this.reader,
      wantsHcl,
    );
    this.reread = options.reread;
    const lookups = (this.lookups = new Lookups(options.records));
    this.index = new FactIndex(settings, lookups);
    this.demand = new AccountDemand(this.deferred, this.index);
    this.engine = new Engine(
      options.rules ?? allRules,
      {
        wiring: this.index,
        noteDocument: (doc) => this.index.noteDocument(doc),
        noteFix: (fix) => this.noteFix(fix),
        workloadsOf: (account) => {
          const name = accountKey(account);
          if (name !== undefined) this.readWorkloadsOf(name);
          return this.index.workloadsOf(account);
        },
        verdict: (chain) => this.verdict(chain),
        position: (doc, offset) => this.position(doc, offset),
        suppressions: (uri) => this.entries.get(uri)?.suppressions ?? [],
      },
      settings,
      (message) => this.log(message),
      lookups,
      (doc) => this.findings.invalidate(doc),
    );
    this.sources = new FileSources((uri) => this.pending.groupOf(uri)?.files.get(uri) ?? this.entries.get(uri)?.open?.file, options.textOf);
    this.judge = new FixJudge({
      source: (uri) => this.sources.of(uri),
      groupOf: (uri) => this.pending.groupOf(uri),
      subjectsOf: (doc, number) => this.subjectsOf(doc, number),
    });
    this.findings = new Findings(this.engine, this.judge, lookups.records);
  }

  /** The settings as they are now. */
  get settings(): Settings {
    return this.index.settings;
  }

  /** The facts of all files, joined. */
  get wiring(): FactIndex {
    this.readPending();
    return this.index;
  }

  /** True where Terraform files that matter wait for the parser of HCL (syntax/hcl/parser.ts). */
  get waitsForHcl(): boolean {
    return this.pending.waitForHcl;
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
    if (before.isSilent !== entry.isSilent) this.filesChanged++;
    const came = file.documents.slice(change.head, change.head + change.came.length);
    this.findings.change(
      uri,
      came.map(({ ref }) => ref),
    );
    this.entries.set(uri, entry);
    this.pending.fileChanged(uri);
    this.index.changeFile(uri, factsOf(change.gone), factsOf(change.came), entry.isSilent ? undefined : () => entry.facts);
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
    this.sources.forget(uri);
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

  /** True where no file is here. */
  get isEmpty(): boolean {
    return this.entries.size === 0 && !this.reader.waits;
  }

  /** Notes that a file is not read, and why, in plain words. */
  skip(uri: string, reason: string): void {
    if (this.entries.get(uri)?.open) return;
    this.deferred.remove(uri);
    this.pending.remove(uri);
    this.drop(uri);
    this.noteSkipped(uri, reason);
  }

  /** Another number whenever a file begins or ceases to have facts, or to be left out. */
  get filesVersion(): number {
    this.readPending();
    return this.filesChanged;
  }

  readWorkloadsOf(account: string): void {
    this.deferred.ask(account);
    this.readWanted();
  }

  /** Every file that concerns pod roles: those with facts, and those that need not be read to know that they use an account with a role. */
  concerned(): Iterable<string> {
    const files = this.wiring.files();
    return new Set([...files, ...this.deferred.usersOfRoles()]);
  }

  /** Reads every account, and all that uses one with a role: for who asks not for findings alone. */
  readAccounts(): void {
    for (const name of [...this.deferred.definedNames()]) this.deferred.askDefinition(name);
    this.deferred.askUsers(() => true);
    this.readWanted();
  }

  /** Takes new settings: every finding may change. */
  configure(settings: Settings): void {
    this.index.configure(settings);
    this.engine.configure(settings);
    this.findings.resetAll();
  }

  /** Takes what AWS, or a snapshot of it, knows now: every finding may change. Undefined: AWS is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    // It may give a role to an account for which no file asks.
    if (aws) this.readAccounts();
    // Files that are read later may define accounts that its associations name.
    for (const { serviceAccount } of aws?.associations() ?? []) this.deferred.askWithRole(serviceAccount);
    this.index.setAws(aws);
    this.findings.resetAll();
  }

  /** The files whose findings may have changed since it was last asked; more than needed, never less. */
  takeDirty(): string[] {
    this.readPending();
    return [...this.findings.takeDirty(() => this.entries.keys())];
  }

  file(uri: string): SourceFile | undefined {
    return this.entries.get(uri)?.open?.file;
  }

  documentAt(uri: string, fileOffset: number): { document: SourceDocument; offset: number } | undefined {
    return documentAt(this.file(uri)?.documents ?? [], fileOffset);
  }

  factsOf(doc: DocumentRef): readonly Fact[] {
    const entry = this.entries.get(doc.uri);
    const aside = entry instanceof OpenFile ? entry.readings[doc.index]?.aside : undefined;
    if (aside) return aside;
    return this.wiring.facts(doc.uri).filter((fact) => fact.doc.index === doc.index);
  }

  verdict(chain: Chain): Verdict | undefined {
    const known = this.verdicts.get(chain);
    if (known) return known.verdict;
    let verdict: Verdict | undefined;
    try {
      verdict = chainVerdict(chain);
    } catch (error) {
      this.logOnce('verdict', error);
    }
    this.verdicts.set(chain, { verdict });
    return verdict;
  }

  access(chain: Chain): Access {
    let access = this.accesses.get(chain);
    if (!access) this.accesses.set(chain, (access = accessOf(chain, this.index.aws, this.verdict(chain))));
    return access;
  }

  causes(access: Access, chain: Chain | undefined, account: ServiceAccountFact | undefined = chain?.account): readonly string[] {
    this.readPending();
    const policies = policiesOf(access.grant ?? chain ?? { ties: [] })
      .filter(({ kind }) => kind !== 'aws')
      .map(({ policy }) => policy);
    return this.engine.causesOf({ chain, account, association: access.grant?.association, policies });
  }

  check(uri: string): readonly Finding[] {
    this.readPending();
    const entry = this.entries.get(uri);
    return entry ? this.findings.of(uri, entry) : [];
  }

  /**
   * What the fixes that may run unattended make of files: see fixes/fixAll.ts. The workspace holds the new texts then.
   * @param text a file's text as it is now; undefined for what is not to be changed
   * @param put takes a file's new text, and hands it to this workspace
   * @param check the findings of a file; by default those of this set
   */
  fixAll(
    uris: Iterable<string>,
    text: (uri: string) => string | undefined,
    put: (uri: string, text: string) => void,
    check = (uri: string) => this.check(uri),
  ): FixedFiles {
    return fixAll(uris, { check, text, put }, this.judge);
  }

  /** The same for one open file, which is afterwards as it was; undefined where nothing is to be fixed. */
  fixesOf(uri: string): Fixed | undefined {
    const documents = this.file(uri)?.documents;
    // Where no fix is safe there is no need for a try.
    if (!documents || !this.check(uri).some(({ fixes }) => fixes.some(({ safe }) => safe))) return undefined;
    const before = documents.map((document) => document.text).join('');
    let now = before;
    try {
      return this.fixAll(
        [uri],
        (each) => (each === uri ? now : undefined),
        (_, text) => this.change(uri, (now = text)),
      ).get(uri);
    } finally {
      if (now !== before) this.change(uri, before);
    }
  }

  /** The subjects of the accounts that use the role of a document's policy; undefined where one of them is not known. */
  private subjectsOf(doc: DocumentRef, number: number): string[] | undefined {
    const policies = policiesByPlace(this.wiring.facts(doc.uri).filter((fact) => fact.doc.index === doc.index))[number] ?? [];
    const chains = policies.flatMap((policy) => this.wiring.chainsOf(policy));
    const subjects = chains.map(({ namespace, name }) =>
      namespace === undefined || name === undefined ? undefined : formatSubject(namespace, name),
    );
    return subjects.every((subject) => subject !== undefined) ? subjects : undefined;
  }

  /** Notes what a fix is judged by beyond what its rule looked at: who uses the policies that it changes, and what is read together with them. */
  private noteFix({ edits }: Fix): void {
    if (!this.lookups.records) return;
    for (const doc of new Set(edits.map((edit) => edit.doc))) {
      for (const fact of this.index.factsIn(doc)) if (fact.kind === 'trustPolicy') this.index.chainsOf(fact);
      for (const uri of this.pending.groupOf(doc.uri)?.files.keys() ?? []) this.index.facts(uri);
    }
  }

  position(doc: DocumentRef, offset: number): Position | undefined {
    const entry = this.entries.get(doc.uri);
    if (entry?.position) return entry.position(doc, offset);
    const lines = entry?.lines ?? this.index.aws?.linesOf(doc.uri);
    return lines && positionIn(lines, doc.start + offset);
  }

  /** Every file that may have findings: those with facts, and those that only silence rules. */
  checkable(): Iterable<string> {
    this.readPending();
    return [...this.entries.keys()];
  }

  skipped(): { uri: string; reason: string }[] {
    this.readPending();
    const reasons = new Map(this.reasons);
    for (const { uri, reason } of this.index.crowds()) if (!reasons.has(uri)) reasons.set(uri, reason);
    return [...reasons].map(([uri, reason]) => ({ uri, reason })).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
  }

  private put(uri: string, text: string, file: SourceFile, languageId: string | undefined): void {
    this.sources.forget(uri);
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
    this.findings.reset(uri);
    this.entries.set(uri, entry);
  }

  /** Reads what was left until somebody asks. */
  private readPending(): void {
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

  /** The documents of a file that the workspace holds, for a group that reads its text. */
  private documentsOf(uri: string): readonly ReaderInput[] | undefined {
    if (!this.entries.has(uri)) return undefined;
    return this.sources.of(uri)?.documents.map((document) => ({ doc: document.ref, text: document.text, tree: document.tree() }));
  }

  /** Takes what a group says in a file that is of none, document by document: it knows what the file's variables are. */
  private fill(uri: string, facts: readonly Fact[]): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    const own = this.unfilled(uri, entry);
    if (facts.length === 0) this.filled.delete(uri);
    else this.filled.set(uri, own);
    const now = facts.length === 0 ? own : filledWith(own, facts);
    this.findings.reset(uri);
    this.entries.set(uri, now);
    this.index.setFile(uri, now.facts);
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

  private store(uri: string, entry: Entry): void {
    this.filled.delete(uri);
    this.pending.fileChanged(uri);
    const before = this.index.facts(uri);
    if (before.length > 0 !== entry.facts.length > 0) this.filesChanged++;
    this.findings.reset(uri);
    this.entries.set(uri, entry);
    this.index.setFile(uri, entry.facts);
    if (this.reread) this.demand.note(entry.facts);
  }

  private drop(uri: string): void {
    if (!this.entries.has(uri)) return;
    this.filled.delete(uri);
    this.pending.fileChanged(uri);
    this.filesChanged++;
    this.findings.reset(uri);
    this.entries.delete(uri);
    this.index.removeFile(uri);
  }

  /** Why a file is not read, or only in part, in plain words. */
  reasonOf(uri: string): string | undefined {
    return this.reasons.get(uri);
  }

  /** Notes why a file is not read, or only in part; undefined where it is read whole. */
  noteSkipped(uri: string, reason: string | undefined): void {
    if (this.reasons.get(uri) !== reason) this.filesChanged++;
    if (reason === undefined) this.reasons.delete(uri);
    else this.reasons.set(uri, reason);
  }

  private logOnce(what: string, error: unknown): void {
    if (this.logged.has(what)) return;
    this.logged.add(what);
    this.log(`The ${what} failed and is passed over where it fails: ${errorLines(error).join('\n')}`);
  }
}
