import { createInterface } from 'node:readline';
import { Failure } from '../failure';

/** Asks on the terminal; anything but yes is no. Without a terminal nobody can answer: a {@link Failure}. */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Failure('no terminal to confirm in: check the preview, then run it again with --yes.');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await new Promise<string>((done) => {
      reader.once('close', () => done(''));
      reader.question(`${question} [y/N] `, done);
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    reader.close();
  }
}
