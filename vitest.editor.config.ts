import { defineConfig } from 'vitest/config';

/** Tests in a real VS Code: one editor and one browser for all of them, one file after the other. */
export default defineConfig({
  test: {
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['test/editor/support/globalSetup.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
