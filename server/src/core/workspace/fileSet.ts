import { defaultSettings, type Settings } from '../config/settings';
import { documentAt, positionIn } from './files/entry';
import { FileStore } from './files/fileStore';
import type { WorkspaceView } from '../features/workspaceView';
import { fixAll, type Fixed, type FixedFiles } from '../fixes/fixAll';
import { FixJudge, policiesByPlace } from '../fixes/judge';
import { FileSources, type TextOfFile } from '../fixes/sources';
import type { Fact, ServiceAccountFact } from '../model/facts';
import { formatSubject } from '../model/subject';
import type { Catalogue } from '../permissions/catalogue';
import { Findings } from './findings/findings';
import { OpenFile } from './files/openFile';
import { Engine } from '../rules/engine';
import { allRules } from '../rules/registry';
import type { Finding, Fix, Rule } from '../rules/rule';
import type { DocumentRef, SourceDocument, SourceFile } from '../syntax/sourceFile';
import type { Position } from '../text/lineIndex';
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
  /** The files of this set: what comes, changes and goes. */
  readonly files: FileStore;
  private readonly sources: FileSources;
  private readonly judge: FixJudge;
  /** A verdict depends on its chain alone, which is another when something changes that was looked up for it. */
  private readonly verdicts = new WeakMap<Chain, { readonly verdict: Verdict | undefined }>();
  private readonly accesses = new WeakMap<Chain, Access>();

  constructor(options: FileSetOptions = {}) {
    const settings = options.settings ?? defaultSettings;
    this.log = options.log ?? (() => undefined);
    this.catalogue = options.catalogue ?? (() => undefined);
    const lookups = (this.lookups = new Lookups(options.records));
    this.index = new FactIndex(settings, lookups);
    this.files = new FileStore(
      this.index,
      {
        reset: (uri) => this.findings.reset(uri),
        change: (uri, came) => this.findings.change(uri, came),
        textChanged: (uri) => this.sources.forget(uri),
        failed: (what, error) => this.logOnce(what, error),
      },
      {
        reread: options.reread,
        wantsHcl: options.wantsHcl ?? (() => undefined),
        documents: (uri) =>
          this.sources.of(uri)?.documents.map((document) => ({ doc: document.ref, text: document.text, tree: document.tree() })),
      },
    );
    this.engine = new Engine(
      options.rules ?? allRules,
      {
        wiring: this.index,
        noteDocument: (doc) => this.index.noteDocument(doc),
        noteFix: (fix) => this.noteFix(fix),
        workloadsOf: (account) => {
          const name = accountKey(account);
          if (name !== undefined) this.files.readWorkloadsOf(name);
          return this.index.workloadsOf(account);
        },
        verdict: (chain) => this.verdict(chain),
        position: (doc, offset) => this.position(doc, offset),
        suppressions: (uri) => this.files.entry(uri)?.suppressions ?? [],
      },
      settings,
      (message) => this.log(message),
      lookups,
      (doc) => this.findings.invalidate(doc),
    );
    this.sources = new FileSources((uri) => this.files.groupOf(uri)?.files.get(uri) ?? this.files.entry(uri)?.open?.file, options.textOf);
    this.judge = new FixJudge({
      source: (uri) => this.sources.of(uri),
      groupOf: (uri) => this.files.groupOf(uri),
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
    this.files.readPending();
    return this.index;
  }

  /** Every file that concerns pod roles: those with facts, and those that need not be read to know that they use an account with a role. */
  concerned(): Iterable<string> {
    return new Set([...this.wiring.files(), ...this.files.deferred.usersOfRoles()]);
  }

  /** Takes new settings: every finding may change. */
  configure(settings: Settings): void {
    this.index.configure(settings);
    this.engine.configure(settings);
    this.findings.resetAll();
  }

  /** Takes what AWS, or a snapshot of it, knows now: every finding may change. Undefined: AWS is not asked. */
  setAws(aws: AwsIndex | undefined): void {
    // It may give a role to an account for which no file asks, also in files that are read later.
    for (const { serviceAccount } of aws?.associations() ?? []) this.files.deferred.askWithRole(serviceAccount);
    if (aws) this.files.readAccounts();
    this.index.setAws(aws);
    this.findings.resetAll();
  }

  /** The files whose findings may have changed since it was last asked; more than needed, never less. */
  takeDirty(): string[] {
    this.files.readPending();
    return [...this.findings.takeDirty(() => this.files.uris())];
  }

  file(uri: string): SourceFile | undefined {
    return this.files.entry(uri)?.open?.file;
  }

  documentAt(uri: string, fileOffset: number): { document: SourceDocument; offset: number } | undefined {
    return documentAt(this.file(uri)?.documents ?? [], fileOffset);
  }

  factsOf(doc: DocumentRef): readonly Fact[] {
    const entry = this.files.entry(doc.uri);
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
    this.files.readPending();
    const policies = policiesOf(access.grant ?? chain ?? { ties: [] })
      .filter(({ kind }) => kind !== 'aws')
      .map(({ policy }) => policy);
    const workloads =
      access.fault === 'platform' || access.fault === 'operator' ? (chain?.workloads ?? access.grant?.workloads) : undefined;
    return this.engine.causesOf({ chain, account, association: access.grant?.association, workloads, policies });
  }

  check(uri: string): readonly Finding[] {
    this.files.readPending();
    const entry = this.files.entry(uri);
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
        (_, text) => this.files.change(uri, (now = text)),
      ).get(uri);
    } finally {
      if (now !== before) this.files.change(uri, before);
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
      for (const uri of this.files.groupOf(doc.uri)?.files.keys() ?? []) this.index.facts(uri);
    }
  }

  position(doc: DocumentRef, offset: number): Position | undefined {
    const entry = this.files.entry(doc.uri);
    if (entry?.position) return entry.position(doc, offset);
    const lines = entry?.lines ?? this.index.aws?.linesOf(doc.uri);
    return lines && positionIn(lines, doc.start + offset);
  }

  /** Every file that may have findings: those with facts, and those that only silence rules. */
  checkable(): Iterable<string> {
    this.files.readPending();
    return this.files.uris();
  }

  skipped(): { uri: string; reason: string }[] {
    this.files.readPending();
    const reasons = new Map(this.files.skippedFiles());
    for (const { uri, reason } of this.index.crowds()) if (!reasons.has(uri)) reasons.set(uri, reason);
    return [...reasons].map(([uri, reason]) => ({ uri, reason })).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
  }

  private logOnce(what: string, error: unknown): void {
    if (this.logged.has(what)) return;
    this.logged.add(what);
    this.log(`The ${what} failed and is skipped there: ${errorLines(error).join('\n')}`);
  }
}
