import type { RemoteConsole } from 'vscode-languageserver/node';
import { errorLines } from '../core/text/errorLines';
import { visible } from '../core/text/visible';

/**
 * The server's log: the client shows it as its output channel. Never holds texts of files. Each message is one line in
 * which nothing of a workspace, such as a file's name, can begin a line of its own.
 */
export class Log {
  private readonly crashed = new Set<string>();

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

  /** A fault of our own: told once for each place, with where it happened. */
  crash(place: string, error: unknown): void {
    if (this.crashed.has(place)) return;
    this.crashed.add(place);
    this.console.error(`${visible(place)} failed and was left out; other parts go on. ${errorLines(error).join('\n')}`);
  }
}
