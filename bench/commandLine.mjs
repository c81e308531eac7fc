import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { measureNode, median } from './measure.mjs';
import { root } from '../scripts/support/run.mjs';

const cli = join(root, 'dist/cli.js');
const bound = join(root, 'bench/bounds/readAll.mjs');
/** Beyond so many files those that parse every file are not asked. */
const mostForParsers = 10_000;

/**
 * `check` on one workspace beside its bound and its peers, each program in turn and several times over.
 * @param {{ folder: string, planted: readonly { file: string, rule: string }[], files: number, bytes: number }} workspace
 * @param {{ scratch: string, rounds: number, peers?: ReturnType<typeof import('./peers.mjs').installPeers> }} options
 */
export function measureCheck(workspace, { scratch, rounds, peers }) {
  const { folder } = workspace;
  const few = workspace.files <= mostForParsers * 1.1;
  const once = new Set(['eslint', 'yaml']);
  const programs = {
    bound: () => measureNode(scratch, [bound, folder]),
    product: () => measureNode(scratch, [cli, 'check', '.', '--format', 'json'], { cwd: folder }),
    ...(peers && few && { yaml: () => measureNode(scratch, [join(root, 'bench/peers/yamlAll.mjs'), folder, peers.folder]) }),
    ...(peers?.ripgrep && {
      ripgrep: () => timed(peers.ripgrep, ['-c', '-i', 'eks\\.amazonaws\\.com|service[-_]?account|role[-_]?arn', '.'], folder),
    }),
    ...(peers &&
      few && {
        eslint: () =>
          measureNode(scratch, [peers.eslint, '--config', join(peers.folder, 'eslint.config.mjs'), '--format', 'json', '.'], {
            cwd: folder,
            env: { NODE_OPTIONS: '--max-old-space-size=4096' },
          }),
      }),
  };
  const runs = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(programs)) if (round === 0 || !once.has(name)) runs[name].push(run());
  }
  const wrong = compare(workspace, runs.product[0].out);
  return { results: Object.fromEntries(Object.entries(runs).map(([name, each]) => [name, median(each)])), wrong };
}

function timed(command, args, cwd) {
  const start = performance.now();
  const { error } = spawnSync(command, args, { cwd, stdio: 'ignore' });
  if (error) throw error;
  return { wall: (performance.now() - start) / 1000 };
}

/** What `check` missed of the planted mistakes, and what it found where there is none. */
function compare({ planted }, out) {
  // A mismatch is planted once, and reported on both sides.
  const found = JSON.parse(out)
    .findings.filter(({ otherSideOf }) => !otherSideOf)
    .map(({ path, rule }) => `${path}: ${rule}`);
  const expected = planted.map(({ file, rule }) => `${file}: ${rule}`);
  return [
    ...expected.filter((each) => !found.includes(each)).map((each) => `missed: ${each}`),
    ...found.filter((each) => !expected.includes(each)).map((each) => `not planted: ${each}`),
  ];
}
