import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**', 'test/package/**', 'test/.artifacts/**'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 30_000,
    // Some start a server or a build first.
    hookTimeout: 60_000,
  },
});
