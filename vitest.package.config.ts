import { defineConfig } from 'vitest/config';

/** Tests of what `npm run package` and `npm pack` make; they need pod-roles.vsix and dist/. */
export default defineConfig({
  test: { include: ['test/package/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000 },
});
