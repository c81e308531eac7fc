import { expect, it } from 'vitest';
import { fuzz } from './fuzz';

/** Seeds whose cases once failed, with so many cases as were needed. */
const kept: readonly (readonly [seed: number, cases: number])[] = [];

// By hand, for as long as it pleases: FUZZ_SEED=7 FUZZ_CASES=5000 npm run fuzz
const [seed, cases] = [Number(process.env['FUZZ_SEED'] ?? 1), Number(process.env['FUZZ_CASES'] ?? 40)];

it.each([[seed, cases] as const, ...kept])('random edits and every feature: seed %i, %i cases', { timeout: 24 * 60 * 60 * 1000 }, async (from, count) => {
  await expect(fuzz(from, count)).resolves.toBeUndefined();
});
