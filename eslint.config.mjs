// @ts-check
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/** The order of core's folders; test/architecture/walls.test.ts holds it as well. */
const { order } = JSON.parse(readFileSync(new URL('test/architecture/layers.json', import.meta.url), 'utf8'));

/** One block a folder of core: no import of a later folder, of a front or of what is not pure. */
const walls = order.map((/** @type {string} */ folder, /** @type {number} */ index) => {
  const later = order.slice(index + 1);
  const patterns = [
    { regex: '^(\\.\\./)+(lsp|cli|host|aws)/', message: 'Core does not know the fronts.' },
    { regex: '^(node:|vscode|fs$|path$|os$|child_process$|https?$|@aws-sdk/)', message: 'Core is pure: nothing of the machine or the editor in it.' },
    ...(later.length > 0 ? [{ regex: `^(\\.\\./)+(${later.join('|')})/`, message: `${folder}/ stands before these folders (test/architecture/layers.json).` }] : []),
  ];
  return {
    files: [`server/src/core/${folder}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.cache/', 'coverage/', 'test/.artifacts/', '**/*.mjs', '**/*.cjs', '**/*.d.mts'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An index that was checked one line above; noUncheckedIndexedAccess asks for it often.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': ['error', { allowTernary: true }],
      '@typescript-eslint/require-await': 'off',
      // Interfaces here are often plain records of functions, written as methods.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['server/src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'require', '__dirname'],
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'Core has no clock.' },
        { object: 'Math', property: 'random', message: 'Core has no chance.' }],
    },
  },
  ...walls,
  {
    // Tests read JSON that others wrote, and pages of a browser whose types are not loaded.
    files: ['test/**/*.ts', 'vitest*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
