import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
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
  const answer = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', temporary], {
    cwd: root,
    encoding: 'utf8',
    env: npmEnvironment,
  });
  const [result] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
  packed = result.files.map(({ path }) => path);
  writeFileSync(join(user, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', join(temporary, result.filename)], {
    cwd: user,
    env: npmEnvironment,
  });
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

it('holds the commands, the schemas, the pages on rules and on errors, and nothing else', () => {
  const allowed =
    /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/[\w.-]+\.(js|json|wasm)|dist\/THIRD-PARTY-NOTICES\.txt|docs\/rules\.md|docs\/(?:rules|diagnose)\/[\w-]+\.md|schemas\/[\w.-]+\.json)$/;
  expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
  for (const path of ['README.md', 'LICENSE']) expect(packed).toContain(path);
  // The programs with all that they read when it is needed: the parts of their own, the AWS SDK, the parser of HCL, AWS's actions.
  for (const name of readdirSync(join(root, 'dist'))) {
    // The extension, and what its views run in the browser.
    if (/^(extension\.js|page\.js|page\.css|map\.js)$/.test(name)) expect(packed).not.toContain(`dist/${name}`);
    else expect(packed).toContain(`dist/${name}`);
  }
});

it('needs no other package', () => {
  expect(readdirSync(join(user, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['pod-roles']);
});

it("finds the article's mistake: exit 1", () => {
  const { status, stdout } = podRoles(project('wrong', articleFiles(mistake)), 'check', '.');
  expect(stdout).toContain('subject-under-audience-key');
  expect(status).toBe(1);
});

it('finds no error once it is mended: exit 0', () => {
  const { status, stdout, stderr } = podRoles(project('right', articleFiles(mended)), 'check', '.');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Checked 3 of ');
  expect(stdout).not.toContain('error');
});

it('carries the language server', async () => {
  const server = spawn(join(user, 'node_modules/.bin/pod-roles-language-server'), ['--stdio']);
  const exited = once(server, 'exit');
  const say = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let answers = '';
  server.stdout.setEncoding('utf8').on('data', (part: string) => {
    answers += part;
  });
  say({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
  await expect.poll(() => answers, { timeout: 30_000 }).toContain('"hoverProvider":true');
  say({ id: 2, method: 'shutdown' });
  await expect.poll(() => answers, { timeout: 30_000 }).toContain('"id":2');
  say({ method: 'exit' });
  expect(await exited).toEqual([0, null]);
});
