import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeText, systemReason, type TextFile } from '../../host/readText';
import { treeForWriting } from '../../host/tree';
import { relativePath } from '../../host/paths';
import { createText, NotWritten, replaceText } from '../../host/writeText';
import { Failure } from '../failure';

/** A file that a step changes, or makes. */
export interface PlannedFile {
  /** For people. */
  readonly path: string;
  readonly absolute: string;
  readonly after: string;
  /** The file as it was read, and the folder that it must lie in; absent for a new file. */
  readonly before?: { readonly content: TextFile; readonly tree: string };
}

/**
 * Writes all files or none: a file that changed since it was read, or appeared meanwhile, stops it, and then those written
 * before are put back. Throws a {@link Failure} that says what is on the disk then.
 */
export function writeAll(files: readonly PlannedFile[], cwd: string): void {
  const done: PlannedFile[] = [];
  for (const file of files) {
    try {
      write(file, cwd);
      done.push(file);
    } catch (error) {
      const kept = done.reverse().filter((each) => !putBack(each));
      const reason = error instanceof NotWritten ? error.message : systemReason(error);
      throw new Failure(
        `${file.path}: not written: ${reason}. ${kept.length === 0 ? 'Nothing was changed.' : `These files are written, and could not be put back: ${kept.map(({ path }) => path).join(', ')}.`}`,
      );
    }
  }
}

function write({ absolute, after, before }: PlannedFile, cwd: string): void {
  if (before) replaceText(absolute, before.content, after, before.tree);
  else createText(absolute, after, rootFor(absolute, cwd));
}

/** The tree in which a new file may lie: its folder exists, since it goes beside a file that was read. */
function rootFor(absolute: string, cwd: string): string {
  return treeForWriting(dirname(absolute), cwd);
}

/** False where a file could not be put back as it was. */
function putBack({ absolute, after, before }: PlannedFile): boolean {
  try {
    if (before) {
      replaceText(absolute, { ...before.content, text: after }, before.content.text, before.tree);
      return true;
    }
    if (!readFileSync(absolute).equals(encodeText(after, { name: 'utf8', bom: false }))) return false;
    rmSync(absolute);
    return true;
  } catch {
    return false;
  }
}

/** A path for people. */
export function shownPath(absolute: string, cwd: string): string {
  return relativePath(cwd, absolute);
}
