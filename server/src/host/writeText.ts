import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { dirname } from 'node:path';
import { isWithin } from './paths';
import { encodeText, systemReason, type TextFile } from './readText';
import { isBeingWritten, removeStaleTemporaries, temporaryNameFor } from './temporaryFile';

/** Why a file was not written, as a phrase without its path. The file is as it was. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/**
 * Replaces a file's text, whole or not at all: the new one is written beside it and renamed over it. A link stays a link,
 * and its target is written. Mode, owner, group, encoding and byte order mark are kept. Extended attributes and access
 * control lists are not (Node cannot read them; Git's own checkout drops them, too).
 *
 * Throws {@link NotWritten}, and then nothing has changed, if
 * - a link leads out of the tree,
 * - the file is not what was read, or changes meanwhile (one that has the new text already counts as written),
 * - it is read-only, or has further names (hard links), which would keep the old text,
 * - its owner cannot be kept, or another run keeps writing it,
 * - the system refuses, for example because the disk is full.
 *
 * @param tree the folder, without links in its path, in which the file must lie
 * @param before what was read; the bytes on disk must still be these
 */
export function replaceText(path: string, before: TextFile, text: string, tree: string): void {
  const [expected, wanted] = [encodeText(before.text, before.encoding), encodeText(text, before.encoding)];
  refusing(() => {
    for (let attempt = 1; !tryReplace(path, expected, wanted, tree); attempt++) {
      if (attempt === mostAttempts) throw new NotWritten('another run of pod-roles is writing it');
      // Two runs that see each other both step back, for times that differ.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 + ((process.pid * attempt) % 23));
    }
  });
}

/** False if another run is writing the file: then nothing was done. */
function tryReplace(path: string, expected: Buffer, wanted: Buffer, tree: string): boolean {
  const target = realpathSync(path);
  if (!isWithin(tree, target))
    throw new NotWritten('it is a link, or lies behind one, to a file outside of this folder or repository; name that file to change it');
  const old = read(target);
  if (old.bytes.equals(wanted)) return true;
  checkWritable(target, old.stats);
  if (!old.bytes.equals(expected)) throw new NotWritten(changedMeanwhile);
  return withTemporary(target, (temporary) => {
    writeNew(temporary, wanted, old.stats);
    // Each run makes its own file before it looks for others', so of two at most one goes on.
    if (isBeingWritten(target)) return false;
    if (realpathSync(path) !== target || !isSame(lstatSync(target, { bigint: true }), old.stats)) throw new NotWritten(changedMeanwhile);
    renameSync(temporary, target);
    return true;
  });
}

/**
 * Creates a file with its folders, whole or not at all, and never over another file or through a link below `root`.
 * Throws {@link NotWritten}.
 * @param root a folder that need not exist yet; links in its own path were the user's choice
 */
export function createText(path: string, text: string, root: string, options: { readonly executable?: boolean } = {}): void {
  refusing(() => {
    if (hasLinkBelow(root, path)) throw new NotWritten(linkBelow);
    mkdirSync(dirname(path), { recursive: true });
    if (lstatSync(path, { throwIfNoEntry: false })) throw new NotWritten('it appeared meanwhile');
    withTemporary(path, (temporary) => {
      writeNew(temporary, Buffer.from(text, 'utf8'), undefined, options.executable ? 0o777 : 0o666);
      if (hasLinkBelow(root, path)) throw new NotWritten(linkBelow);
      place(temporary, path);
    });
  });
}

/** True if the path below a folder goes through a link, or ends in one; what does not exist is none. */
export function hasLinkBelow(root: string, path: string): boolean {
  for (let at = path; at !== root && isWithin(root, at); at = dirname(at)) {
    if (isLink(at)) return true;
  }
  return false;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch (error) {
    // Below a file there is nothing.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** So often a file is tried that another run is writing; in all less than a second. */
const mostAttempts = 40;

const changedMeanwhile = 'it changed since it was read';
/** What is said of a path that {@link hasLinkBelow}. */
export const linkBelow = 'it is a link or lies behind one, and no file is written through links';

/** Turns what the system answers into a {@link NotWritten}. */
function refusing(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof NotWritten ? error : new NotWritten(systemReason(error));
  }
}

interface Read {
  readonly bytes: Buffer;
  readonly stats: BigIntStats;
}

/** Reads a regular file that is no link. */
function read(target: string): Read {
  const descriptor = openSync(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) throw new NotWritten('it is not a regular file');
    return { bytes: readFileSync(descriptor), stats };
  } finally {
    closeSync(descriptor);
  }
}

function checkWritable(target: string, stats: BigIntStats): void {
  // Root may write everything, so the mode is what tells a file that nobody is meant to change.
  if ((stats.mode & 0o222n) === 0n) throw new NotWritten('it is read-only');
  accessSync(target, constants.W_OK);
  if (stats.nlink > 1n) throw new NotWritten(`it has ${stats.nlink} names (hard links), of which only one would get the new text`);
}

/** Gives a new name beside a path to the work, and removes what is left under it. Clears away what killed runs left there. */
function withTemporary<T>(path: string, work: (temporary: string) => T): T {
  removeStaleTemporaries(dirname(path));
  const temporary = temporaryNameFor(path);
  try {
    return work(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Writes a new file to the disk, with the owner, group and mode of another one. */
function writeNew(path: string, bytes: Buffer, like: BigIntStats | undefined, mode = 0o600): void {
  const descriptor = openSync(path, 'wx', mode);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    if (like) keepOwner(descriptor, like);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, like: BigIntStats): void {
  const own = fstatSync(descriptor, { bigint: true });
  try {
    if (own.uid !== like.uid || own.gid !== like.gid) fchownSync(descriptor, Number(like.uid), Number(like.gid));
    // After the owner: changing that clears the bits for set-user-id.
    fchmodSync(descriptor, Number(like.mode & 0o7777n));
  } catch {
    throw new NotWritten('it belongs to another user or group, which a new file could not be given to');
  }
  const now = fstatSync(descriptor, { bigint: true });
  if (now.uid !== like.uid || now.gid !== like.gid || now.mode !== like.mode) throw new NotWritten('its owner and mode could not be kept');
}

function isSame(now: BigIntStats, then: BigIntStats): boolean {
  return (
    now.isFile() &&
    now.dev === then.dev &&
    now.ino === then.ino &&
    now.size === then.size &&
    now.mtimeNs === then.mtimeNs &&
    now.ctimeNs === then.ctimeNs
  );
}

/** Gives a finished file its name, unless something has that name: a second name is never given over another file. */
function place(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new NotWritten('it appeared meanwhile');
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS' && code !== 'EXDEV' && code !== 'EMLINK')
      throw error;
    // A file system without hard links (FAT, some network drives).
    if (lstatSync(path, { throwIfNoEntry: false })) throw new NotWritten('it appeared meanwhile');
    renameSync(temporary, path);
  }
}
