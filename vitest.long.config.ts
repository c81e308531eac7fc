import { defineConfig } from 'vitest/config';
import { steps } from './test/steps';

/** What starts programs or takes hostile inputs, and the properties in their long form. `npm run build` comes first. */
export default defineConfig({
  test: {
    include: [...steps(import.meta.dirname).long],
    setupFiles: ['test/support/setup.ts'],
    globalSetup: ['test/support/buildCli.ts'],
    env: { POD_ROLES_LONG: '1' },
    // Watchdogs: they end what hangs, also on a machine that is busy with other work.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
