import { defineConfig } from 'vitest/config';
import { steps } from './test/steps';

/**
 * The tests that a mutation run asks: those of the core in the unit step, with properties in their short form.
 * `POD_ROLES_MUTATE_TESTS=trust/irsa,rules` asks those of some folders and files alone, which is quicker and finds less.
 */
const wanted = process.env['POD_ROLES_MUTATE_TESTS']?.split(',') ?? [
  'rules',
  'trust',
  'wiring',
  'terraform',
  'readers',
  'workspace',
  'fixes',
];

export default defineConfig({
  test: {
    include: steps(import.meta.dirname).unit.filter((file) => wanted.some((each) => file.startsWith(`test/${each}`))),
    setupFiles: ['test/support/setup.ts'],
    isolate: false,
    pool: 'threads',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
