import { build } from 'esbuild';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../scripts/support/run.mjs';
import { LanguageServer } from './languageServer.mjs';

/** The product's server. */
export const server = [join(root, 'dist/server.js'), '--stdio'];
const keys = 9;
const questions = 5;

/** Builds the language server that does nothing, as one file like the product's. Returns its path. */
export async function buildEmptyServer(scratch) {
  const outfile = join(scratch, 'emptyServer.js');
  await build({
    entryPoints: [join(root, 'bench/bounds/emptyServer.mjs')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'warning',
  });
  return outfile;
}

/** From the start of the process to the first diagnostics of the open file, in turn with a server that does nothing. Seconds, medians. */
export async function measureStart(emptyServer, workspace, rounds) {
  const times = { bound: [], product: [] };
  const path = join(workspace.folder, workspace.open);
  for (let round = 0; round < rounds; round++) {
    for (const [who, argv] of [
      ['bound', [emptyServer, '--stdio']],
      ['product', server],
    ]) {
      const client = new LanguageServer(argv);
      await client.initialize(workspace.folder);
      client.open(path, readFileSync(path, 'utf8'));
      await client.published(client.uri, 0);
      times[who].push((performance.now() - client.started) / 1000);
      client.stop();
    }
  }
  return { bound: middle(times.bound), product: middle(times.product) };
}

/**
 * A long file open: keys typed, completion, hover. Seconds, medians (and the best, of which the machine's other work took least); `wrong`: what was missed or found where nothing is planted.
 * @param {readonly string[]} argv the server
 */
export async function measureLongFile(argv, folder, { text, planted, at }, settings) {
  const path = join(folder, 'k8s/all.yaml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const client = new LanguageServer(argv, settings);
  try {
    await client.initialize(folder);
    client.open(path, text);
    const diagnostics = await client.published(client.uri, 0);
    const lines = new Set(diagnostics.map(({ range }) => range.start.line));
    const wrong = [
      ...planted.filter((line) => !lines.has(line)).map((line) => `missed: line ${line + 1}`),
      ...[...lines].filter((line) => !planted.includes(line)).map((line) => `not planted: line ${line + 1}`),
    ];
    const typed = [];
    for (let i = 0; i < keys; i++) {
      typed.push(await client.type(at.line, at.character, 'x'));
      typed.push(await client.type(at.line, at.character, '', 1));
    }
    const completion = await ask(client, 'textDocument/completion', at);
    const hover = await ask(client, 'textDocument/hover', at);
    return {
      typed: middle(typed) / 1000,
      typedAtBest: Math.min(...typed) / 1000,
      completion: completion / 1000,
      hover: hover / 1000,
      memory: client.memory()?.most,
      wrong,
    };
  } finally {
    client.stop();
  }
}

/** The most memory that the server holds with a long file open in a workspace whose files it has all read; bytes. */
export async function measureMemory(workspace, { text, at }) {
  const client = new LanguageServer(server);
  try {
    await client.initialize(workspace.folder);
    client.open(join(workspace.folder, 'k8s/all.yaml'), text);
    await client.published(client.uri, 0);
    await client.request('podRoles/checkWorkspace');
    await client.type(at.line, at.character, 'x');
    return client.memory()?.most;
  } finally {
    client.stop();
  }
}

async function ask(client, method, { line, character }) {
  const times = [];
  for (let i = 0; i < questions; i++) times.push((await client.timed(method, line, character)).time);
  return middle(times);
}

/** The middle one of some numbers. */
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
