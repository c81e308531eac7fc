import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { folder } from '../support/folder';

/** Watches its parent, holds the watch until two seconds and a half after the parent is gone, and says so by a file. */
const child = `
const { watchClient, holdWatch } = require(process.argv[2]);
const parent = process.ppid;
watchClient(parent);
const release = holdWatch();
const timer = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(timer);
  setTimeout(() => { require('node:fs').writeFileSync(process.argv[3], ''); release(); }, 2500);
}, 50);
setInterval(() => undefined, 1000);
`;

it.skipIf(process.platform === 'win32')(
  'calls that change AWS are not cut off where the client is killed; the process ends after them',
  { timeout: 60_000 },
  async () => {
    const root = folder();
    const [program, watch, done] = ['child.cjs', 'parentWatch.cjs', 'done'].map((name) => join(root, name)) as [string, string, string];
    await build({
      entryPoints: [resolve(import.meta.dirname, '../../server/src/lsp/parentWatch.ts')],
      outfile: watch,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
    writeFileSync(program, child);
    const start = `const { spawn } = require('node:child_process'); process.stdout.write(spawn(process.execPath, [${[program, watch, done].map((each) => JSON.stringify(each)).join(', ')}], { stdio: 'ignore' }).pid + '\\n'); setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((told) => parent.stdout.once('data', (chunk: Buffer) => told(Number(chunk.toString()))));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    parent.kill('SIGKILL');
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let i = 0; i < 300 && isAlive(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect({ finished: existsSync(done), alive: isAlive() }).toEqual({ finished: true, alive: false });
  },
);
