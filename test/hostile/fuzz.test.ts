import { expect, it } from 'vitest';
import { fuzz } from './fuzz';

/** Seeds whose cases once failed, with so many cases as were needed. */
const kept: readonly (readonly [seed: number, cases: number])[] = [];

// `npm run fuzz` gives seeds of its own, and more cases.
const [seed, cases] = [Number(process.env['POD_ROLES_SEED'] ?? 1), Number(process.env['POD_ROLES_FUZZ_CASES'] ?? 40)];

it.each([[seed, cases] as const, ...kept])(
  'random edits and every feature: seed %i, %i cases',
  { timeout: 24 * 60 * 60 * 1000 },
  async (from, count) => {
    await expect(fuzz(from, count)).resolves.toBeUndefined();
  },
);
