import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { articleFiles, mended, mistake } from '../editor/support/article';

const root = resolve(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'pod-roles-npm-'));
const user = join(temporary, 'user');
const npmEnvironment = { ...process.env, npm_config_cache: join(temporary, 'cache'), npm_config_offline: 'true' };
let packed: string[] = [];

/** Packs as `npm publish` would, and installs the tarball as a user does, without a network. */
beforeAll(() => {
  mkdirSync(user);
  const answer = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', temporary], { cwd: root, encoding: 'utf8', env: npmEnvironment });
  const [result] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
  packed = result.files.map(({ path }) => path);
  writeFileSync(join(user, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(temporary, result.filename)], { cwd: user, env: npmEnvironment });
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function podRoles(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(user, 'node_modules/.bin/pod-roles'), args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(temporary, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

it('holds the commands, the schemas and the rule pages, and nothing else', () => {
  const allowed = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(cli|server|extension)\.js|docs\/rules\.md|docs\/rules\/[\w-]+\.md|schemas\/[\w.-]+\.json)$/;
  expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
  for (const path of ['dist/cli.js', 'dist/server.js', 'README.md', 'LICENSE']) expect(packed).toContain(path);
});

it('needs no other package', () => {
  expect(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['pod-roles']);
});

it('finds the article\'s mistake: exit 1', () => {
  const { status, stdout } = podRoles(project('wrong', articleFiles(mistake)), 'check', '.');
  expect(stdout).toContain('subject-under-audience-key');
  expect(status).toBe(1);
});

it('finds nothing once it is mended: exit 0', () => {
  const { status, stdout, stderr } = podRoles(project('right', articleFiles(mended)), 'check', '.');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^No problems: 3 of 3 files/);
});

it('carries the language server', () => {
  const { status, stdout } = spawnSync(join(user, 'node_modules/.bin/pod-roles-language-server'), ['--stdio'], { input: request(), encoding: 'utf8' });
  expect(stdout).toContain('"hoverProvider":true');
  expect(status).toBe(0);
});

/** initialize, shutdown, exit as an editor sends them. */
function request(): string {
  const messages = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
    { jsonrpc: '2.0', id: 2, method: 'shutdown' },
    { jsonrpc: '2.0', method: 'exit' },
  ];
  return messages.map((message) => JSON.stringify(message)).map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`).join('');
}
