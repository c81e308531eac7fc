// `npm run bench`: makes workspaces and long files with mistakes planted in them, runs the product, its bounds and its
// peers on them in turn, and prints what each cost, in ratios, and how that grows. Build first (`npm run build`).
//
//   --short        1,000 files and the long files, bounds alone, nothing installed
//   --sizes=1000,10000    other numbers of files
//   --no-peers     bounds alone
//
// Ends with 1 when a planted mistake is missed or something else found. A ratio is for people to read: what else the
// machine does is in it, so that none fails a run.
//
// What is printed after "Measured" is what docs/performance.md holds.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCheck } from '../bench/commandLine.mjs';
import { buildEmptyServer, measureLongFile, measureMemory, measureStart, server } from '../bench/editor.mjs';
import { installPeers } from '../bench/peers.mjs';
import { goalsAsTable, rowsAsTable } from '../bench/table.mjs';
import { longFile, writeWorkspace } from '../bench/workspaces.mjs';
import { root } from './support/run.mjs';

const short = process.argv.includes('--short');
const sizes =
  process.argv
    .find((argument) => argument.startsWith('--sizes='))
    ?.slice(8)
    .split(',')
    .map(Number) ?? (short ? [1_000] : [1_000, 10_000, 50_000]);
const lengths = [5_000, 50_000];
/** The largest workspaces take long, and their noise is small beside it. */
const roundsFor = (size) => (size > 10_000 ? 1 : 3);
/** What peers that were measured once (2 cores, Node 20) took, where they are not run: seconds. */
const known = { typed: { 5_000: 0.396, 50_000: 1.332 }, completion: 1.107, hover: 3.601, memory: 723 * 2 ** 20 };

