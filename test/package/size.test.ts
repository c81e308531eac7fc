import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const dist = resolve(import.meta.dirname, '../../dist');
const temporary = mkdtempSync(join(tmpdir(), 'pod-roles-size-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** The files of dist/ that a program reads until it ends. */
function filesRead(program: string, ...args: string[]): string[] {
  const hook = join(temporary, 'hook.cjs');
  writeFileSync(hook, "process.on('exit', () => require('node:fs').writeSync(2, JSON.stringify(Object.keys(require.cache))));");
  const { stderr } = spawnSync(process.execPath, ['--require', hook, join(dist, program), ...args], { input: '', encoding: 'utf8' });
  return (JSON.parse(stderr.slice(stderr.lastIndexOf('['))) as string[]).filter((path) => path.startsWith(dist)).map((path) => path.slice(dist.length + 1));
}

it('the server starts from one file, which is under 500 KB', () => {
  expect(filesRead('server.js', '--stdio')).toEqual(['server.js']);
  expect(statSync(join(dist, 'server.js')).size).toBeLessThan(500 * 1024);
});

it('the command line starts from one file, and reads of the others what it needs', () => {
  expect(filesRead('cli.js', 'check', temporary)).toEqual(['cli.js']);
  expect(filesRead('cli.js', 'rules').filter((name) => !/^cli(?:\.js$|-commands-|-chunk-)/.test(name))).toEqual([]);
});

it("the server holds no rule's page: it gives links to them", () => {
  expect(readFileSync(join(dist, 'server.js'), 'utf8').includes('## When to turn it off')).toBe(false);
});
