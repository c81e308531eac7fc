import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'pod-roles-cache-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const cli = resolve(import.meta.dirname, '../../dist/cli.js');
const run = (env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [cli, 'rules'], { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });

it.runIf(process.platform === 'linux')(
  "compiled code is kept in the user's cache folder by every Node that can, and in no folder that others can write to",
  () => {
    const { status } = run({ HOME: home, TMPDIR: join(home, 'tmp') });
    expect(status).toBe(0);
    expect(existsSync(join(home, '.cache/pod-roles/compiled'))).toBe('enableCompileCache' in nodeModule);
    expect(existsSync(join(home, 'tmp'))).toBe(false);
  },
);

it('a cache folder that cannot be made does not matter', () => {
  const { status, stdout, stderr } = run({ HOME: '/dev/null', XDG_CACHE_HOME: '/dev/null/cache' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('role-arn-malformed');
});
