import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm, root, run } from './run.mjs';

/** Runs `npm ci` where node_modules is missing or not what package-lock.json asks for. */
export async function installDependencies() {
  const why = await staleness();
  if (!why) return true;
  console.log(`npm ci (${why})`);
  return (await run(npm, ['ci', '--no-audit', '--no-fund'])) === 0;
}

/** Why node_modules has to be installed again; undefined when it is as package-lock.json says. */
async function staleness() {
  const wanted = await readLock('package-lock.json');
  const there = await readLock('node_modules/.package-lock.json');
  if (!wanted) return undefined;
  if (!there) return 'node_modules is not there';
  const direct = Object.keys(wanted['']?.devDependencies ?? {}).map((name) => `node_modules/${name}`);
  const names = new Set([...Object.keys(there), ...direct]);
  for (const name of names) {
    if (wanted[name]?.version !== there[name]?.version) return `${name} is not what package-lock.json says`;
  }
  return undefined;
}

async function readLock(path) {
  try {
    return JSON.parse(await readFile(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
