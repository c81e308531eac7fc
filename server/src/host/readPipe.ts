import { fstatSync } from 'node:fs';

/**
 * What was piped to standard input, where nobody asked to read it: undefined for a terminal, a device such as /dev/null, and
 * a pipe in which nothing arrives for so long, as that of a CI runner that never ends. Once something has arrived, all is read.
 * Throws what the system answers, and a RangeError past the limit (in bytes).
 * @param patience in milliseconds
 */
export async function readPipe(limit: number, patience: number): Promise<Buffer | 'silent' | undefined> {
  if (!isPiped()) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((done, fail) => {
    const { stdin } = process;
    const end = (act: () => void): void => {
      clearTimeout(timer);
      // A stream that goes on would keep the process alive.
      stdin.destroy();
      act();
    };
    const timer = setTimeout(() => end(() => done('silent')), patience);
    stdin.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) end(() => fail(new RangeError(`too large, the limit is ${limit / 1024 / 1024} MB`)));
    });
    stdin.on('end', () => end(() => done(Buffer.concat(chunks, length))));
    stdin.on('error', (error) => end(() => fail(error)));
  });
}

function isPiped(): boolean {
  if (process.stdin.isTTY) return false;
  try {
    return !fstatSync(0).isCharacterDevice();
  } catch {
    // Standard input is closed.
    return false;
  }
}
