import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const usageFile = (folder) => join(folder, 'usage.json');
const preload = new URL('./usage.cjs', import.meta.url).pathname;

/**
 * Runs a Node program to its end.
 * @param {string} scratch a folder for what is noted
 * @param {readonly string[]} argv the script and its arguments
 * @returns {{ wall: number, cpu: number, memory: number, out: string }} seconds, seconds, bytes
 */
export function measureNode(scratch, argv, options = {}) {
  const start = performance.now();
  const ran = spawnSync(process.execPath, ['--require', preload, ...argv], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    ...options,
    env: { ...process.env, POD_ROLES_USAGE: usageFile(scratch), ...options.env },
  });
  const wall = (performance.now() - start) / 1000;
  if (ran.error) throw ran.error;
  if (![0, 1].includes(ran.status)) throw new Error(`${argv.join(' ')} ended with ${ran.status}: ${ran.stderr.slice(-2000)}`);
  return { wall, ...JSON.parse(readFileSync(usageFile(scratch), 'utf8')), out: ran.stdout };
}

/** The middle one of several runs, each number by itself. */
export function median(runs) {
  const of = (key) =>
    runs
      .map((run) => run[key])
      .filter((value) => typeof value === 'number')
      .sort((a, b) => a - b)[Math.floor(runs.length / 2)];
  return { wall: of('wall'), cpu: of('cpu'), memory: of('memory') };
}
