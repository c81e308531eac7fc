import { window, type LogOutputChannel, type OutputChannel } from 'vscode';

/** So many lines of the log are kept for a report. */
const kept = 500;

/** The output channel "Pod Roles", whose level the user picks with "Developer: Set Log Level", and its last lines. */
export class RecordedLog {
  readonly channel: LogOutputChannel;
  private readonly lines: string[] = [];

  constructor() {
    const channel = window.createOutputChannel('Pod Roles', { log: true });
    const recording = (level: 'info' | 'warn' | 'error'): PropertyDescriptor => ({
      value: (message: string | Error, ...rest: unknown[]) => {
        this.record(`[${level}] ${message instanceof Error ? message.message : message}`);
        channel[level](message as string, ...rest);
      },
    });
    this.channel = Object.create(channel, {
      info: recording('info'),
      warn: recording('warn'),
      error: recording('error'),
    }) as LogOutputChannel;
  }

  /** The last lines, the oldest first, each with its time. */
  get recent(): readonly string[] {
    return this.lines;
  }

  private record(line: string): void {
    this.lines.push(`${new Date().toISOString()} ${line}`);
    if (this.lines.length > kept) this.lines.shift();
  }
}

const levels = { Error: 'error', Warn: 'warn', Info: 'info', Debug: 'debug', Trace: 'trace' } as const;
const stamped = /^\[(Error|Warn|Info|Debug|Trace)\s*-\s*[^\]]*\]\s?/;

/**
 * What the language client writes to: it stamps each line with level and time itself, which the
 * log channel would do a second time. A line without a stamp keeps the level of the one before.
 */
export function serverChannel(log: LogOutputChannel): OutputChannel {
  let level: (typeof levels)[keyof typeof levels] = 'info';
  return channel(log, (line) => {
    const stamp = stamped.exec(line);
    if (stamp) level = levels[stamp[1] as keyof typeof levels];
    const message = stamp ? line.slice(stamp[0].length) : line;
    // The client calls every end of the server's process an error; this one was asked for.
    if (message === 'Server process exited with code 0.') log.info('The language server has stopped.');
    else if (message.trim() !== '') log[level](message);
  });
}

/** What `podRoles.trace.server` writes: whoever turned it on wants to read it, at the level that logs have by default. */
export function traceChannel(log: LogOutputChannel): OutputChannel {
  return channel(log, (line) => {
    if (line.trim() !== '') log.info(line.replace(stamped, 'Trace: '));
  });
}

function channel(log: LogOutputChannel, writeLine: (line: string) => void): OutputChannel {
  const write = (text: string): void => text.split('\n').forEach(writeLine);
  return {
    name: log.name,
    append: write,
    appendLine: write,
    replace: write,
    clear: () => log.clear(),
    show: () => log.show(true),
    hide: () => log.hide(),
    // The channel belongs to the extension, not to one run of the client.
    dispose: () => undefined,
  };
}
