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
    {
      regex: '^(node:|vscode|fs$|path$|os$|child_process$|https?$|@aws-sdk/)',
      message: 'Core is pure: nothing of the machine or the editor in it.',
    },
    ...(later.length > 0
      ? [{ regex: `^(\\.\\./)+(${later.join('|')})/`, message: `${folder}/ stands before these folders (test/architecture/layers.json).` }]
      : []),
  ];
  return {
    files: [`server/src/core/${folder}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

/**
 * `text.match(pattern)` makes an expression of a string unseen: what is given must be a RegExp already.
 * @type {import('eslint').Rule.RuleModule}
 */
const noHiddenRegExp = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      hidden: 'A string given here becomes a regular expression. Give a literal, or look for the text with indexOf or includes.',
    },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = /** @type {any} */ (context.sourceCode.parserServices);
    const checker = program.getTypeChecker();
    const typeOf = (/** @type {unknown} */ node) =>
      checker.typeToString(checker.getBaseTypeOfLiteralType(checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node))));
    return {
      'CallExpression[callee.property.name=/^(match|matchAll|search)$/]'(/** @type {any} */ node) {
        const [given] = node.arguments;
        if (given && given.regex === undefined && typeOf(node.callee.object) === 'string' && typeOf(given) !== 'RegExp')
          context.report({ node, messageId: 'hidden' });
      },
    };
  },
};

/** What is made of a workspace's text must take linear time (test/architecture/lint.test.ts shows that each of these fires). */
const madeOfText =
  'A regular expression of a text may take exponential time. Use core/text/regular or core/text/patterns, or a literal; where all parts are constants of this file, say so.';
const linearTime = {
  files: ['server/src/**/*.ts', 'client/src/**/*.ts'],
  plugins: { 'pod-roles': { rules: { 'no-hidden-regexp': noHiddenRegExp } } },
  rules: {
    'pod-roles/no-hidden-regexp': 'error',
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(picomatch|micromatch|minimatch|ignore|glob|globby)(/|$)',
            message: 'They make backtracking expressions of globs. Use core/config/globs or host/gitIgnore.',
          },
        ],
      },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: ":matches(NewExpression, CallExpression)[callee.name='RegExp']:not([arguments.0.type='Literal'])", message: madeOfText },
      { selector: "MemberExpression[property.name='RegExp']", message: madeOfText },
      {
        selector: "CallExpression[callee.property.name='lastIndexOf'] > BinaryExpression.arguments[operator='-']",
        message:
          'A place below 0 counts as 0, so a loop may never end. Use lineStart of core/text/lineIndex, or say why it is never below 0.',
      },
    ],
  },
};

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
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Core has no clock.' },
        { object: 'Math', property: 'random', message: 'Core has no chance.' },
      ],
    },
  },
  ...walls,
  linearTime,
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
