import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { packIamData } from '../../scripts/iamData.mjs';

const root = resolve(import.meta.dirname, '../..');

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
 * Builds the command line for the tests of a file. Called once, at the top of a file.
 * @param options.actions with the data on AWS's actions beside it, as in dist/.
 */
export function useCli(options: { readonly actions?: boolean } = {}): Cli {
  const folder = join(root, 'out', 'test-cli', `${process.pid}-${Math.random().toString(36).slice(2)}`);
  const program = join(folder, 'cli.js');
  beforeAll(async () => {
    await build({
      entryPoints: [join(root, 'server/src/cli/main.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'warning',
      // As scripts/build.mjs has it: Terraform is read by it.
      alias: { 'web-tree-sitter': createRequire(import.meta.url).resolve('web-tree-sitter') },
    });
    if (options.actions) writeFileSync(join(folder, 'iam-data.json'), JSON.stringify(packIamData()));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
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
