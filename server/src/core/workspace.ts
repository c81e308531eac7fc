import { Asked } from './asked';
import { defaultSettings, type Settings } from './config/settings';
import { Deferred } from './deferred';
import { Documentation, findingInDocumentation, rulesForDocumentation } from './documentation';
import { DocumentReader } from './documentReader';
import { closed, documentAt, factsOf, positionIn, readInPart, type Entry } from './entry';
import type { WorkspaceView } from './features/workspaceView';
import type { Fact, ServiceAccountFact } from './model/facts';
import { formatSubject } from './model/subject';
import type { Catalogue } from './permissions/catalogue';
import { Findings } from './findings';
import { FileSources, type TextOfFile } from './fixes/sources';
import { fixAll, type Fixed } from './fixes/fixAll';
import { FixJudge } from './fixes/judge';
import type { KeptFile } from './keptFile';
import { LateFiles } from './lateFiles';
import { documentsOf, OpenEntry } from './openEntry';
import { Engine } from './rules/engine';
import { allRules } from './rules/registry';
import type { Finding, Rule } from './rules/rule';
import { changeSourceFile, editSourceFile } from './syntax/changeSourceFile';
import { documentationKind } from './syntax/documentation/kinds';
import { readSourceFile } from './syntax/readSourceFile';
import type { DocumentRef, SourceDocument, SourceFile } from './syntax/sourceFile';
import { lineStarts, type Position } from './text/lineIndex';
import type { Span } from './text/span';
import { accessOf, policiesOf, type Access } from './trust/access';
import { chainVerdict } from './trust/chainVerdict';
import type { Verdict } from './trust/verdict';
import type { AwsIndex } from './wiring/aws';
import type { Chain } from './wiring/chain';
import { accountKey } from './wiring/accountIndex';
import { FactIndex } from './wiring/factIndex';
import { errorLines } from './text/errorLines';

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
  /** Gives a closed file's text, for its fixes; without it they are offered in open files alone. */
  readonly textOf?: (uri: string) => TextOfFile | undefined;
  /** The rules to run; by default all. */
  readonly rules?: readonly Rule[];
}

/** What the workspace of a file of documentation has beyond. */
interface InnerOptions extends WorkspaceOptions {
  readonly isDocumentation?: true;
}

/** So many characters of documents are read in one step of {@link Workspace.loading}. */
const stepLength = 20_000;

/** All files of a workspace, read and joined: the one engine under editor and command line. Never throws for any text. */
export class Workspace implements WorkspaceView {
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
  private readonly deferred = new Deferred();
  private readonly asked: Asked;
  private readonly late: LateFiles;
  private readonly sources: FileSources;
  private readonly judge: FixJudge;
  private filesChanged = 0;
  /** Open files that are gone from the disk: closing them forgets them. */
  private readonly gone = new Set<string>();
  /** A chain is made anew when anything changes that bears on it. */
  private readonly verdicts = new WeakMap<Chain, { readonly verdict: Verdict | undefined }>();
  private readonly accesses = new WeakMap<Chain, Access>();
  /** Files of documentation, apart from all others; absent in the workspace of such a file itself. */
  private readonly documentation: Documentation | undefined;

  constructor(options: InnerOptions = {}) {
    const settings = options.settings ?? defaultSettings;
    this.log = options.log ?? (() => undefined);
    this.catalogue = options.catalogue ?? (() => undefined);
    const wantsHcl = options.wantsHcl ?? (() => undefined);
    this.late = new LateFiles({
      entry: (uri) => this.entries.get(uri),
      facts: (uri) => this.index.facts(uri),
      store: (uri, entry) => this.store(uri, entry),
      renew: (uri, entry) => {
        this.index.setFile(uri, entry.facts);
        this.entries.set(uri, entry);
      },
      drop: (uri) => this.drop(uri),
      noteSkipped: (uri, reason) => this.noteSkipped(uri, reason),
      failed: (what, error) => this.logOnce(what, error),
    }, this.reader, wantsHcl);
    this.reread = options.reread;
    this.index = new FactIndex(settings);
    this.asked = new Asked(this.deferred, this.index);
    if (!options.isDocumentation) {
      const inner: InnerOptions = { log: this.log, catalogue: this.catalogue, wantsHcl, ...(options.textOf ? { textOf: options.textOf } : {}), rules: rulesForDocumentation(options.rules ?? allRules), isDocumentation: true };
      this.documentation = new Documentation(() => new Workspace(inner));
      this.documentation.configure(settings);
    }
    this.engine = new Engine(options.rules ?? allRules, {
      wiring: this.index,
      workloadsOf: (account) => {
        const name = accountKey(account);
        if (name !== undefined) this.readWorkloadsOf(name);
        return this.index.workloadsOf(account);
      },
      verdict: (chain) => this.verdict(chain),
      position: (doc, offset) => this.position(doc, offset),
      suppressions: (uri) => this.entries.get(uri)?.suppressions ?? [],
    }, settings, (message) => this.log(message));
    this.sources = new FileSources((uri) => this.late.groupOf(uri)?.files.get(uri) ?? this.entries.get(uri)?.open?.file, options.textOf);
    this.judge = new FixJudge({
      source: (uri) => this.sources.of(uri),
      groupOf: (uri) => this.late.groupOf(uri),
      subjectsOf: (doc, number) => this.subjectsOf(doc, number),
    });
    this.findings = new Findings(this.index, this.engine, (uri) => this.entries.has(uri), this.judge);
  }

