import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { isAscii, isUtf8 } from 'node:buffer';

/** How a file's bytes stood for its text, so that a fix can be written back alike. */
export interface FileEncoding {
  readonly name: 'utf8' | 'utf16le' | 'utf16be';
  /** True when the file begins with a byte order mark. It is no part of the text. */
  readonly bom: boolean;
}

export interface TextFile {
  readonly text: string;
  readonly encoding: FileEncoding;
}

/** What reading gave: the text, or a plain reason why there is none, or (only with `matters`) that the file is of no concern. */
export type ReadResult =
  | { readonly kind: 'text'; readonly file: TextFile }
  | { readonly kind: 'irrelevant' }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface ReadOptions {
  /** The largest file that is read, in bytes. */
  readonly limit?: number;
  /**
   * A quick test of the raw text (ASCII words only). Where it says no, the file is not decoded.
   * Called with the bytes as Latin-1: characters beyond ASCII are not right in it.
   */
  readonly matters?: (raw: string) => boolean;
  /** Reads the pipe that a shell makes of `<(command)` too, a path below /dev. No other pipe: it may have no writer. */
  readonly pipes?: boolean;
  /** True where the path is known to be a regular file's: a small one is then read without asking the system what it is. */
  readonly regular?: boolean;
}

/** Files of this size and more are measured before they are read. Most manifests are smaller. */
const small = 64 * 1024;
const scratch = Buffer.allocUnsafeSlow(small);

/** 20 MB: a manifest or a list of every object of a large cluster stays below it. */
export const defaultSizeLimit = 20 * 1024 * 1024;
/** Git's own measure: a NUL in the first 8,000 bytes makes a file binary. */
const binaryProbe = 8000;

/** What {@link readRegular} gave. */
export type BytesResult = { readonly kind: 'bytes'; readonly bytes: Buffer } | { readonly kind: 'skipped'; readonly reason: string };

/**
 * The bytes of a regular file within a size limit; never throws, and never waits for a pipe. For what is no text, or
 * no text of ours: everything else is read with {@link readText}.
 */
