import type { RemoteConsole } from 'vscode-languageserver/node';

/** The server's log: the client shows it as its output channel. Never holds texts of files. */
export class Log {
  private readonly crashed = new Set<string>();

  constructor(private readonly console: Pick<RemoteConsole, 'info' | 'warn' | 'error'>) {}

  info(message: string): void {
    this.console.info(message);
  }

  warn(message: string): void {
    this.console.warn(message);
  }

  /** A fault of our own: told once for each place, with where it happened. */
  crash(place: string, error: unknown): void {
    if (this.crashed.has(place)) return;
    this.crashed.add(place);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.console.error(`${place} failed and was left out; other parts go on. ${detail}`);
  }
}
