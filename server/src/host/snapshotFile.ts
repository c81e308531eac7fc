import { realpathSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readSnapshot, type ReadSnapshot } from '../core/snapshot/read';
import { readText } from './readText';
import { leadsOutOf, treeOf } from './tree';

/** The name that a snapshot has by convention. */
export const snapshotName = 'pod-roles.snapshot.json';

/** A whole account may take much; still there is an end. */
export const snapshotLimit = 200 * 1024 * 1024;

/**
 * The snapshot of a folder: the one that the settings name, else the one of the usual name in the first of the folders
 * that holds it. `named` is not checked to exist, so that a name that leads nowhere is told.
 */
export function findSnapshot(folders: readonly string[], named?: { readonly path: string; readonly base: string }): string | undefined {
  if (named) return resolve(named.base, named.path);
  return folders.map((folder) => join(folder, snapshotName)).find(isFile);
}

/**
 * Reads a snapshot. A file that cannot be read is a problem like any other. No problem quotes the file.
 * @param folder of the settings that name it, where the user did not: it must lie in the tree of that folder
 */
export function readSnapshotFile(path: string, folder?: string): ReadSnapshot {
  if (folder !== undefined && leadsOutOf(treeOf(folder), resolve(realpathSync(folder), relative(folder, path)))) {
    return {
      problems: ['It is outside of this repository or folder, so it is not read. The command line reads it with --snapshot FILE.'],
      label: 'snapshot',
    };
  }
  const result = readText(path, { limit: snapshotLimit });
  if (result.kind !== 'text')
    return { problems: [result.kind === 'skipped' ? `It cannot be read: ${result.reason}.` : 'It cannot be read.'], label: 'snapshot' };
  return readSnapshot(result.file.text);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
