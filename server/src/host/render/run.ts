import { spawn } from 'node:child_process';
import { systemReason } from '../readText';
import type { Tool } from './tools';

export type ToolResult =
  | { readonly kind: 'done'; readonly stdout: string }
  /** Why there is no output, in plain words without the path. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface RunOptions {
  readonly cwd: string;
  /** Milliseconds. */
  readonly timeLimit: number;
  /** Bytes of output. */
  readonly sizeLimit: number;
  /** Aborted: the program is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** How long after a program's end its output is waited for, in milliseconds. */
const outputDelay = 1000;

/** Runs a renderer without a shell and gives what it prints. Never throws; the program does not outlive its limits. */
export function runTool(tool: Tool, more: readonly string[], { cwd, timeLimit, sizeLimit, signal }: RunOptions): Promise<ToolResult> {
  return new Promise((done) => {
    const child = spawn(tool.command, [...tool.arguments, ...more], {
      cwd,
      env: environmentOf(tool),
      shell: false,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let size = 0;
    let errors = '';
    let ended = false;
    const end = (result: ToolResult): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      // What the program started may still hold its output open: it is not waited for.
      child.stdout.destroy();
      child.stderr.destroy();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      done(result);
    };
    const aborted = (): void => end({ kind: 'failed', reason: 'stopped' });
    const timer = setTimeout(
      () => end({ kind: 'failed', reason: `${tool.name} took longer than ${timeLimit / 1000} seconds and was stopped` }),
      timeLimit,
    );
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted) aborted();
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > sizeLimit) end({ kind: 'failed', reason: `${tool.name} printed more than ${sizeLimit / 1024 / 1024} MB and was stopped` });
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 10_000) errors += chunk.toString('utf8');
    });
    child.on('error', (error) => end({ kind: 'failed', reason: `${tool.name} could not be started: ${systemReason(error)}` }));
    const exited = (code: number | null, cause: NodeJS.Signals | null): void => {
      if (code === 0) end({ kind: 'done', stdout: Buffer.concat(out).toString('utf8') });
      else
        end({
          kind: 'failed',
          reason: `${tool.name} ended with ${code === null ? `signal ${cause}` : `exit code ${code}`}${said(errors)}`,
        });
    };
    child.on('close', exited);
    // Something that the program left behind may hold its output open.
    child.on('exit', (code, cause) => void setTimeout(exited, outputDelay, code, cause).unref());
  });
}

/** A script's `#!/usr/bin/env …`, and what a tool runs itself, are looked for on the tool's own PATH. */
function environmentOf({ path }: Tool): NodeJS.ProcessEnv {
  if (path === undefined) return process.env;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.toUpperCase() !== 'PATH')), PATH: path };
}

/** What a program's complaints say most, in one line of at most 300 characters. Go's errors begin with the whole way and end with the cause. */
function said(errors: string): string {
  const lines = errors
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = logged(errors) ?? lines.find((each) => /^(?:Error|error):/.test(each)) ?? lines[lines.length - 1];
  if (line === undefined) return '';
  const text = line
    .replace(/^(?:Error|error):\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return `: ${text.length <= 300 ? text : `${text.slice(0, 90).trimEnd()} … ${text.slice(-200).trimStart()}`}`;
}

/** The error in a line of Kubernetes' log, as kubectl writes it: `E1125 … "command failed" err="…"`, or over several lines between `<` and `>`. */
function logged(errors: string): string | undefined {
  const quoted = /^E\d{4} [^\n]* err="((?:[^"\\]|\\.)*)"/m.exec(errors)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return /^E\d{4} [^\n]* err=<\n([^]*?)\n\s*>/m.exec(errors)?.[1];
}
