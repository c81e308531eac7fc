import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { steps } from '../steps';
import { inLongStep, runs } from '../support/runs';

const root = resolve(import.meta.dirname, '../..');
const { unit, long } = steps(root);
const all = [...new Set([...unit, ...long])].sort();
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

it('each test file is in a step', () => {
  const found = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.test\.ts$/.test(path) && !/^test\/(?:editor|package|\.artifacts)\//.test(path));
  expect(all).toEqual(found.sort());
});

it('the unit step starts no program, and the long one has every property', () => {
  expect(unit.filter((file) => /\b(?:spawn|spawnSync|execFile|execFileSync|useCli|LspClient)\b/.test(textOf(file)))).toEqual([
    'test/architecture/steps.test.ts',
  ]);
  for (const file of ['test/cli/check.test.ts', 'test/lsp/protocol.test.ts', 'test/hostile/growth.test.ts', 'test/aws/apply.test.ts'])
    expect([unit.includes(file), long.includes(file)], file).toEqual([false, true]);
  for (const file of ['test/trust/properties.test.ts', 'test/workspace/incremental.test.ts'])
    expect([unit.includes(file), long.includes(file)], file).toEqual([true, true]);
});

it('properties take their number from runs, so that they have a short form, and their seed from the run, so that fuzz varies it', () => {
  const own = long.filter((file) =>
    /\bnumRuns: (?!runs\(|cases\b)|\{[^{}]*\bseed: [^{}]*\bnumRuns|\bnumRuns[^{}]*\bseed: /.test(textOf(file)),
  );
  expect(own).toEqual([]);
});

it('no test measures time, so that none fails on a busy machine', () => {
  const clock = /\b(?:performance\.now|hrtime|cpuUsage|resourceUsage)\b/;
  expect(all.filter((file) => clock.test(textOf(file)))).toEqual(['test/architecture/steps.test.ts']);
});

it('the short form is a tenth of the long one, and never next to nothing', () => {
  expect([runs(3000), runs(60), runs(12)]).toEqual(inLongStep ? [3000, 60, 12] : [300, 20, 12]);
});
