import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { StoredFile } from '../core/workspace/files/storedFile';
import { isStoredFile } from '../core/workspace/files/storedFileShape';
import type { Workspace } from '../core/workspace/workspace';
import { encodeRecord, readRecords, writeRecords } from '../host/recordFile';
import { toUri } from '../host/paths';
import { version } from '../version';
import { inSlices } from './schedule';

/** When a file had its content, and how much. */
export interface Stamp {
  readonly size: number;
  /** Milliseconds. */
  readonly changed: number;
}

/** A file as it is stored: path, size, time, and what was kept; nothing kept: it concerns no pod. */
type Stored = readonly [path: string, size: number, changed: number, kept?: StoredFile];

/** So many files are one record, which is read and written in one step. */
const recordLength = 50;
/** A file that changed so short a time before it was read may change again within the same tick of the file system's clock, in milliseconds. */
const settled = 2000;
/** Any change of what is stored needs another number here; the program that read it counts as well. */
const format = 1;

/**
 * What was read of closed files, kept between sessions in the editor's storage, so that the next start reads only what
 * changed. A file is what it was when its size and time are. A torn or foreign store is an empty one.
 */
export class IndexStore {
  private readonly path: string;
  private readonly title = `pod-roles index ${format} ${version} ${process.versions.v8} ${programOf()}`;
  private readonly stamps = new Map<string, Stamp>();
  private stored = new Map<string, Stored>();
  private changed = false;

  /** @param folder the editor's folder for this workspace */
  constructor(folder: string) {
    this.path = join(folder, 'index.bin');
  }

  /** Reads the store, in slices. A record of another shape than ours makes it an empty one. */
  async open(): Promise<void> {
    let isOurs = true;
    await inSlices(readRecords(this.path, this.title), undefined, (record) => {
      isOurs &&= Array.isArray(record) && record.every(isStored);
      if (isOurs) for (const each of record as Stored[]) this.stored.set(each[0], each);
    });
    if (!isOurs) this.stored = new Map();
  }

  /** The size and time of a file now; undefined where it is none, or too fresh to be known by them. */
  stampOf(path: string): Stamp | undefined {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() && stats.mtimeMs <= Date.now() - settled ? { size: stats.size, changed: stats.mtimeMs } : undefined;
  }

  /** What was kept of a file that is still the same; `'nothing'` where it concerns no pod. Given once: then the workspace has it. */
  take(path: string, stamp: Stamp): StoredFile | 'nothing' | undefined {
    const stored = this.stored.get(path);
    this.stored.delete(path);
    if (!stored || stored[1] !== stamp.size || stored[2] !== stamp.changed) return undefined;
    this.stamps.set(path, stamp);
    return stored[3] ?? 'nothing';
  }

  /** A file was read as it was at that stamp; without one it is read again at the next start. */
  note(path: string, stamp: Stamp | undefined): void {
    this.changed = true;
    if (stamp) this.stamps.set(path, stamp);
    else this.stamps.delete(path);
  }

  forget(path: string): void {
    if (this.stamps.delete(path) || this.stored.delete(path)) this.changed = true;
  }

  /** All files were met: what is stored of others is of files that are gone. */
  metAll(): void {
    if (this.stored.size > 0) this.changed = true;
    this.stored = new Map();
  }

  /** Writes what the workspace holds of files that are known by their stamps, where anything changed; in slices. */
  async save(workspace: Workspace, uriOf: (path: string) => string = toUri): Promise<void> {
    if (!this.changed) return;
    this.changed = false;
    const records: Buffer[] = [];
    let batch: Stored[] = [];
    const flush = (): void => {
      if (batch.length > 0) records.push(encodeRecord(batch));
      batch = [];
    };
    await inSlices(this.stamps, undefined, ([path, { size, changed }]) => {
      const kept = workspace.stored(uriOf(path));
      if (!kept) return;
      batch.push(isNothing(kept) ? [path, size, changed] : [path, size, changed, kept]);
      if (batch.length >= recordLength) flush();
    });
    flush();
    writeRecords(this.path, this.title, records);
  }
}

function isStored(value: unknown): value is Stored {
  if (!Array.isArray(value) || value.length < 3 || value.length > 4) return false;
  const [path, size, changed, kept] = value as unknown[];
  if (typeof path !== 'string' || !isAbsolute(path) || path.includes('\0') || !Number.isSafeInteger(size) || !Number.isFinite(changed))
    return false;
  return kept === undefined || isStoredFile(kept, toUri(path));
}

function isNothing({ facts, suppressions, reason }: StoredFile): boolean {
  return facts.length === 0 && suppressions.length === 0 && reason === undefined;
}

/** The program that runs, by size and time: a version in the making has the number of the last one. */
function programOf(): string {
  const stats = process.argv[1] === undefined ? undefined : statSync(process.argv[1], { throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.mtimeMs}` : '';
}
