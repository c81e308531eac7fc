// `npm test`: gets what it needs, then runs every check and test of the project. It uses Node's own
// modules alone, so that it runs from a bare clone. The last line is `N passed, N failed`.
//
//   --skip-editor   leaves the tests in a real VS Code out
//
// A part that has to be left out is named with its reason; with CI set that is a failure.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installDependencies } from './support/dependencies.mjs';
import { ensureBrowser } from './support/browser.mjs';
import { root, run, runNode } from './support/run.mjs';

const artifacts = join(root, 'test', '.artifacts');
const inCi = Boolean(process.env.CI) && process.env.CI !== 'false';
const skipEditor = process.argv.includes('--skip-editor');
const total = { passed: 0, failed: 0 };
const notes = [];

await mkdir(artifacts, { recursive: true });
if (!(await installDependencies())) {
  console.error('npm ci failed, so nothing could be tested.');
  finish(1);
}

// The editor takes a minute or two to install, in which the checks below run.
const browser = skipEditor ? { missing: '--skip-editor was given' } : await ensureBrowser();
const editor = browser.path ? runNode('scripts/editor.mjs', [], { stdio: ['ignore', 'ignore', 'inherit'] }) : undefined;

await check('types', () => runNode('node_modules/typescript/bin/tsc', ['-b']));
await check('lint', () => runNode('node_modules/eslint/bin/eslint.js', ['.']));
await check('format', () => runNode('node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']));
await check('rule pages are fresh', () => runNode('scripts/docs.mjs', ['--check']));
const built = await check('build', () => runNode('scripts/build.mjs', ['--clean']));
const editorReady = editor && (await editor) === 0;

if (built)
  await check('every planted mistake is found, and nothing else (ratios of speed are printed)', () =>
    runNode('scripts/bench.mjs', ['--short']),
  );

await suite('unit and rules', 'vitest.config.ts');
await suite('command line, server, hostile inputs and long properties', 'vitest.long.config.ts');
await check('seeds with which a property once failed', () => runNode('scripts/fuzz.mjs', ['--replay']));
const packed = built && (await check('package', () => runNode('scripts/package.mjs', ['--no-build'])));
if (packed) await suite('package', 'vitest.package.config.ts');
else skip('package tests', 'there is no package to test');

if (browser.missing) skip('tests in VS Code', browser.missing);
else if (!editorReady) fail('tests in VS Code', 'the editor could not be installed (see above)');
else if (!packed) skip('tests in VS Code', 'there is no package to install');
else await suite('VS Code', 'vitest.editor.config.ts', { CHROME_PATH: browser.path });

finish(total.failed > 0 ? 1 : 0);

/** A part that passes or fails as one. */
async function check(name, work) {
  heading(name);
  const started = Date.now();
  const ok = (await work()) === 0;
  total[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name}  (${seconds(started)})`);
  if (!ok) notes.push(`failed: ${name}`);
  return ok;
}

/** A vitest run, counted test by test from its report. */
async function suite(name, config, env = {}) {
  heading(name);
  const started = Date.now();
  const report = join(artifacts, `${config}.json`);
  await rm(report, { force: true });
  const code = await run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', ...env } },
  );
  const result = existsSync(report) ? JSON.parse(await readFile(report, 'utf8')) : undefined;
  const counts = countTests(result);
  // A run that ends badly without a failed test (an error outside of tests, nothing to run) is a failure too.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  if (counts.failed > 0) notes.push(`failed: ${name}: ${counts.failed}`);
  console.log(`${counts.failed === 0 ? 'ok' : 'FAILED'}  ${name}: ${counts.passed} passed, ${counts.failed} failed  (${seconds(started)})`);
}

function countTests(result) {
  const counts = { passed: 0, failed: 0 };
  for (const file of result?.testResults ?? []) {
    const tests = file.assertionResults ?? [];
    if (tests.length === 0 && file.status === 'failed') counts.failed += 1;
    for (const test of tests) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else notes.push(`not run: ${test.fullName}`);
    }
  }
  return counts;
}

function skip(name, reason) {
  notes.push(`skipped: ${name}: ${reason}`);
  if (inCi) {
    total.failed += 1;
    notes.push(`failed: ${name}: nothing may be skipped in CI`);
  }
}

function fail(name, reason) {
  total.failed += 1;
  notes.push(`failed: ${name}: ${reason}`);
}

function heading(name) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 70 - name.length))}`);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function finish(code) {
  console.log('');
  for (const note of notes) console.log(note);
  console.log(`${total.passed} passed, ${Math.max(total.failed, code)} failed`);
  process.exit(code);
}
