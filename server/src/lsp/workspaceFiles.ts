import { realpathSync } from 'node:fs';
import { DidChangeWatchedFilesNotification, FileChangeType, WatchKind, type FileEvent, type WorkDoneProgressReporter } from './library';
import { fileMatcher } from '../core/config/globs';
import { isCandidate, isDocumentation, readOptions } from '../host/candidates';
import { isWithin, toPath, toUri } from '../host/paths';
import type { IndexStore } from './indexStore';
import { defaultSizeLimit, readText } from '../host/readText';
import { treeOf } from '../host/tree';
import { linkOut, passedOver, walk, type Walked } from '../host/walk';
import type { Diagnostics } from './diagnostics';
import { inSlices, type Cancellable } from './schedule';
import type { Session } from './session';
import type { StatusReporter } from './status';

/** So long after the last change what was read is stored, in milliseconds. */
const idle = 5000;

/** Fills the workspace from the disk, in the background and in slices, and keeps it in step with file events. */
export class WorkspaceFiles {
  /** Bytes; a larger file is passed over and said so. */
  sizeLimit: number | undefined;
  private ignored: (path: string) => boolean = () => false;
  private readonly folders: Set<string>;
  private readonly known = new Set<string>();
  private first: string | undefined;
  /** True: documentation and scripts that are not open are read too (pod-roles.yaml, `documents`). */
  private documents = false;
  private readonly wants = (path: string): boolean => isCandidate(path) || (this.documents && isDocumentation(path));
  private generation = 0;
  private stopped = false;
  /** How many files were read from the disk so far; those that the store knows are not. */
  filesRead = 0;
  private saving: NodeJS.Timeout | undefined;
  private readonly waiting = new Map<string, FileChangeType>();
  private following: Promise<void> | undefined;

  constructor(
    private readonly session: Session, private readonly diagnostics: Diagnostics,
    private readonly status: StatusReporter, folders: readonly string[], private readonly store?: IndexStore,
  ) {
    this.folders = new Set(folders.map(toPath));
  }

  get roots(): readonly string[] {
    return [...this.folders];
  }

