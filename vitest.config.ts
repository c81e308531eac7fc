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
    // Watchdogs: they end what hangs, also on a machine that is busy with other work.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
