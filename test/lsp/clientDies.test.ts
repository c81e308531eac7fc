import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { LspClient } from '../support/lspClient';
import { folder } from '../support/folder';

const server = resolve(import.meta.dirname, '../../dist/server.js');

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A client that starts the server, says hello, prints the server's process and goes on until it is ended. */
const client = `
const { spawn } = require('node:child_process');
const [, server, busy] = process.argv;
const child = spawn(process.execPath, ['--require', busy, server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
const send = (message) => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  child.stdin.write('Content-Length: ' + body.length + '\\r\\n\\r\\n');
  child.stdin.write(body);
};
send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
child.stdout.once('data', () => { send({ method: 'initialized', params: {} }); });
setInterval(() => undefined, 1000);
process.stdout.write(child.pid + '\\n');
`;

it.skipIf(process.platform === 'win32')(
  'a server that is busy in one long step ends when its client is killed',
  { timeout: 90_000 },
  async () => {
    const root = folder();
    // Once it is up, the server works for a minute without looking at anything.
    const busy = join(root, 'busy.cjs');
    const began = join(root, 'began');
    writeFileSync(
      busy,
      `const { writeFileSync } = require('node:fs');
setTimeout(() => { writeFileSync(${JSON.stringify(began)}, ''); for (const end = Date.now() + 60_000; Date.now() < end;); }, 1500);\n`,
    );
    const parent = spawn(process.execPath, ['-e', client, server, busy], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((done) => parent.stdout.once('data', (chunk: Buffer) => done(Number(chunk.toString()))));
    try {
      const until = async (holds: () => boolean, tries: number): Promise<boolean> => {
        for (let i = 0; i < tries && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
        return holds();
      };
      expect(await until(() => existsSync(began), 300)).toBe(true);
      expect(isAlive(pid)).toBe(true);
      parent.kill('SIGKILL');
      expect(await until(() => !isAlive(pid), 200)).toBe(true);
    } finally {
      parent.kill('SIGKILL');
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
  },
);

it('a document that is too large is not held, and said so until it is closed', { timeout: 60_000 }, async () => {
  const account =
    'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/a\n';
  const lsp = await LspClient.start({ files: { 'a.yaml': account }, settings: { maxFileSize: 1 } });
  try {
    const textDocument = { uri: lsp.uri('a.yaml') };
    await lsp.open('a.yaml', `${account}${'# x\n'.repeat(300_000)}`);
    await lsp.connection.sendNotification('podRoles/activeFile', textDocument);
    expect(await lsp.diagnostics('a.yaml')).toEqual([]);
    await lsp.until(() => lsp.statuses.at(-1)?.activeFile?.state === 'skipped', 'the status of the file');
    expect(lsp.statuses.at(-1)!.activeFile!.reason).toBe('too large: 1.1 MB, the limit is 1.0 MB');
    // Whatever is typed or asked meanwhile is of no text.
    await lsp.connection.sendNotification('textDocument/didChange', {
      textDocument: { ...textDocument, version: 9 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: 'x' }],
    });
    expect(await lsp.request('textDocument/hover', { textDocument, position: { line: 0, character: 0 } })).toBeNull();
    await lsp.close('a.yaml');
    await lsp.open('a.yaml', account);
    expect((await lsp.diagnostics('a.yaml')).map(({ code }) => code)).toEqual(['role-arn-malformed']);
  } finally {
    await lsp.stop();
  }
});