  /** The facts of all files, joined. */
  get wiring(): FactIndex {
    this.settle();
    return this.index;
  }

  /** True where Terraform files that matter wait for the parser of HCL (syntax/hcl/parser.ts). */
  get waitsForHcl(): boolean {
    return this.late.waitForHcl || [...this.documentation?.all ?? []].some((own) => own.waitsForHcl);
  }

  /**
   * What answers for a file: for documentation a workspace of its own, so that its examples are joined with one another
   * alone; else this one.
   */
  viewOf(uri: string): WorkspaceView {
    return this.documentation?.of(uri) ?? this;
  }

  /** The documentation that holds something for us. */
  *documents(): Generator<string> {
    for (const uri of this.documentation?.uris ?? []) if (this.documentation!.of(uri)!.wiring.facts(uri).length > 0) yield uri;
  }

  /** Takes the text of a file that an editor has open. From now on the disk does not count for it. */
  open(uri: string, text: string, languageId?: string): void {
    if (this.documentation && documentationKind(uri, languageId)) {
      const own = this.documentation.at(uri);
      own.open(uri, text, languageId);
      return this.noteSkipped(uri, own.reasons.get(uri));
    }
    this.put(uri, text, readSourceFile(uri, text, languageId), languageId);
  }

  /** Takes a new text of an open file; documents that did not change keep their facts and findings. */
  change(uri: string, text: string): void {
    const own = this.documentation?.of(uri);
    if (own) return own.change(uri, text);
    const before = this.entries.get(uri);
    if (!before?.open) return this.open(uri, text);
    const { file: old, languageId } = before.open;
    const file = changeSourceFile(old, text, languageId);
    // What cannot be read is in no group of files: once it can be again, its group takes it back.
    const isSameKind = old.skipped === undefined && file.skipped === undefined && old.syntax === file.syntax && old.documents.length > 0;
    if (before instanceof OpenEntry && isSameKind && !this.late.has(uri)) this.replace(uri, before, file);
    else this.put(uri, text, file, languageId);
  }

  /** Takes one change of an open file: a text in the place of a stretch. `whole` gives the text after it, where it is needed. */
  edit(uri: string, changed: Span, text: string, whole: () => string): void {
    const own = this.documentation?.of(uri);
    if (own) return own.change(uri, whole());
    const before = this.entries.get(uri);
    const file = before instanceof OpenEntry && !this.late.has(uri) ? editSourceFile(before.open.file, changed, text, before.open.languageId) : undefined;
    if (file) this.replace(uri, before as OpenEntry, file);
    else this.change(uri, whole());
  }

  /** An open file after a change: only what its new documents say is read and joined. */
  private replace(uri: string, before: OpenEntry, file: SourceFile): void {
    const change = before.changeTo(file, (document) => this.reader.read(document));
    const entry = before.after(file, change);
    const [gone, came] = [new Set(change.gone), new Set(change.came)];
    this.reader.note(file);
    // What stays in another order is a change too, to those who ask for the first.
    if (before.isSilent !== entry.isSilent) this.filesChanged++;
    this.findings.leave(uri, factsOf(gone));
    this.entries.set(uri, entry);
    this.index.changeFile(uri, factsOf(gone, came), factsOf(came, gone), entry.isSilent ? undefined : () => entry.facts);
    for (let i = 0; i < change.came.length; i++) this.findings.invalidate(file.documents[change.head + i]!.ref);
    this.arrive(uri, factsOf(came));
    this.noteSkipped(uri, entry.notRead);
  }

