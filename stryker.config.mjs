// `npm run mutate`: changes the sources in small ways and sees whether a test fails. A mutant that survives is a guard
// without a test. `npm run mutate -- --mutate server/src/core/trust/judge.ts` tries one file.
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts' },
  mutate: [
    'server/src/core/trust/**/*.ts',
    'server/src/core/wiring/**/*.ts',
    'server/src/core/readers/terraform/**/*.ts',
    'server/src/core/rules/**/*.ts',
  ],
  // Texts that a person reads are not what guards do.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration'] },
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 30_000,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  htmlReporter: { fileName: 'test/.artifacts/mutation.html' },
  jsonReporter: { fileName: 'test/.artifacts/mutation.json' },
  clearTextReporter: { allowColor: true, logTests: false, reportTests: false },
  tempDirName: 'out/mutate',
  ignorePatterns: ['dist', '.cache', 'out', '*.vsix', 'docs', 'media'],
  incremental: true,
  incrementalFile: 'out/mutation-incremental.json',
};
