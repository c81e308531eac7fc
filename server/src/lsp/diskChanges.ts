import { lstatSync, statSync } from 'node:fs';
import { isIgnoreFile } from '../host/ignoredPaths';
import { inSlices } from './schedule';

/**
 * The globs of the files whose changes the server wants to hear of. One glob for everything: whether a folder that was
 * made or deleted matters cannot be told from its name (a client may report a folder alone, without its files), and which
 * files matter is the server's knowledge. VS Code's globs know no braces inside braces; a glob here must be without.
 */
export const watchedGlobs: readonly string[] = ['**/*'];

/** What a batch of changes does to the index of files. */
export interface FileIndex {
  /** Whether the file may hold something of interest, by its name. */
  wants(path: string): boolean;
  /** Whether the path is in an open folder and not ignored. */
  admits(path: string, isFolder: boolean): boolean;
  /** Reads a file again, in steps. */
  read(path: string): Iterable<void>;
  /** Reads a folder again, in steps, and forgets those of its files that are gone. */
  readFolder(path: string): Iterable<void>;
  /** Forgets files, and what was known below folders. */
  forgetAll(paths: ReadonlySet<string>): void;
  /** Forgets what was known below paths that are files now. */
  forgetReplaced(paths: ReadonlySet<string>): void;
  /** Called before each batch: what was remembered of ignore files is stale. */
  refreshIgnored(): void;
  /** Reads everything again: ignore files changed. */
  rescan(): Promise<unknown>;
}

/**
 * Collects changes on disk and applies them in batches. Another branch changes thousands of files, told in several
 * messages: those that arrive while others are applied wait for the next batch, each path once. Only the paths count; what
 * happened to them is read from the disk, which alone tells what is so now.
 */
export class DiskChanges {
  private readonly pending = new Set<string>();
  private applying: Promise<void> | undefined;
  private stopped = false;
  private needsRescan = false;
  private read = 0;

  /** @param applied called after all pending changes were applied, with how many of the paths were read */
  constructor(
    private readonly index: FileIndex,
    private readonly applied: (read: number) => void,
  ) {}

  /** Notes changed paths; resolves when they have been applied. */
  async add(paths: Iterable<string>): Promise<void> {
    for (const path of paths) this.pending.add(path);
    this.applying ??= this.applyPending().finally(() => (this.applying = undefined));
    await this.applying;
  }

  stop(): void {
    this.stopped = true;
    this.pending.clear();
  }

  private async applyPending(): Promise<void> {
    // Messages that have arrived already come first.
    await new Promise((resolve) => setImmediate(resolve));
    this.read = 0;
    while (this.pending.size > 0 && !this.stopped) {
      const batch = [...this.pending];
      this.pending.clear();
      this.index.refreshIgnored();
      this.needsRescan = batch.some(isIgnoreFile);
      if (!this.needsRescan) await inSlices(this.applyBatch(batch), undefined, () => undefined);
      if (this.needsRescan) await this.index.rescan();
    }
    if (!this.stopped) this.applied(this.read);
  }

  private *applyBatch(batch: readonly string[]): Generator<void> {
    const gone = new Set<string>();
    const files = new Set<string>();
    for (const path of batch) {
      if (this.stopped) return;
      yield;
      const kind = kindOf(path);
      if (kind === 'linked folder') {
        // Where the link leads, and whether its files were read by their own names, only a full walk can tell.
        this.needsRescan = true;
        return;
      }
      if (kind === 'nothing') gone.add(path);
      else if (kind === 'folder') yield* this.index.admits(path, true) ? this.index.readFolder(path) : [];
      else {
        files.add(path);
        if (this.index.wants(path) && this.index.admits(path, false)) {
          this.read++;
          yield* this.index.read(path);
        }
      }
    }
    if (files.size > 0) this.index.forgetReplaced(files);
    if (gone.size > 0) this.index.forgetAll(gone);
  }
}

function kindOf(path: string): 'nothing' | 'folder' | 'linked folder' | 'file' {
  try {
    const stats = lstatSync(path);
    if (stats.isDirectory()) return 'folder';
    return stats.isSymbolicLink() && statSync(path).isDirectory() ? 'linked folder' : 'file';
  } catch (error) {
    // A dangling link is a file that cannot be read. What may not be looked at is as good as gone.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && isLink(path) ? 'file' : 'nothing';
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
