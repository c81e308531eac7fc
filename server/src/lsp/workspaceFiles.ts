import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DidChangeWatchedFilesNotification, type WorkDoneProgressReporter } from './library';
import { fileMatcher } from '../core/config/globs';
import { isCandidate, isDocumentation, readOptions } from '../host/candidates';
import { IgnoredPaths, isIgnoreFile } from '../host/ignoredPaths';
import { isWithin, toUri, upward } from '../host/paths';
import { defaultSizeLimit, readText } from '../host/readText';
import { treeOf } from '../host/tree';
import { linkOut, passedOver, walk, type Walked } from '../host/walk';
import type { Diagnostics } from './diagnostics';
import { DiskChanges, watchedGlobs, type FileIndex } from './diskChanges';
import { pathOf } from './fileUris';
import type { IndexStore } from './indexStore';
import { inSlices, type Cancellable } from './schedule';
import type { Session } from './session';
import type { StatusReporter } from './status';

/** So long after the last change what was read is stored, in milliseconds. */
const idle = 5000;

/** Fills the workspace from the disk, in the background and in slices, and keeps it in step with file events. */
export class WorkspaceFiles implements FileIndex {
  /** Bytes; a larger file is skipped, with the reason. */
  sizeLimit: number | undefined;
  private excluded: (path: string) => boolean = () => false;
  /** The globs by which {@link excluded} was made. */
  private exclusions = '';
  private readonly ignored = new Map<string, IgnoredPaths>();
  private readonly folders: Set<string>;
  private readonly known = new Set<string>();
  private first: string | undefined;
  /** True: documentation and scripts that are not open are read too (pod-roles.yaml, `documents`). */
  private documents = false;
  readonly wants = (path: string): boolean => isCandidate(path) || (this.documents && isDocumentation(path));
  private generation = 0;
  private started = false;
  private stopped = false;
  /** How many files were read from the disk so far; those that the store knows are not. */
  filesRead = 0;
  private filesUnchanged = 0;
  private saving: NodeJS.Timeout | undefined;
  private readonly changes = new DiskChanges(this, (read) => {
    if (read > 0) this.session.log.info(`${read} ${read === 1 ? 'file' : 'files'} changed on disk and read again`);
    this.saveLater();
    this.diagnostics.workspaceChanged();
  });

  constructor(
    private readonly session: Session,
    private readonly diagnostics: Diagnostics,
    private readonly status: StatusReporter,
    folders: readonly string[],
    private readonly store?: IndexStore,
  ) {
    this.folders = new Set(folders.map(pathOf).filter((path) => path !== undefined));
  }

  get roots(): readonly string[] {
    return [...this.folders];
  }

  /** The folders as a walk of their other files takes them. */
  get walked(): { readonly path: string; readonly ignores: (path: string) => boolean }[] {
    return this.roots.map((path) => ({ path, ignores: this.excluded }));
  }

  /** Every file that was met, by the URI that names it. */
  *uris(): Generator<string> {
    for (const path of this.known) yield this.session.uris.of(path);
  }

