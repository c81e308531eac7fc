import { randomBytes, createHash } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `.pod-roles-<target>-<process>-<chance>.tmp`, where `<target>` stands for the name of the file that is written. */
const pattern = /^\.pod-roles-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{8}\.tmp$/;

/** A new name beside a file for its next content. It tells whose it is, so that a run after a crash can clear it away. */
export function temporaryNameFor(path: string): string {
  return join(dirname(path), `.pod-roles-${markOf(path)}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/**
 * Removes the temporary files in a folder that a killed run left: ours by name, regular, of the same user, and of a
 * process that no longer runs. Nothing else is touched, and a folder that cannot be read is left alone. Never throws.
 */
export function removeStaleTemporaries(folder: string): void {
  for (const { path, pid } of temporariesIn(folder)) {
    if (pid === process.pid || isRunning(pid)) continue;
    try {
      const stats = lstatSync(path);
      if (stats.isFile() && (process.getuid === undefined || stats.uid === process.getuid())) rmSync(path);
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
}

/** True if another process that runs is about to write the same file: its temporary file stands beside it. */
export function isBeingWritten(path: string): boolean {
  const mark = markOf(path);
  return temporariesIn(dirname(path)).some((found) => found.mark === mark && found.pid !== process.pid && isRunning(found.pid));
}

function temporariesIn(folder: string): { readonly path: string; readonly mark: string; readonly pid: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const [, mark, pid] = pattern.exec(name) ?? [];
    return mark === undefined ? [] : [{ path: join(folder, name), mark, pid: Number(pid) }];
  });
}

function markOf(path: string): string {
  return createHash('sha256').update(basename(path)).digest('hex').slice(0, 8);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not allowed to signal it: it is there. Ids that no system gives are of no process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
