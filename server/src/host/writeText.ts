import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeText, type TextFile } from './readText';

/**
 * Writes a file whole or not at all: a neighbour is written and renamed over it. A link stays a link
 * (its target is written), the mode is kept, and so are encoding and byte order mark. Throws what the
 * system answers; then the old file is untouched.
 */
export function writeText(path: string, file: TextFile): void {
  const target = realpathSync(path);
  const mode = statSync(target).mode & 0o7777;
  const temporary = join(dirname(target), `.pod-roles-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  try {
    const descriptor = openSync(temporary, 'wx', mode);
    try {
      const bytes = encodeText(file.text, file.encoding);
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
