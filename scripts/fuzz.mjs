// `npm run fuzz`: the properties, and random edits with every feature, with seeds of their own. A seed with which one fails is added to test/seeds.json,
// which `npm test` replays; commit it with the fix.
//
//   --rounds=N   how many seeds (default: 20)
//   --replay     the seeds of test/seeds.json alone
//   PATH…        test files (default: all that hold a property)
import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './support/run.mjs';

const kept = join(root, 'test/seeds.json');
/** @type {{ file: string, seed: number }[]} */
const seeds = JSON.parse(readFileSync(kept, 'utf8'));
const given = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const rounds = Number(process.argv.find((argument) => argument.startsWith('--rounds='))?.slice(9) ?? 20);

let failed = 0;
if (process.argv.includes('--replay')) {
  for (const { file, seed } of seeds) if ((await tryOne([file], seed)).length > 0) failed++;
  console.log(`${seeds.length} seeds replayed, ${failed} failed`);
} else {
  const files = given.length > 0 ? given : filesWithProperties();
  for (let round = 0; round < rounds; round++) {
    const seed = randomInt(2 ** 31);
    for (const file of await tryOne(files, seed)) {
      failed++;
      if (seeds.some((each) => each.file === file && each.seed === seed)) continue;
      seeds.push({ file, seed });
      writeFileSync(kept, `${JSON.stringify(seeds, undefined, 2)}\n`);
      console.log(`kept in test/seeds.json: ${file}, seed ${seed}`);
    }
  }
}
process.exit(failed > 0 ? 1 : 0);

/** Runs test files with a seed; gives those that failed, relative to the root. */
async function tryOne(files, seed) {
  const report = join(root, 'test/.artifacts', `fuzz-${seed}.json`);
  console.log(`seed ${seed}: ${files.length} files`);
  await run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      'vitest.long.config.ts',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--testTimeout=600000',
      ...files,
    ],
    {
      env: { ...process.env, POD_ROLES_SEED: String(seed), POD_ROLES_FUZZ_CASES: '400', VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
    },
  );
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => name.slice(root.length).replaceAll('\\', '/').replace(/^\//, ''));
}

function filesWithProperties() {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !/^(editor|package|\.artifacts)/.test(path))
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('fc.assert(') || path === 'test/hostile/fuzz.test.ts');
}