if (!existsSync(join(root, 'dist/cli.js'))) {
  console.error('There is nothing to measure: run `npm run build` first.');
  process.exit(2);
}
const peers = short || process.argv.includes('--no-peers') ? undefined : installPeers();
const scratch = mkdtempSync(join(tmpdir(), 'pod-roles-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const rows = [];
const goals = [];
const wrong = [];
const note = (what) => console.error(`… ${what}`);
const count = (value) => value.toLocaleString('en-US');

const emptyServer = await buildEmptyServer(scratch);
const checks = new Map();
let folder;
for (const size of sizes) {
  note(`a workspace of ${count(size)} files`);
  folder = join(scratch, String(size));
  const workspace = { folder, ...writeWorkspace(folder, size) };
  checks.set(size, checkRows(workspace, roundsFor(size)));
  await startRows(workspace, 2 * roundsFor(size) + 1);
  if (size === 10_000 || sizes.length === 1) await memoryRow(workspace);
  rmSync(folder, { recursive: true });
}
for (const [small, large] of sizes.slice(1).map((size, i) => [sizes[i], size])) {
  const growth = checks.get(large).wall / checks.get(small).wall / (large / small);
  goals.push({ what: `check, growth from ${count(small)} to ${count(large)} files, 1 is linear`, ratio: growth, target: 1 });
}
await longFileRows();

console.log(
  `Measured with Node ${process.versions.node} on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}). In brackets: times the bound of the same row.\n`,
);
console.log(rowsAsTable(rows));
console.log(`\n${goalsAsTable(goals)}\n`);
for (const each of wrong) console.log(each);
console.log(wrong.length === 0 ? 'Every planted mistake was found, and nothing else.' : `${wrong.length} findings are not as planted.`);
if (wrong.length > 0) process.exitCode = 1;

function checkRows(workspace, rounds) {
  note('check');
  const work = `check, ${count(workspace.files)} files, ${(workspace.bytes / 1e6).toFixed(0)} MB`;
  const { results, wrong: found } = measureCheck(workspace, { scratch, rounds, peers });
  wrong.push(...found.map((each) => `${work}: ${each}`));
  const bound = { work, who: 'Node reads all and searches one word', ...results.bound };
  rows.push(bound, { work, who: 'pod-roles check', ...results.product, bound });
  const names = { ripgrep: 'ripgrep for the words', yaml: 'yaml parses all', eslint: 'ESLint, YAML and JSON plugins' };
  for (const [name, who] of Object.entries(names)) if (results[name]) rows.push({ work, who, ...results[name], bound });
  const goal = (what, ratio, target) => goals.push({ what: `${work}: ${what}`, ratio, target });
  // Below 10,000 files the start of Node is most of the bound, and of what is measured.
  if (workspace.files >= 10_000 || short) {
    goal('wall, of the bound', results.product.wall / results.bound.wall, 3);
    goal('CPU, of the bound', results.product.cpu / results.bound.cpu, 2.5);
    goal('memory, of the bound', results.product.memory / results.bound.memory, 1.5);
  }
  if (results.ripgrep) goal('wall, of ripgrep', results.product.wall / results.ripgrep.wall, 5);
  if (results.yaml) goal('wall, of yaml', results.product.wall / results.yaml.wall, 1 / 3);
  if (results.eslint) goal('wall, of ESLint', results.product.wall / results.eslint.wall, 1 / 10);
  return results.product;
}

async function startRows(workspace, rounds) {
  note('start');
  const work = `start → first diagnostics, ${count(workspace.files)} files`;
  const start = await measureStart(emptyServer, workspace, rounds);
  const bound = { work, who: 'an empty language server', wall: start.bound };
  rows.push(bound, { work, who: 'pod-roles', wall: start.product, bound });
  goals.push({ what: work, ratio: start.product / start.bound, target: 1.4 });
}

async function memoryRow(workspace) {
  note('memory');
  const work = `editor, ${count(workspace.files)} files read and 50,000 lines open`;
  const memory = await measureMemory(workspace, longFile(50_000));
  if (memory === undefined) return;
  rows.push({ work, who: 'pod-roles', memory });
  goals.push({ what: `${work}: memory, of yaml-language-server with the file alone`, ratio: memory / known.memory, target: 1 / 4 });
}

async function longFileRows() {
  const typed = new Map();
  for (const lines of lengths) {
    note(`${count(lines)} lines`);
    const file = longFile(lines);
    const mine = await measureLongFile(server, join(scratch, 'long'), file, {});
    const peer =
      peers &&
      (await measureLongFile([peers.yamlLanguageServer, '--stdio'], join(scratch, 'long'), file, {
        yaml: { validate: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false }, hover: true, completion: true },
      }));
    wrong.push(...mine.wrong.map((each) => `${count(lines)} lines: ${each}`));
    typed.set(lines, mine.typedAtBest);
    // Without a schema of Kubernetes the peer has nothing to say at a place: its times there are those of when it had one.
    const took = {
      typed: peer?.typed ?? known.typed[lines],
      ...(lines === 50_000 ? { completion: known.completion, hover: known.hover } : {}),
    };
    for (const [what, part] of [
      ['typed', 1 / 10],
      ['completion', 1 / 50],
      ['hover', 1 / 50],
    ]) {
      const work = `${what === 'typed' ? 'one key typed → diagnostics' : what}, ${count(lines)} lines`;
      const who = peer && what === 'typed' ? 'yaml-language-server' : 'yaml-language-server (as measured once)';
      const bound = took[what] === undefined ? undefined : { work, who, wall: took[what] };
      rows.push(...(bound ? [bound] : []), { work, who: 'pod-roles', wall: mine[what], ...(bound ? { bound } : {}) });
      if (bound && (what === 'typed' || lines === 50_000))
        goals.push({ what: `${work}, of yaml-language-server`, ratio: mine[what] / took[what], target: part });
    }
  }
  const [few, many] = lengths;
  goals.push({
    what: `one key typed at best, ${count(many)} lines of ${count(few)}`,
    ratio: typed.get(many) / typed.get(few),
    target: 1.5,
  });
}
