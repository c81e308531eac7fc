import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LspClient } from '../support/lspClient';

/** A folder that somebody made to hang or harm whoever opens it. */
export interface HostileFolder {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Makes what is no plain file: links, pipes. */
  readonly prepare?: (root: string) => void;
  /** What the command line must say of it, on either stream. */
  readonly says?: RegExp;
  /** What it must exit with; absent: 0 or 1. */
  readonly code?: number;
  /** Arguments in place of `check .`. */
  readonly args?: readonly string[];
  /** Only where the system has pipes and links. */
  readonly posix?: true;
}

/** So long anything may take before it counts as hanging, in milliseconds. By hand each takes less than two seconds. */
export const patience = 20_000;

const dist = resolve(import.meta.dirname, '../../dist');

export interface Ended {
  /** Null: the watchdog ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** Writes a hostile folder and runs the built command line in it, under the watchdog. */
export async function runHostile(hostile: HostileFolder): Promise<Ended> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pod-roles-hostile-')));
  try {
    for (const [path, text] of Object.entries(hostile.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    hostile.prepare?.(root);
    return await new Promise((done, fail) => {
      const child = spawn(process.execPath, [join(dist, 'cli.js'), ...(hostile.args ?? ['check', '.'])], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += output.length < 1_000_000 ? chunk.toString() : ''));
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      child.on('error', fail);
      child.on('close', (code) => {
        clearTimeout(timer);
        done({ code, output });
      });
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * Opens a hostile folder in the built server, opens each of its files and asks what an editor asks: diagnostics, code
 * actions, lenses, and hover, completion, definition and references at some places. Throws where an answer does not come.
 */
export async function serveHostile(hostile: HostileFolder): Promise<void> {
  const { timer, late } = watch(`opening "${hostile.name}"`);
  const starting = LspClient.start({ files: hostile.files, ...(hostile.prepare ? { prepare: hostile.prepare } : {}) });
  let client: LspClient | undefined;
  try {
    client = await Promise.race([starting, late]);
  } finally {
    clearTimeout(timer);
    if (!client)
      void starting.then(
        (other) => other.kill(),
        () => undefined,
      );
  }
  try {
    for (const [path, text] of Object.entries(hostile.files)
      .filter(([name]) => /\.(ya?ml|json|tf|md)$/.test(name))
      .slice(0, 5)) {
      const asked = watch(`asking of ${path} in "${hostile.name}"`);
      await Promise.race([askAll(client, path, text), asked.late]).finally(() => clearTimeout(asked.timer));
    }
    const asked = watch(`asking of the whole of "${hostile.name}"`);
    await Promise.race([client.request('workspace/diagnostic', { previousResultIds: [] }), asked.late]).finally(() =>
      clearTimeout(asked.timer),
    );
  } finally {
    client.kill();
  }
}

async function askAll(client: LspClient, path: string, text: string): Promise<void> {
  const { uri } = await client.open(path, text);
  const textDocument = { uri };
  const diagnostics = await client.diagnostics(path);
  const lines = text.split('\n');
  const whole = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  for (const range of [whole, ...diagnostics.slice(0, 20).map((each) => each.range)])
    await client.request('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } });
  await client.request('textDocument/codeLens', { textDocument });
  const places = [
    { line: 0, character: 0 },
    ...diagnostics.slice(0, 5).map((each) => each.range.start),
    { line: lines.length >> 1, character: 3 },
    { line: lines.length - 1, character: 0 },
  ];
  for (const position of places) {
    for (const method of ['hover', 'completion', 'definition', 'prepareRename'])
      await client.request(`textDocument/${method}`, { textDocument, position });
    await client.request('textDocument/references', { textDocument, position, context: { includeDeclaration: true } });
    await client.request('podRoles/explain', { uri, position });
  }
  await client.request('podRoles/accessMap', {});
}

function watch(what: string): { timer: NodeJS.Timeout; late: Promise<never> } {
  let timer!: NodeJS.Timeout;
  const late = new Promise<never>(
    (_, fail) => (timer = setTimeout(() => fail(new Error(`${what} took longer than ${patience / 1000} seconds`)), patience)),
  );
  late.catch(() => undefined);
  return { timer, late };
}
