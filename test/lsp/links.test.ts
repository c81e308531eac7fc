import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { account, wrongAccount } from '../cli/files';
import { folder } from '../support/folder';
import { LspClient } from '../support/lspClient';

const secret = 'root:x:0:0:secret-of-another-file';
let client: LspClient;
afterEach(() => client.stop());

const created = (...paths: string[]) =>
  client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: paths.map((path) => ({ uri: client.uri(path), type: 1 })),
  });
const skipped = (path: string): string | undefined => client.statuses.at(-1)?.skipped.find(({ uri }) => uri === client.uri(path))?.reason;

describe.skipIf(process.platform === 'win32')('the server', () => {
  it('reads no file that a link takes out of the workspace, and says so', async () => {
    const outside = folder({ 'sa.yaml': wrongAccount });
    client = await LspClient.start({ files: { 'own.yaml': account('app', 'demo', undefined) } });
    symlinkSync(join(outside, 'sa.yaml'), join(client.root, 'linked.yaml'));
    symlinkSync('own.yaml', join(client.root, 'near.yaml'));
    symlinkSync(outside, join(client.root, 'away'));
    await created('linked.yaml', 'near.yaml', 'away/sa.yaml');
    await client.until(() => skipped('linked.yaml') !== undefined, 'the link in the status');
    expect(skipped('linked.yaml')).toContain('a link to a file outside');
    expect(skipped('away/sa.yaml')).toContain('a link to a file outside');
    expect(skipped('near.yaml')).toBeUndefined();
    expect(await client.diagnostics('linked.yaml')).toEqual([]);
    await client.connection.sendNotification('workspace/didCreateFiles', { files: [{ uri: client.uri('away') }] });
    expect(await client.diagnostics('away/sa.yaml')).toEqual([]);
    // What the user opens is checked, as the user sees it.
    await client.open('linked.yaml', wrongAccount);
    expect((await client.diagnostics('linked.yaml')).map(({ code }) => code)).toEqual(['role-arn-malformed']);
  });

  it('quotes no file outside in the place of its settings or snapshot', async () => {
    const outside = folder({ passwd: `${secret}\n` });
    client = await LspClient.start();
    symlinkSync(join(outside, 'passwd'), join(client.root, 'pod-roles.yaml'));
    await created('pod-roles.yaml');
    await client.until(() => (client.pushed.get(client.uri('pod-roles.yaml'))?.diagnostics.length ?? 0) > 0, 'the problem of the link');
    expect(client.pushed.get(client.uri('pod-roles.yaml'))!.diagnostics[0]!.message).toContain('a link to a file outside');
    writeFileSync(join(client.root, '.pod-roles.yaml'), '');
    symlinkSync(join(outside, 'passwd'), join(client.root, 'pod-roles.snapshot.json'));
    await created('pod-roles.snapshot.json');
    await client.until(() => client.logs.some((line) => line.includes('pod-roles.snapshot.json')), 'the log to name the snapshot');
    expect(JSON.stringify([client.logs, client.statuses, [...client.pushed.values()]])).not.toContain('secret');
  });

  it('logs a line for a name with line breaks, and nothing that a terminal acts on', async () => {
    const name = 'a\n[Error - 10:00:00 AM] forged\u001b[2J\u202e';
    client = await LspClient.start({ files: { [`${name}/pod-roles.snapshot.json`]: '{' } });
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: client.uri(name), name: 'x' }], removed: [] },
    });
    await created(`${name}/pod-roles.snapshot.json`);
    await client.until(() => client.logs.some((line) => line.includes('forged')), 'the log to name the folder');
    for (const line of client.logs) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
