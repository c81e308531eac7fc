import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { escapeOf, replaceUnseen, visible, withoutRunnerCommands } from '../core/text/visible';

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

/**
 * Where a command writes: results to standard output, all else to standard error. Whatever is written goes through
 * {@link printable}, except for what is meant for a program and has escapes of its own ({@link Console.printAsIs}).
 */
export class Console {
  readonly paint: Paint;
  readonly quiet: boolean;
  readonly debug: boolean;
  private readonly showsProgress: boolean;
  private progressShown = false;
  private lastProgress = 0;

  constructor(
    options: CommonOptions,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {
    this.quiet = options.quiet ?? false;
    this.debug = options.debug ?? false;
    this.paint = paint(colours(options, out));
    this.showsProgress = !this.quiet && err.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** Writes a result, whose line breaks are ours; waits where the reader is slower than we are. */
  async print(text: string): Promise<void> {
    await this.printAsIs(printable(text));
  }

  /** Writes a result byte for byte, for a program that reads it. */
  async printAsIs(text: string): Promise<void> {
    this.endProgress();
    await write(this.out, text);
  }

  /** Writes a file's content: byte for byte into a pipe or a file, made visible on a terminal. */
  async printFile(text: string): Promise<void> {
    await this.printAsIs(this.out.isTTY ? printable(visibleLines(text)) : text);
  }

  /** A word to the user that is no result. Said even with `--quiet`: it is only called for what went wrong. */
  complain(message: string): void {
    this.endProgress();
    this.err.write(printable(`pod-roles: ${visible(message)}\n`));
  }

  /** A word to the user that is neither result nor trouble, in one line. It may be painted. */
  note(message: string): void {
    this.noteLines(message.replaceAll('\n', '\\n'));
  }

  /** The same in several lines: line breaks are ours, and what came from elsewhere is visible. */
  noteLines(text: string): void {
    if (this.quiet) return;
    this.endProgress();
    this.err.write(printable(`${text}\n`));
  }

  /** Says how far the work is, on a terminal, at most ten times a second. */
  progress(message: () => string): void {
    if (!this.showsProgress) return;
    const now = Date.now();
    if (now - this.lastProgress < 100) return;
    this.lastProgress = now;
    this.progressShown = true;
    this.err.write(`\r\u001b[K${visible(message())}`);
  }

  endProgress(): void {
    if (!this.progressShown) return;
    this.progressShown = false;
    this.err.write('\r\u001b[K');
  }
}

/** What {@link paint} writes. */
const ownColour = /(\u001b\[(?:1|2|22|31|32|33|36|39)m)/;

/**
 * The last thing that happens to text before people see it. What came from files was made visible where the text was
 * composed; here nothing passes that was not: only line breaks, tabs and our own colours, and no line that a CI runner
 * takes for a command (`::error …` after any white space; `##[…` anywhere). Source: actions/runner, `ActionCommand`.
 */
export function printable(text: string): string {
  return withoutRunnerCommands(text, '\\x23')
    .split('\n')
    .map((line) => {
      const [body, end] = line.endsWith('\r') ? [line.slice(0, -1), '\r'] : [line, ''];
      return withoutUnseen(body).replace(/^((?:\s|\u001b\[\d+m)*):(?=:)/, '$1\\x3a') + end;
    })
    .join('\n');
}

function withoutUnseen(line: string): string {
  // Most lines hold nothing of the kind.
  if (replaceUnseen(line, (character) => (character === '\t' ? character : '')) === line) return line;
  return line
    .split(ownColour)
    .map((part, index) =>
      index % 2 === 1 ? part : replaceUnseen(part, (character) => (character === '\t' ? character : escapeOf(character))),
    )
    .join('');
}

/** Text of several lines, each visible by itself. */
function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(visible).join('\t'))
    .join('\n');
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
  const colour =
    (code: number, end = 39) =>
    (text: string) =>
      on && text !== '' ? `\u001b[${code}m${text}\u001b[${end}m` : text;
  return { error: colour(31), warning: colour(33), info: colour(36), good: colour(32), dim: colour(2, 22), bold: colour(1, 22) };
}
