import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/editor/**', 'test/package/**', 'test/.artifacts/**'],
    testTimeout: 30_000,
  },
});
