import { defineConfig } from 'vitest/config';
import { steps } from './test/steps';

/** Unit and rule tests, in under a minute: no program is started, and properties run in their short form. */
export default defineConfig({
  test: {
    include: [...steps(import.meta.dirname).unit],
    setupFiles: ['test/support/setup.ts'],
    // The sources are loaded once in each worker, not once in each file; nothing in them changes from one test to another.
    isolate: false,
    pool: 'threads',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