export function readRegular(path: string, limit: number): BytesResult {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    const kind = kindOf(stats);
    if (kind) return { kind: 'skipped', reason: kind };
    if (stats.size > limit) return { kind: 'skipped', reason: tooLarge(stats.size, limit) };
    const bytes = stats.size === 0 ? readUpTo(descriptor, limit) : readExactly(descriptor, stats.size);
    return bytes ? { kind: 'bytes', bytes } : { kind: 'skipped', reason: tooLarge(Infinity, limit) };
  } catch (error) {
    return { kind: 'skipped', reason: systemReason(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Reads a file as text; never throws. The reason for a file that is not read is a phrase without its path. */
export function readText(path: string, options: ReadOptions = {}): ReadResult {
  let descriptor: number | undefined;
  try {
    const pipes = options.pipes === true && isOfShell(path);
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    descriptor = openSync(path, pipes ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const limit = options.limit ?? defaultSizeLimit;
    if (options.regular && limit >= small) {
      // Less than was asked for is all there is. Nothing: a file of size 0 may have content all the same (`/proc`).
      const length = readSync(descriptor, scratch, 0, small, 0);
      if (length > 0 && length < small) return readBytes(scratch.subarray(0, length), options.matters);
    }
    const stats = fstatSync(descriptor);
    const kind = kindOf(stats);
    if (kind && !(pipes && (stats.isFIFO() || stats.isCharacterDevice()))) return { kind: 'skipped', reason: kind };
    if (stats.size > limit) return { kind: 'skipped', reason: tooLarge(stats.size, limit) };
    const bytes =
      stats.isFile() && stats.size > 0 ? readExactly(descriptor, stats.size) : readUpTo(descriptor, Math.min(limit, mostOfStream));
    return bytes ? readBytes(bytes, options.matters) : { kind: 'skipped', reason: tooLarge(Infinity, limit) };
  } catch (error) {
    return { kind: 'skipped', reason: systemReason(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Opens a regular file within a size limit, or a shell's pipe, to be read as a stream. Throws why it cannot be, in plain words. */
export function openStream(path: string, limit: number): number {
  const descriptor = openSync(path, isOfShell(path) ? constants.O_RDONLY : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stats = fstatSync(descriptor);
  const kind = isOfShell(path) ? undefined : kindOf(stats);
  if (kind === undefined && stats.size <= limit) return descriptor;
  closeSync(descriptor);
  throw new Error(kind ?? tooLarge(stats.size, limit));
}

/** Whether a path is one that shells give to what they pipe in: `/dev/fd/63`, `/proc/self/fd/11`. */
export function isOfShell(path: string): boolean {
  return /^\/(dev|proc)\//.test(path);
}

/** True for the reason of a file that is skipped because its bytes are not a text: {@link readBytes}. */
export function isNotText(reason: string): boolean {
  return /^(?:binary: |not UTF-)/.test(reason);
}

/** Decodes bytes that are already here, such as those of standard input. Never throws. */
export function readBytes(bytes: Buffer, matters?: (raw: string) => boolean): ReadResult {
  const encoding = encodingOf(bytes);
  if (encoding.name === 'utf8') {
    // Most files: their bytes are their characters.
    if (isAscii(bytes)) {
      const text = bytes.toString('latin1');
      const nul = text.slice(0, binaryProbe).indexOf('\0');
      if (nul >= 0) return { kind: 'skipped', reason: `binary: a NUL byte at offset ${nul}` };
      return matters && !matters(text) ? { kind: 'irrelevant' } : { kind: 'text', file: { text, encoding } };
    }
    const nul = bytes.subarray(0, binaryProbe).indexOf(0);
    if (nul >= 0) return { kind: 'skipped', reason: `binary: a NUL byte at offset ${nul}` };
    if (!isUtf8(bytes)) return { kind: 'skipped', reason: notUtf8(bytes) };
    if (matters && !matters(bytes.toString('latin1'))) return { kind: 'irrelevant' };
    return { kind: 'text', file: { text: bytes.toString('utf8', encoding.bom ? 3 : 0), encoding } };
  }
  if (bytes.length % 2 === 1)
    return { kind: 'skipped', reason: 'not UTF-16: its byte order mark says so, but a byte is missing at the end' };
  const text = decodeUtf16(bytes, encoding.name);
  return matters && !matters(text) ? { kind: 'irrelevant' } : { kind: 'text', file: { text, encoding } };
}

/** The bytes of a text in an encoding, byte order mark included. */
export function encodeText(text: string, encoding: FileEncoding): Buffer {
  const marked = encoding.bom ? `\uFEFF${text}` : text;
  if (encoding.name === 'utf8') return Buffer.from(marked, 'utf8');
  const bytes = Buffer.from(marked, 'utf16le');
  return encoding.name === 'utf16be' ? bytes.swap16() : bytes;
}

/** A system error in plain words, without path and stack. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    ELOOP: 'a link that leads back to itself',
    EISDIR: 'a folder',
    ENXIO: 'a socket or a pipe',
    EMFILE: 'too many open files',
    EIO: 'the disk could not be read',
    ENAMETOOLONG: 'its name is too long',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    ERR_STRING_TOO_LONG: 'too large to read as one text',
    ERR_FS_FILE_TOO_LARGE: 'too large to read',
  };
  if (code && known[code]) return known[code];
  return code ? `the system answered ${code}` : error instanceof Error ? error.message : String(error);
}

function kindOf(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a named pipe';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/** A pipe or device gives at most this much, whatever the limit: `/dev/zero` has no end. 1 GB. */
const mostOfStream = 1024 * 1024 * 1024;

/** Reads what does not tell its size: a pipe, or a file of size 0 that has content all the same (`/proc`). Undefined past the limit. */
function readUpTo(descriptor: number, limit: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let length = 0; length <= limit;) {
    const chunk = Buffer.allocUnsafe(small);
    const read = readSync(descriptor, chunk, 0, small, null);
    if (read === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, read));
    length += read;
  }
  return undefined;
}

/** Reads a regular file. A file that is cut meanwhile gives what is there. */
function readExactly(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function encodingOf(bytes: Buffer): FileEncoding {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { name: 'utf8', bom: true };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { name: 'utf16le', bom: true };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { name: 'utf16be', bom: true };
  return { name: 'utf8', bom: false };
}

function decodeUtf16(bytes: Buffer, name: 'utf16le' | 'utf16be'): string {
  return name === 'utf16le' ? bytes.toString('utf16le', 2) : Buffer.from(bytes.subarray(2)).swap16().toString('utf16le');
}

/** Why a file of a size (in bytes; Infinity where it has no end) is not read. */
export function tooLarge(size: number, limit: number): string {
  if (size === Infinity) return `too large: it has no end, or more than the limit of ${limit / 1024 / 1024} MB`;
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(bytes >= 10 * 1024 * 1024 ? 0 : 1)} MB`;
  return `too large: ${megabytes(size)}, the limit is ${megabytes(limit)}`;
}

/** Names the first byte that UTF-8 does not allow. Only called when there is one. */
function notUtf8(bytes: Buffer): string {
  // Decoding puts a replacement character where the bytes are wrong: the first difference is there or within it.
  const again = Buffer.from(bytes.toString('utf8'), 'utf8');
  let offset = 0;
  while (offset < bytes.length && bytes[offset] === again[offset]) offset++;
  while (offset > 0 && !isUtf8(bytes.subarray(0, offset))) offset--;
  const byte = bytes[offset] ?? 0;
  return `not UTF-8: byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} at offset ${offset}`;
}
