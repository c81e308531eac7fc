import type { RemoteConsole } from 'vscode-languageserver/node';
import { errorLines } from '../core/text/errorLines';
import { visible } from '../core/text/visible';

/** How many skipped files the log names. */
const named = 20;

/** What the log is told of one reading of the workspace. */
export interface ScanSummary {
  readonly files: number;
  /** Of these, how many were read from the disk, and how many are as they were in the last session. Others are open in the editor. */
  readonly read: number;
  readonly unchanged: number;
  readonly relevant: number;
  readonly milliseconds: number;
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
}

/**
 * The server's log: the client shows it as its output channel. Tells what was read, skipped and set, so that a reader of the
 * log knows why something is or is not reported. Never holds texts of files. Each message is one line in which nothing of
 * a workspace, such as a file's name, can begin a line of its own.
 */
export class Log {
  private readonly crashed = new Set<string>();
  private settings = '';

  constructor(private readonly console: Pick<RemoteConsole, 'info' | 'warn' | 'error'>) {}

  info(message: string): void {
    this.console.info(visible(message));
  }

  warn(message: string): void {
    this.console.warn(visible(message));
  }

  /** A warning whose line breaks are ours, such as one with the frames of a stack. */
  warnLines(message: string): void {
    this.console.warn(message.split('\n').map(visible).join('\n'));
  }

  /** The server was started, by which client and on which folders. */
  started(version: string, client: string, folders: readonly string[]): void {
    this.info(`Language server ${version}, Node.js ${process.versions.node}, for ${client}; folders: ${folders.join(', ') || 'none'}`);
  }

  /** The settings in force; told when they differ from the last ones. */
  settingsAre(settings: Readonly<Record<string, unknown>>, source: string | undefined): void {
    const text = `Settings${source === undefined ? '' : `, with those of ${source}`}: ${JSON.stringify(settings)}`;
    if (text === this.settings) return;
    this.settings = text;
    this.info(text);
  }

  /** All files were read. */
  scanned({ files, read, unchanged, relevant, milliseconds, skipped }: ScanSummary): void {
    const kept = unchanged > 0 ? `, ${unchanged} unchanged since the last session` : '';
    this.info(
      `Indexed ${count(files, 'file')} in ${Math.round(milliseconds)} ms: ${read} read${kept}, ${relevant} with workloads or roles, ${skipped.length} skipped`,
    );
    for (const { uri, reason } of skipped.slice(0, named)) this.info(`Skipped ${uri}: ${reason}`);
    if (skipped.length > named) this.info(`Skipped ${skipped.length - named} more`);
  }

  /** A fault of our own: told once for each place, with where it happened. */
  crash(place: string, error: unknown): void {
    if (this.crashed.has(place)) return;
    this.crashed.add(place);
    this.console.error(`${visible(place)} failed and was skipped; other parts continue. ${errorLines(error).join('\n')}`);
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