  /** Watches the disk where the client can, then reads everything. */
  async start(): Promise<void> {
    if (this.session.can.watchFiles) {
      const watchers = [
        { globPattern: '**/{*.{yaml,yml,json,jsonc,tpl,tmpl,tftpl,gotmpl,j2,jinja,jinja2,erb,template,tf,tofu,tfvars,md,markdown,mdx,adoc,asciidoc,rst,sh,bash},kustomization}' },
        // A deleted folder is told of alone, without its files.
        { globPattern: '**', kind: WatchKind.Delete },
      ];
      await this.session.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    await this.store?.open();
    await this.scan();
  }

  /** Stops reading, and stores what was read. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.generation++;
    clearTimeout(this.saving);
    await this.save();
  }

  /** The folder of the first file that the user opens is read before the others. */
  firstOpen(uri: string): void {
    if (this.first === undefined && uri.startsWith('file:')) this.first = toPath(uri).replace(/[^/\\]*$/, '');
  }

  setIgnored(globs: readonly string[], base: string | undefined): void {
    const from = base ?? (this.roots[0] === undefined ? undefined : toUri(this.roots[0]));
    const matches = fileMatcher(globs, from);
    // Most repositories have none, and no path is made a URI for them.
    this.ignored = from && globs.length > 0 ? (path) => matches(toUri(path)) : () => false;
  }

  /** Whether documentation that is not open is read; what was read before is forgotten, or read with the next scan. */
  setDocuments(documents: boolean): void {
    if (documents === this.documents) return;
    this.documents = documents;
    const isRunning = this.known.size > 0;
    if (!documents) for (const path of [...this.known]) if (!isCandidate(path)) this.forget(path);
    if (documents && isRunning) void this.scan().catch((error: unknown) => this.session.log.crash('reading documentation', error));
  }

  addFolders(uris: readonly string[]): void {
    for (const uri of uris) if (uri.startsWith('file:')) this.folders.add(toPath(uri));
  }

  removeFolders(uris: readonly string[]): void {
    for (const uri of uris) {
      if (!uri.startsWith('file:')) continue;
      this.folders.delete(toPath(uri));
      this.forgetBelow(toPath(uri));
    }
  }

  /** Reads all folders anew. A scan that is overtaken by another stops. */
  async scan(token?: Cancellable, progress?: WorkDoneProgressReporter): Promise<boolean> {
    const generation = ++this.generation;
    const gone = new Set(this.known);
    this.status.setBusy(true);
    const over = (): boolean => this.stopped || generation !== this.generation;
    const starts = this.first && this.roots.some((root) => isWithin(root, this.first!.replace(/[/\\]$/, ''))) && !this.leadsOut(this.first) ? [this.first, ...this.roots] : this.roots;
    const met = new Set<string>();
    let complete = true;
    for (const start of starts) {
      const found = walk(start, { wants: this.wants, ignores: this.ignored });
      const steps = this.readAll(found, met, gone, progress);
      complete = await inSlices(until(steps, over), token, () => undefined) && complete;
      if (over()) return false;
    }
    if (complete) {
      for (const path of gone) this.forget(path);
      this.store?.metAll();
    }
    this.saveLater();
    this.status.setFiles(met.size);
    this.status.setBusy(false);
    this.diagnostics.workspaceChanged();
    return complete;
  }

  private *readAll(found: Iterable<Walked>, met: Set<string>, gone: Set<string>, progress: WorkDoneProgressReporter | undefined): Generator<void> {
    for (const entry of found) {
      yield;
      if (met.has(entry.path)) continue;
      met.add(entry.path);
      gone.delete(entry.path);
      if (entry.kind === 'skipped') this.session.workspace.skip(toUri(entry.path), entry.reason);
      else yield* this.read(entry.path);
      if (met.size % 500 === 0) progress?.report(`${met.size} files read`);
    }
  }

  /**
   * File events of the client: created, changed, deleted; folders too. Another branch sends thousands, in several
   * messages: those that come while others are read wait with them, each file once, and what follows is told once.
   */
  async changed(events: readonly FileEvent[]): Promise<void> {
    for (const { uri, type } of events) {
      // The last word on a file comes last.
      this.waiting.delete(uri);
      if (uri.startsWith('file:')) this.waiting.set(uri, type);
    }
    this.following ??= this.follow().finally(() => (this.following = undefined));
    await this.following;
  }

  private async follow(): Promise<void> {
    // The messages that are here already come first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.size > 0 && !this.stopped) await inSlices(this.readWaiting(), undefined, () => undefined);
    this.saveLater();
    this.diagnostics.workspaceChanged();
  }

  private *readWaiting(): Generator<void> {
    for (const [uri, type] of this.waiting) {
      this.waiting.delete(uri);
      const path = toPath(uri);
      if (type === FileChangeType.Deleted) this.forgetBelow(path);
      else if (this.wanted(path) && this.leadsOut(path)) this.session.workspace.skip(toUri(path), linkOut);
      else if (this.wanted(path)) yield* this.read(path);
      yield;
    }
  }

  /** A file or folder has another name now. */
  async renamed(oldUri: string, newUri: string): Promise<void> {
    if (oldUri.startsWith('file:')) this.forgetBelow(toPath(oldUri));
    if (newUri.startsWith('file:')) await this.added(newUri);
  }

  async added(uri: string): Promise<void> {
    if (!uri.startsWith('file:') || this.leadsOut(toPath(uri))) return;
    const found = walk(toPath(uri), { wants: this.wants, ignores: this.ignored });
    await inSlices(this.readAll(found, new Set(), new Set(), undefined), undefined, () => undefined);
    if (this.wanted(toPath(uri))) this.readNow(toPath(uri));
    this.saveLater();
    this.diagnostics.workspaceChanged();
  }

  removed(uri: string): void {
    if (uri.startsWith('file:')) this.forgetBelow(toPath(uri));
    this.diagnostics.workspaceChanged();
  }

  /** Takes the disk's text for a file that is no longer open. */
  reread(uri: string): void {
    if (!uri.startsWith('file:')) {
      this.session.workspace.remove(uri);
      return;
    }
    const path = toPath(uri);
    if (this.wanted(path) && !this.leadsOut(path)) this.readNow(path);
    else this.forget(path);
  }

  private wanted(path: string): boolean {
    return this.wants(path) && this.roots.some((root) => isWithin(root, path)) && !this.ignored(path) &&
      !path.split(/[/\\]/).some((part) => passedOver.has(part));
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

  /** Reads a file, or takes what is stored of it; in steps, for a long file. */
  private *read(path: string): Generator<void> {
    const uri = toUri(path);
    const { workspace, documents } = this.session;
    this.known.add(path);
    if (documents.has(uri)) return;
    const stamp = this.store?.stampOf(path);
    const kept = stamp && stamp.size <= (this.sizeLimit ?? defaultSizeLimit) ? this.store?.take(path, stamp) : undefined;
    if (kept === 'nothing') return workspace.remove(uri);
    if (kept) return workspace.restore(uri, kept);
    this.filesRead++;
    const result = readText(path, { ...(this.sizeLimit ? { limit: this.sizeLimit } : {}), ...readOptions(path) });
    if (result.kind === 'text') yield* workspace.loading(uri, result.file.text);
    else if (result.kind === 'skipped' && result.reason !== 'no such file') workspace.skip(uri, result.reason);
    else workspace.remove(uri);
    this.store?.note(path, result.kind === 'skipped' ? undefined : stamp);
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
    await this.store?.save(this.session.workspace).catch((error: unknown) => this.session.log.crash('storing what was read', error));
  }

  private forget(path: string): void {
    this.known.delete(path);
    this.store?.forget(path);
    const uri = toUri(path);
    if (!this.session.documents.has(uri)) this.session.workspace.remove(uri);
  }

  private forgetBelow(path: string): void {
    for (const known of [...this.known]) if (isWithin(path, known)) this.forget(known);
  }
}

function* until<T>(items: Iterable<T>, over: () => boolean): Generator<T> {
  for (const item of items) {
    if (over()) return;
    yield item;
  }
}
