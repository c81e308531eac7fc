import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command line as a process. */
export interface Cli {
  (args: readonly string[], options: CliOptions): Promise<CliResult>;
  /** The built program. */
  readonly program: string;
}

/**
 * The command line that `buildCli.ts` built before the run. Called at the top of a file.
 * @param options.actions with the data on AWS's actions beside it, as in dist/.
 */
export function useCli(options: { readonly actions?: boolean } = {}): Cli {
  const program = join(inject('builtCli'), options.actions ? 'actions' : 'plain', 'cli.js');
  return Object.assign((args: readonly string[], options: CliOptions) => run([program, ...args], options), { program });
}

function run(args: readonly string[], { cwd, input, env }: CliOptions): Promise<CliResult> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...clean } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...clean, ...env }, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
    // A program that does not read its input closes it: that is no failure of the test.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
