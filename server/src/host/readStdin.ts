import { readSync } from 'node:fs';

/**
 * All of standard input, at once. Throws what the system answers, and a RangeError past the limit (in bytes).
 * `readFileSync(0)` will not do: it throws EAGAIN where the other side made the pipe non-blocking.
 */
export function readStdin(limit: number): Buffer {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(1 << 16);
    const read = readSome(chunk);
    if (read === 0) return Buffer.concat(chunks, length);
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (length > limit) throw new RangeError(`too large, the limit is ${limit / 1024 / 1024} MB`);
  }
}

function readSome(chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // How Windows says that the pipe has ended.
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
