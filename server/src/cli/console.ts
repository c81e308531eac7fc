import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The options that every command has. */
export interface CommonOptions {
  /** False with `--no-color`. */
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Paints text for a terminal; gives it back as it is where colours are off. */
export interface Paint {
  error(text: string): string;
  warning(text: string): string;
  info(text: string): string;
  good(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** Where a command writes: results to standard output, all else to standard error. */
export class Console {
  readonly paint: Paint;
  readonly quiet: boolean;
  readonly debug: boolean;
  private readonly showsProgress: boolean;
  private progressShown = false;
  private lastProgress = 0;

  constructor(options: CommonOptions, private readonly out: NodeJS.WriteStream = process.stdout, private readonly err: NodeJS.WriteStream = process.stderr) {
    this.quiet = options.quiet ?? false;
    this.debug = options.debug ?? false;
    this.paint = paint(colours(options, out));
    this.showsProgress = !this.quiet && err.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** Writes a result; waits where the reader is slower than we are. */
  async print(text: string): Promise<void> {
    this.endProgress();
    await write(this.out, text);
  }

  /** A word to the user that is no result. Said even with `--quiet`: it is only called for what went wrong. */
  complain(message: string): void {
    this.endProgress();
    this.err.write(`pod-roles: ${message}\n`);
  }

  /** A word to the user that is neither result nor trouble. */
  note(message: string): void {
    if (this.quiet) return;
    this.endProgress();
    this.err.write(`${message}\n`);
  }

  /** Says how far the work is, on a terminal, at most ten times a second. */
  progress(message: () => string): void {
    if (!this.showsProgress) return;
    const now = Date.now();
    if (now - this.lastProgress < 100) return;
    this.lastProgress = now;
    this.progressShown = true;
    this.err.write(`\r\u001b[K${message()}`);
  }

  endProgress(): void {
    if (!this.progressShown) return;
    this.progressShown = false;
    this.err.write('\r\u001b[K');
  }
}

async function write(stream: Writable, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await once(stream, 'drain');
}

/** Source: no-color.org; FORCE_COLOR as Node itself reads it. */
function colours(options: CommonOptions, out: NodeJS.WriteStream): boolean {
  if (options.color === false || (process.env['NO_COLOR'] ?? '') !== '') return false;
  const force = process.env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return out.isTTY === true && process.env['TERM'] !== 'dumb';
}

function paint(on: boolean): Paint {
  const colour = (code: number, end = 39) => (text: string) => (on && text !== '' ? `\u001b[${code}m${text}\u001b[${end}m` : text);
  return { error: colour(31), warning: colour(33), info: colour(36), good: colour(32), dim: colour(2, 22), bold: colour(1, 22) };
}
