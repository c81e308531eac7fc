import { accessSync, chmodSync, constants, rmSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import type { FileChange } from '../../core/generate/planFiles';
import { systemReason } from '../../host/readText';
import { treeOf } from '../../host/tree';
import { createText, NotWritten, replaceText } from '../../host/writeText';
import { Failure } from '../failure';
import type { FolderFiles } from './surroundings';

/**
 * Writes the planned files. A file that was changed since the plan is left alone. When one cannot be written, the new
 * ones of this run are taken away again and the edited ones get their old text: all or nothing.
 */
export function writeChanges(changes: readonly FileChange[], files: FolderFiles): void {
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      if (change.action === 'same') continue;
      if (change.before === undefined)
        createText(files.absolute(change.path), change.after, files.out, { executable: change.executable ?? false });
      else edit(files, change);
      done.push(change);
    }
  } catch (error) {
    const kept = done.filter((change) => !takeBack(change, files)).map(({ path }) => path);
    const failed = changes.find((change) => change.action !== 'same' && !done.includes(change))!;
    throw new Failure(
      `${failed.path}: not written: ${error instanceof NotWritten ? error.message : systemReason(error)}. ${kept.length === 0 ? 'Nothing was written.' : `These files are written, and could not be put back: ${kept.join(', ')}.`}`,
    );
  }
}

/** Throws a {@link Failure} where a planned file cannot be written: a file stands where a folder is needed, or the folder takes none. */
export function checkWritable(changes: readonly FileChange[], files: FolderFiles): void {
  for (const { path, action, before } of changes) {
    if (action === 'same') continue;
    const absolute = files.absolute(path);
    checkPlace(before === undefined ? dirname(absolute) : absolute, before === undefined, path);
  }
}

/** @param folder true where a folder is needed; one that is not there yet is made in the nearest one that is. */
export function checkPlace(place: string, folder: boolean, shown: string): void {
  let at = place;
  for (;;) {
    let stats: Stats | undefined;
    try {
      stats = statSync(at, { throwIfNoEntry: false });
    } catch {
      // Below a file.
    }
    if (stats) {
      if (folder && !stats.isDirectory())
        throw new Failure(`${shown}: ${at} is a file, so no folder can be made there. Nothing was written.`);
      try {
        return accessSync(at, constants.W_OK);
      } catch (error) {
        throw new Failure(`${shown}: ${systemReason(error)}`);
      }
    }
    const above = dirname(at);
    if (above === at) return;
    at = above;
  }
}

function edit(files: FolderFiles, { path, before, after, executable }: FileChange): void {
  const absolute = files.absolute(path);
  const read = files.read.get(path)!;
  replaceText(absolute, { ...read, text: before! }, after, treeOf(dirname(absolute)));
  if (executable) chmodSync(absolute, 0o755);
}

/** False where a file could not be put back as it was. */
function takeBack({ path, before, after }: FileChange, files: FolderFiles): boolean {
  try {
    const read = files.read.get(path);
    if (before === undefined) rmSync(files.absolute(path));
    else if (read) replaceText(files.absolute(path), { ...read, text: after }, before, treeOf(dirname(files.absolute(path))));
    return true;
  } catch {
    return false;
  }
}