  /** The editor closed a file: trees and text are let go, its facts stay until the disk is read again or the file is gone. */
  close(uri: string): void {
    const own = this.documentation?.of(uri);
    if (own) {
      own.close(uri);
      this.letGo(uri, own);
      return;
    }
    this.settle();
    const entry = this.entries.get(uri);
    if (!entry?.open) return;
    if (this.gone.delete(uri)) this.remove(uri, true);
    else this.store(uri, closed(entry));
  }

  /** Takes a file from the disk: facts and line starts are kept, text and trees are not. An open file is left alone. */
  load(uri: string, text: string, languageId?: string): void {
    const steps = this.loading(uri, text, languageId);
    while (!steps.next().done);
  }

  /** The same in steps, a document or a few small ones each, for who must not keep others waiting. */
  *loading(uri: string, text: string, languageId?: string): Generator<void> {
    this.sources.forget(uri);
    if (this.documentation && documentationKind(uri, languageId)) {
      const own = this.documentation.at(uri);
      own.load(uri, text, languageId);
      this.letGo(uri, own);
      return;
    }
    this.gone.delete(uri);
    if (this.entries.get(uri)?.open) return;
    const file = readSourceFile(uri, text, languageId);
    if (this.late.put(file)) {
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
    if (deferrable.length > 0) for (const document of documents) if (!document.accounts) this.asked.note(this.reader.read(document).facts);
    const later = deferrable.filter(({ accounts }) => !this.deferred.isAsked(accounts!));
    this.deferred.put(file.uri, later.map(({ accounts }) => accounts!));
    return later.length === 0 ? documents : documents.filter((document) => !later.includes(document));
  }

  /** What {@link load} kept of a closed file, to be stored; undefined where a text is needed all the same: open, one of a group, documentation. */
  kept(uri: string): KeptFile | undefined {
    const entry = this.entries.get(uri);
    if (entry?.open || this.late.has(uri) || documentationKind(uri) || this.reread) return undefined;
    const reason = this.reasons.get(uri);
    return { facts: entry?.facts ?? [], suppressions: entry?.suppressions ?? [], lines: entry?.lines ?? [], ...(reason === undefined ? {} : { reason }) };
  }

  /** Takes what was kept of a file in place of its text, as {@link load} would have read it. */
  restore(uri: string, kept: KeptFile): void {
    this.gone.delete(uri);
    if (this.entries.get(uri)?.open) return;
    if (kept.facts.length === 0 && kept.suppressions.length === 0) this.drop(uri);
    else this.store(uri, { facts: kept.facts, suppressions: kept.suppressions, lines: kept.lines });
    this.noteSkipped(uri, kept.reason);
  }

  /** Forgets a file. An open one stays until it is closed, since its text is the user's. */
  remove(uri: string, force = false): void {
    const own = this.documentation?.of(uri);
    if (own) {
      own.remove(uri, force);
      this.letGo(uri, own);
      return;
    }
    if (this.entries.get(uri)?.open && !force) {
      this.gone.add(uri);
      return;
    }
    this.deferred.remove(uri);
    this.noteSkipped(uri, undefined);
    this.late.remove(uri);
    this.drop(uri);
  }

  /** Forgets a file of documentation in which nothing is left. */
  private letGo(uri: string, own: Workspace): void {
    this.noteSkipped(uri, own.reasons.get(uri));
    if (!own.isEmpty) return;
    if (own.takeDirty().length > 0) this.findings.touch(uri);
    this.documentation?.remove(uri);
  }

  /** True where no file is here. */
  get isEmpty(): boolean {
    return this.entries.size === 0 && !this.reader.waits;
  }

  /** Notes that a file is not read, and why, in plain words. */
  skip(uri: string, reason: string): void {
    if (this.entries.get(uri)?.open) return;
    this.deferred.remove(uri);
    this.late.remove(uri);
    this.drop(uri);
    this.noteSkipped(uri, reason);
  }

  /** Another number whenever a file begins or ceases to have facts, or to be left out. */
  get filesVersion(): number {
    this.settle();
    let version = this.filesChanged;
    for (const own of this.documentation?.all ?? []) version += own.filesVersion;
    return version;
  }

  readWorkloadsOf(account: string): void {
    this.deferred.ask(account);
    this.readWanted();
  }

  /** Every file that concerns pod roles: those with facts, and those that need not be read to know that they use an account with a role. */
  concerned(): Iterable<string> {
    const files = this.wiring.files();
    return new Set([...files, ...this.deferred.usersOfRoles(), ...this.documents()]);
  }

  /** Reads every account, and all that uses one with a role: for who asks not for findings alone. */
  readAccounts(): void {
    for (const name of [...this.deferred.definedNames()]) this.deferred.askDefinition(name);
    this.deferred.askUsers(() => true);
    this.readWanted();
  }

  /** Takes new settings: every finding may change. */
  configure(settings: Settings): void {
    this.documentation?.configure(settings);
    this.index.configure(settings);
    this.engine.configure(settings);
    this.findings.forgetAll();
  }

  /** Takes what AWS, or a snapshot of it, knows now: every finding may change. Undefined: AWS is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    // It may give a role to an account for which no file asks.
    if (aws) this.readAccounts();
    // Files that are read later may define accounts that its associations name.
    for (const { serviceAccount } of aws?.associations() ?? []) this.deferred.askWithRole(serviceAccount);
    this.index.setAws(aws);
    this.findings.forgetAll();
  }

  /** The files whose findings may have changed since it was last asked; more than needed, never less. */
  takeDirty(): string[] {
    this.settle();
    const uris = this.findings.takeDirty(() => this.entries.keys());
    for (const own of this.documentation?.all ?? []) for (const uri of own.takeDirty()) uris.add(uri);
    return [...uris];
  }

  file(uri: string): SourceFile | undefined {
    const own = this.documentation?.of(uri);
    if (own) return own.file(uri);
    return this.entries.get(uri)?.open?.file;
  }

  documentAt(uri: string, fileOffset: number): { document: SourceDocument; offset: number } | undefined {
    return documentAt(this.file(uri)?.documents ?? [], fileOffset);
  }

  factsOf(doc: DocumentRef): readonly Fact[] {
    const own = this.documentation?.of(doc.uri);
    if (own) return own.factsOf(doc);
    const entry = this.entries.get(doc.uri);
    const aside = entry instanceof OpenEntry ? entry.readings[doc.index]?.aside : undefined;
    if (aside) return aside;
    return this.wiring.facts(doc.uri).filter((fact) => fact.doc.index === doc.index);
  }

  verdict(chain: Chain): Verdict | undefined {
    const own = this.documentation?.of(chain.account.doc.uri);
    if (own) return own.verdict(chain);
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
    const own = this.documentation?.of(chain.account.doc.uri);
    if (own) return own.access(chain);
    let access = this.accesses.get(chain);
    if (!access) this.accesses.set(chain, (access = accessOf(chain, this.index.aws, this.verdict(chain))));
    return access;
  }

  causes(access: Access, chain: Chain | undefined, account: ServiceAccountFact | undefined = chain?.account): readonly string[] {
    const at = account?.doc.uri ?? access.grant?.association?.doc.uri;
    const own = at === undefined ? undefined : this.documentation?.of(at);
    if (own) return own.causes(access, chain, account);
    this.settle();
    return this.engine.causesOf({ chain, account, association: access.grant?.association, policies: policiesOf(access.grant ?? chain ?? { ties: [] }).filter(({ kind }) => kind !== 'aws').map(({ policy }) => policy) });
  }

  check(uri: string): readonly Finding[] {
    const own = this.documentation?.of(uri);
    if (own) return this.index.settings.documents === false ? [] : own.check(uri).flatMap(findingInDocumentation);
    this.settle();
    return this.findings.of(uri, () => {
      const entry = this.entries.get(uri);
      return entry ? this.engine.check(uri, entry instanceof OpenEntry ? this.findings.documentsWithFindings(uri, entry) : documentsOf(entry)) : [];
    });
  }

  /**
   * What the fixes that may run unattended make of files: see fixes/fixAll.ts. The workspace holds the new texts then.
   * @param text a file's text as it is now; undefined for what is not to be changed
   * @param put takes a file's new text, and hands it to this workspace
   */
  fixAll(uris: Iterable<string>, text: (uri: string) => string | undefined, put: (uri: string, text: string) => void): Map<string, Fixed> {
    return fixAll(uris, { check: (uri) => this.check(uri), text, put }, this.judge);
  }

  /** The same for one open file, which is afterwards as it was; undefined where nothing is to be fixed. */
  fixesOf(uri: string): Fixed | undefined {
    const own = this.documentation?.of(uri);
    if (own) return this.index.settings.documents === false ? undefined : own.fixesOf(uri);
    const documents = this.file(uri)?.documents;
    // Where no fix is safe there is no need for a try.
    if (!documents || !this.check(uri).some(({ fixes }) => fixes.some(({ safe }) => safe))) return undefined;
    const before = documents.map((document) => document.text).join('');
    let now = before;
    try {
      return this.fixAll([uri], (each) => (each === uri ? now : undefined), (_, text) => this.change(uri, (now = text))).get(uri);
    } finally {
      if (now !== before) this.change(uri, before);
    }
  }

  /** The subjects of the accounts that use the role of a document's policy; undefined where one of them is not known. */
  private subjectsOf(doc: DocumentRef, number: number): string[] | undefined {
    const policy = this.wiring.facts(doc.uri).filter((fact) => fact.kind === 'trustPolicy' && fact.doc.index === doc.index)[number];
    const chains = policy?.kind === 'trustPolicy' ? this.wiring.chainsOf(policy) : [];
    const subjects = chains.map(({ namespace, name }) => (namespace === undefined || name === undefined ? undefined : formatSubject(namespace, name)));
    return subjects.every((subject) => subject !== undefined) ? subjects : undefined;
  }

  position(doc: DocumentRef, offset: number): Position | undefined {
    const own = this.documentation?.of(doc.uri);
    if (own) return own.position(doc, offset);
    const entry = this.entries.get(doc.uri);
    if (entry?.position) return entry.position(doc, offset);
    const lines = entry?.lines ?? this.index.aws?.linesOf(doc.uri);
    return lines && positionIn(lines, doc.start + offset);
  }

  /** Every file that may have findings: those with facts, and those that only silence rules. */
  checkable(): Iterable<string> {
    this.settle();
    return [...this.entries.keys(), ...[...this.documentation?.all ?? []].flatMap((own) => [...own.checkable()])];
  }

  skipped(): { uri: string; reason: string }[] {
    this.settle();
    const reasons = new Map(this.reasons);
    for (const { uri, reason } of this.index.crowds()) if (!reasons.has(uri)) reasons.set(uri, reason);
    return [...reasons].map(([uri, reason]) => ({ uri, reason })).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
  }

  private put(uri: string, text: string, file: SourceFile, languageId: string | undefined): void {
    this.sources.forget(uri);
    this.deferred.remove(uri);
    if (this.late.put(file)) {
      this.hold(uri, { facts: [], suppressions: [], lines: lineStarts(text), open: { file, languageId } });
      return;
    }
    const entry = OpenEntry.of(file, languageId, file.documents.map((document) => this.reader.read(document)));
    this.store(uri, entry);
    this.noteSkipped(uri, entry.notRead);
  }

  /** Keeps a file of a group whose facts are read when somebody asks. What it said before stands until then. */
  private hold(uri: string, entry: Entry): void {
    this.findings.touch(uri);
    this.findings.reread(uri);
    this.entries.set(uri, entry);
  }

  /** Reads what was left until somebody asks. */
  private settle(): void {
    this.late.settle();
    this.readWanted();
  }

  /** Reads again what somebody asks about now. */
  private readWanted(): void {
    do {
      for (let uri = this.deferred.next(); uri !== undefined; uri = this.deferred.next()) {
        const text = this.reread?.(uri);
        this.deferred.remove(uri);
        if (text === undefined) this.remove(uri);
        else this.load(uri, text);
      }
    } while (this.asked.follow());
  }

  private store(uri: string, entry: Entry): void {
    const before = this.index.facts(uri);
    if ((before.length > 0) !== (entry.facts.length > 0)) this.filesChanged++;
    this.findings.leave(uri, before);
    this.findings.reread(uri);
    this.entries.set(uri, entry);
    this.index.setFile(uri, entry.facts);
    this.arrive(uri, entry.facts);
  }

  private drop(uri: string): void {
    if (!this.entries.has(uri)) return;
    this.filesChanged++;
    this.findings.leave(uri, this.index.facts(uri));
    this.findings.reread(uri);
    this.entries.delete(uri);
    this.index.removeFile(uri);
  }

  /** After a change: what came may ask for accounts, and others depend on it. */
  private arrive(uri: string, added: readonly Fact[]): void {
    if (this.reread) this.asked.note(added);
    this.findings.arrive(uri, added);
  }

  private noteSkipped(uri: string, reason: string | undefined): void {
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
