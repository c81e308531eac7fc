import { defineConfig } from 'vitest/config';

/** Tests in a real VS Code: one editor and one browser for all of them, one file after the other. */
export default defineConfig({
  test: {
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['test/editor/support/globalSetup.ts'],
    fileParallelism: false,
    // VS Code itself does not always restore a webview after a reload on a busy machine: once more tells which it was.
    retry: 1,
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