  /** Watches the disk where the client can, then reads everything. */
  async start(): Promise<void> {
    if (this.session.can.watchFiles) {
      const watchers = watchedGlobs.map((globPattern) => ({ globPattern }));
      await this.session.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    await this.store?.open();
    this.started = true;
    await this.scan();
  }

  /** Stops reading, and stores what was read. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.changes.stop();
    this.generation++;
    clearTimeout(this.saving);
    await this.save();
  }

  /** The folder of the first file that the user opens is read before the others. */
  firstOpen(uri: string): void {
    this.first ??= pathOf(uri)?.replace(/[^/\\]*$/, '');
  }

  /** The client opens a file, maybe by another spelling of its URI than the one it was read by: it is one file all the same. */
  spelled(uri: string): void {
    const before = this.session.uris.learn(uri);
    if (before !== undefined && !this.session.documents.has(before)) this.session.workspace.remove(before);
  }

  /** Takes the globs of excluded files and the largest size that is read; reads everything again where one of them changed. */
  setLimits(globs: readonly string[], base: string | undefined, sizeLimit: number | undefined): void {
    const from = base ?? (this.roots[0] === undefined ? undefined : toUri(this.roots[0]));
    const exclusions = JSON.stringify([globs, globs.length > 0 ? from : '']);
    if (exclusions === this.exclusions && sizeLimit === this.sizeLimit) return;
    this.exclusions = exclusions;
    this.sizeLimit = sizeLimit;
    const matches = fileMatcher(globs, from);
    // Most repositories have none, and no path is made a URI for them.
    this.excluded = from && globs.length > 0 ? (path) => matches(toUri(path)) : () => false;
    this.rescanSoon();
  }

  /** Whether documentation that is not open is read; what was read before is forgotten, or read with the next scan. */
  setDocuments(documents: boolean): void {
    if (documents === this.documents) return;
    this.documents = documents;
    if (!documents) for (const path of [...this.known]) if (!isCandidate(path)) this.forget(path);
    if (documents) this.rescanSoon();
  }

  private rescanSoon(): void {
    if (this.started) void this.scan().catch((error: unknown) => this.session.log.crash('reading the workspace', error));
  }

  addFolders(uris: readonly string[]): void {
    for (const path of uris.map(pathOf)) if (path !== undefined) this.folders.add(path);
  }

  removeFolders(uris: readonly string[]): void {
    for (const path of uris.map(pathOf)) {
      if (path === undefined) continue;
      this.folders.delete(path);
      this.forgetBelow(path);
    }
  }

  /** Reads all folders anew. A scan that is overtaken by another stops. */
  async scan(token?: Cancellable, progress?: WorkDoneProgressReporter): Promise<boolean> {
    const generation = ++this.generation;
    const gone = new Set(this.known);
    const [begin, readBefore, unchangedBefore] = [performance.now(), this.filesRead, this.filesUnchanged];
    this.status.setBusy(true);
    const over = (): boolean => this.stopped || generation !== this.generation;
    this.refreshIgnored();
    const first = this.first?.replace(/[/\\]$/, '');
    const starts = first && this.admits(first, true) && !this.leadsOut(first) ? [first, ...this.roots] : this.roots;
    const met = new Set<string>();
    let complete = true;
    for (const start of starts) {
      const found = walk(start, { wants: this.wants, ignores: this.excluded });
      const steps = this.readAll(found, met, gone, progress);
      complete = (await inSlices(until(steps, over), token, () => undefined)) && complete;
      if (over()) return false;
    }
    if (complete) {
      for (const path of gone) this.forget(path);
      this.store?.metAll();
    }
    this.saveLater();
    this.session.log.scanned({
      files: met.size,
      read: this.filesRead - readBefore,
      unchanged: this.filesUnchanged - unchangedBefore,
      relevant: this.relevant(),
      milliseconds: performance.now() - begin,
      skipped: this.session.workspace.skipped(),
    });
    this.status.setFiles(met.size);
    this.status.setBusy(false);
    this.diagnostics.workspaceChanged();
    return complete;
  }

  private *readAll(
    found: Iterable<Walked>,
    met: Set<string>,
    gone: Set<string>,
    progress: WorkDoneProgressReporter | undefined,
  ): Generator<void> {
    for (const entry of found) {
      yield;
      if (met.has(entry.path)) continue;
      met.add(entry.path);
      gone.delete(entry.path);
      if (entry.kind === 'skipped') this.skip(entry.path, entry.reason);
      else yield* this.readMet(entry.path);
      if (met.size % 500 === 0) progress?.report(`${met.size} files read`);
    }
  }

  /** Files or folders were made, changed, renamed or deleted on disk. */
  async changed(uris: Iterable<string>): Promise<void> {
    const paths = [...uris]
      .map(pathOf)
      .filter(
        (path): path is string =>
          path !== undefined && this.roots.some((root) => isWithin(root, path) && mayMatter(path.slice(root.length))),
      );
    if (paths.length > 0) await this.changes.add(paths);
  }

  /** Reads what is in a folder now, in steps, and forgets what is gone from it. */
  *readFolder(folder: string): Generator<void> {
    if (this.leadsOut(folder)) return;
    const gone = new Set([...this.known].filter((path) => isWithin(folder, path)));
    yield* this.readAll(walk(folder, { wants: this.wants, ignores: this.excluded }), new Set(), gone, undefined);
    for (const path of gone) this.forget(path);
  }

  /** Forgets files, and what is known below folders. */
  forgetAll(paths: ReadonlySet<string>): void {
    for (const known of [...this.known]) if (upward(known).some((path) => paths.has(path))) this.forget(known);
  }

  /** Forgets what is known below paths: a folder may have been replaced by a file or a link. */
  forgetReplaced(paths: ReadonlySet<string>): void {
    for (const known of [...this.known]) if (upward(dirname(known)).some((path) => paths.has(path))) this.forget(known);
  }

  refreshIgnored(): void {
    this.ignored.clear();
  }

  rescan(): Promise<boolean> {
    return this.scan();
  }

  /** Whether a path is in one of the folders and not ignored there. */
  admits(path: string, isFolder: boolean): boolean {
    return this.roots.some((root) => isWithin(root, path) && !this.ignoredIn(root).ignores(path, isFolder));
  }

  private ignoredIn(root: string): IgnoredPaths {
    let ignored = this.ignored.get(root);
    if (!ignored) this.ignored.set(root, (ignored = new IgnoredPaths(root, (path) => this.excluded(path))));
    return ignored;
  }

  /** Takes the disk's text for a file that is no longer open. */
  reread(uri: string): void {
    if (!uri.startsWith('file:')) {
      this.session.workspace.remove(uri);
      return;
    }
    const path = pathOf(uri);
    if (path === undefined) return this.session.workspace.remove(uri);
    this.refreshIgnored();
    if (this.wants(path) && this.admits(path, false)) this.readNow(path);
    else this.forget(path);
  }

  /** Reads a file that changed; one that a link takes out of the folder's tree is skipped. */
  *read(path: string): Generator<void> {
    if (this.leadsOut(path)) this.skip(path, linkOut);
    else yield* this.readMet(path);
  }

  /** True for what a link takes out of the workspace folder's tree; false for what is gone. */
  private leadsOut(path: string): boolean {
    const root = this.roots.find((each) => isWithin(each, path));
    try {
      return root !== undefined && !isWithin(treeOf(root), realpathSync(path));
    } catch {
      return false;
    }
  }

  /** Reads a file that the walk met, or takes what is stored of it; in steps, for a long file. */
  private *readMet(path: string): Generator<void> {
    const uri = this.session.uris.of(path);
    const { workspace, documents } = this.session;
    this.known.add(path);
    if (documents.has(uri)) return;
    const stamp = this.store?.stampOf(path);
    const kept = stamp && stamp.size <= (this.sizeLimit ?? defaultSizeLimit) ? this.store?.take(path, stamp) : undefined;
    if (kept) this.filesUnchanged++;
    if (kept === 'nothing') return workspace.remove(uri);
    if (kept) return workspace.restore(uri, kept);
    this.filesRead++;
    const result = readText(path, { ...(this.sizeLimit ? { limit: this.sizeLimit } : {}), ...readOptions(path) });
    if (result.kind === 'text') yield* workspace.loading(uri, result.file.text);
    else if (result.kind === 'skipped' && result.reason !== 'no such file') workspace.skip(uri, result.reason);
    else workspace.remove(uri);
    this.store?.note(path, result.kind === 'skipped' ? undefined : stamp);
  }

  private relevant(): number {
    const { wiring } = this.session.workspace;
    return [...wiring.files()].filter((uri) => wiring.facts(uri).length > 0).length;
  }

  private skip(path: string, reason: string): void {
    this.known.add(path);
    this.session.workspace.skip(this.session.uris.of(path), reason);
  }

  private readNow(path: string): void {
    const steps = this.read(path);
    while (!steps.next().done);
  }

  private saveLater(): void {
    if (!this.store || this.stopped) return;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => void this.save(), idle);
    this.saving.unref();
  }

  private async save(): Promise<void> {
    await this.store
      ?.save(this.session.workspace, (path) => this.session.uris.of(path))
      .catch((error: unknown) => this.session.log.crash('storing the index', error));
  }

  private forget(path: string): void {
    this.known.delete(path);
    this.store?.forget(path);
    const uri = this.session.uris.of(path);
    if (!this.session.documents.has(uri)) this.session.workspace.remove(uri);
  }

  private forgetBelow(path: string): void {
    for (const known of [...this.known]) if (isWithin(path, known)) this.forget(known);
  }
}

/** Installing packages changes files by the ten thousand, none of which is looked at. */
function mayMatter(below: string): boolean {
  return !below.split(/[/\\]/).some((part) => passedOver.has(part)) || isIgnoreFile(below);
}

function* until<T>(items: Iterable<T>, over: () => boolean): Generator<T> {
  for (const item of items) {
    if (over()) return;
    yield item;
  }
}
