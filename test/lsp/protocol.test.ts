import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction, Diagnostic, Hover, WorkspaceDiagnosticReport, WorkspaceEdit } from 'vscode-languageserver-protocol/node';
import { afterEach, describe, expect, it } from 'vitest';
import { applyEdits, LspClient, type StartOptions } from '../support/lspClient';
import { article } from './article';

const wrong =
  'kind: ServiceAccount\nmetadata:\n  name: x\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:user/x\n';
const right = wrong.replace('user/x', 'role/x');
const trust = 'demo/trust-policy.json';

let client: LspClient;
const start = async (options: StartOptions): Promise<LspClient> => (client = await LspClient.start(options));
afterEach(() => client?.stop());

/** The files of a workspace report that hold something, by path, with their rules. */
async function workspaceReport(previous: readonly { uri: string; value: string }[] = []): Promise<Record<string, string[]>> {
  const { items } = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: previous });
  return Object.fromEntries(
    items.map((item) => [item.uri.slice(client.uri('x').length - 1), item.kind === 'full' ? item.items.map((d) => String(d.code)) : []]),
  );
}

describe('a client that takes only pushed diagnostics', () => {
  it('gets them for the open file, for files that are not open, and their end', async () => {
    await start({ files: article, pull: false });
    await client.until(() => (client.pushed.get(client.uri(trust))?.diagnostics.length ?? 0) === 1, 'the findings of a closed file');
    await client.open(trust, article[trust]);
    await client.type(trust, ':aud', ':sub');
    await client.until(() => client.pushed.get(client.uri(trust))!.diagnostics.every((d) => d.severity !== 1), 'the error goes');
    await client.type(trust, ':sub', ':aud');
    await client.until(
      () => client.pushed.get(client.uri(trust))!.diagnostics.some((d) => d.code === 'subject-under-audience-key'),
      'the error comes again',
    );
  });
});

describe('files on disk', () => {
  it('that are not open are in the workspace report, once', async () => {
    await start({ files: { 'a/wrong.yaml': wrong, 'b/right.yaml': right } });
    expect(await workspaceReport()).toEqual({ 'a/wrong.yaml': ['role-arn-malformed'] });
    const { items } = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] });
    const known = items.map((item) => ({ uri: item.uri, value: item.resultId! }));
    expect(await workspaceReport(known)).toEqual({});
  });

  it('follow events: changed, made, renamed as a folder, deleted as a folder', async () => {
    await start({ files: { 'a/wrong.yaml': wrong } });
    const tell = (changes: { uri: string; type: number }[]): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    writeFileSync(join(client.root, 'a/wrong.yaml'), right);
    await tell([{ uri: client.uri('a/wrong.yaml'), type: 2 }]);
    expect(await workspaceReport()).toEqual({});
    writeFileSync(join(client.root, 'a/new.yaml'), wrong);
    await tell([{ uri: client.uri('a/new.yaml'), type: 1 }]);
    expect(await workspaceReport()).toEqual({ 'a/new.yaml': ['role-arn-malformed'] });
    renameSync(join(client.root, 'a'), join(client.root, 'c'));
    await client.connection.sendNotification('workspace/didRenameFiles', { files: [{ oldUri: client.uri('a'), newUri: client.uri('c') }] });
    expect(await workspaceReport()).toEqual({ 'c/new.yaml': ['role-arn-malformed'] });
    rmSync(join(client.root, 'c'), { recursive: true });
    await tell([{ uri: client.uri('c'), type: 3 }]);
    expect(await workspaceReport()).toEqual({});
  });

  it("give way to the editor's text, and come back when it is closed", async () => {
    await start({ files: { 'a.yaml': right } });
    await client.open('a.yaml', wrong);
    expect((await client.diagnostics('a.yaml')).map((d) => d.code)).toEqual(['role-arn-malformed']);
    await client.close('a.yaml');
    expect(await client.diagnostics('a.yaml')).toEqual([]);
  });

  it('that cannot be read are told with the reason', async () => {
    await start({ files: { 'bin.yaml': 'kind: ServiceAccount\0\0', 'ok.yaml': right } });
    await client.until(
      () => client.statuses.some((status) => !status.busy && status.skipped.some(({ reason }) => /binary/.test(reason))),
      'the reason',
    );
  });
});

describe('the status of the file in front', () => {
  const inFront = async (path: string): Promise<boolean | undefined> => {
    const before = client.statuses.length;
    await client.connection.sendNotification('podRoles/activeFile', { uri: client.uri(path) });
    await client.until(
      () => client.statuses.slice(before).some(({ activeFile }) => activeFile?.uri === client.uri(path)),
      'the status of the file',
    );
    return client.statuses[client.statuses.length - 1]!.activeFile!.concernsPodRoles;
  };
  const workload =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\nspec:\n  template:\n    spec:\n      serviceAccountName: x\n';
  const terraform = `resource "aws_iam_role" "x" {\n  name = "x"\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::481516234212:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X" } }] })\n}\n`;

  it('says whether it concerns pod roles, whatever its language: a .tf file is plain text where nobody knows Terraform', async () => {
    await start({ files: { 'a.yaml': right, 'w.yaml': workload } });
    await client.open('main.tf', terraform, 'plaintext');
    await client.open('a.yaml', right);
    await client.open('n.yaml', 'a: 1\n');
    await client.diagnostics('main.tf');
    await client.until(() => client.refreshes > 0, 'Terraform is read');
    await expect.poll(() => inFront('main.tf')).toBe(true);
    expect(await inFront('a.yaml')).toBe(true);
    expect(await inFront('w.yaml')).toBe(true);
    expect(await inFront('n.yaml')).toBeFalsy();
  });

  it('is silent in a repository that has nothing to do with roles', async () => {
    await start({ files: { 'w.yaml': workload } });
    await client.open('w.yaml', workload);
    expect(await inFront('w.yaml')).toBeFalsy();
  });

  it('follows what is typed', async () => {
    await start({ files: {} });
    await client.open('a.yaml', right.replace('role-arn', 'x'));
    expect(await inFront('a.yaml')).toBeFalsy();
    await client.type('a.yaml', 'eks.amazonaws.com/x', 'eks.amazonaws.com/role-arn');
    await expect.poll(() => inFront('a.yaml')).toBe(true);
  });
});

describe('the log', () => {
  it('tells the version, the folders, the settings, what was read and what was skipped', async () => {
    await start({
      files: { 'pod-roles.yaml': 'rules:\n  role-arn-malformed: warning\n', 'a.yaml': wrong, 'bin.yaml': 'kind: ServiceAccount\0' },
      settings: { exclude: ['gen'] },
    });
    const log = client.logs.join('\n');
    expect(log).toMatch(/Language server \d+\.\d+\.\d+, Node\.js \d+.*folders: file:.*pod-roles-lsp-/);
    expect(log).toMatch(/Settings, with those of file:.*pod-roles\.yaml: .*"role-arn-malformed":"warning".*"gen"/);
    expect(log).toMatch(/Indexed 3 files in \d+ ms: 3 read, 1 with workloads or roles, 1 skipped/);
    expect(log).toMatch(/Skipped file:.*bin\.yaml: binary: a NUL byte at offset 20/);
    expect(log).not.toContain('481516234212');
  });

  it('tells of files that changed on disk, once for all of them, and says nothing of others', async () => {
    await start({ files: { 'a.yaml': right, 'b.yaml': right } });
    const before = client.logs.length;
    writeFileSync(join(client.root, 'x.log'), 'x');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri('x.log'), type: 1 }] });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: ['a.yaml', 'b.yaml'].map((path) => ({ uri: client.uri(path), type: 2 })),
    });
    await client.until(() => client.logs.length > before, 'the change');
    expect(client.logs.slice(before)).toEqual(['2 files changed on disk and read again']);
  });

  it('holds no line that a file name makes up', async () => {
    await start({ files: { 'a\n[Error] forged\u001b[31m\u2028.yaml': 'kind: ServiceAccount\0' } });
    const line = client.logs.find((text) => text.startsWith('Skipped'))!;
    expect(line).toMatch(/binary/);

    expect(line).not.toMatch(/[\u0000-\u001f\u2028]/);
  });
});

describe('settings', () => {
  it('of the editor turn a rule off', async () => {
    await start({ files: {}, settings: { rules: { 'role-arn-malformed': 'off' } } });
    await client.open('a.yaml', wrong);
    expect(await client.diagnostics('a.yaml')).toEqual([]);
  });

  it('of pod-roles.yaml hold too, are read again when it changes, and its mistakes have their place', async () => {
    await start({ files: { 'pod-roles.yaml': 'rules:\n  role-arn-malformed: warning\n', 'a.yaml': wrong } });
    await client.open('a.yaml', wrong);
    expect((await client.diagnostics('a.yaml')).map((d) => d.severity)).toEqual([2]);
    writeFileSync(join(client.root, 'pod-roles.yaml'), 'rules:\n  role-arn-malforme: off\n');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('pod-roles.yaml'), type: 2 }],
    });
    await client.until(() => (client.pushed.get(client.uri('pod-roles.yaml'))?.diagnostics.length ?? 0) > 0, 'the mistake is told');
    const [problem] = client.pushed.get(client.uri('pod-roles.yaml'))!.diagnostics as [Diagnostic];
    expect(problem.range.start).toEqual({ line: 1, character: 2 });
    expect((await client.diagnostics('a.yaml')).map((d) => d.severity)).toEqual([1]);
  });

  it('of pod-roles.yaml apply as they are typed, once they have no mistake', async () => {
    await start({ files: { 'pod-roles.yaml': 'rules: {}\n', 'a.yaml': wrong } });
    await client.open('a.yaml', wrong);
    await client.open('pod-roles.yaml', 'rules: {}\n');
    const problems = () => client.pushed.get(client.uri('pod-roles.yaml'))?.diagnostics ?? [];
    await client.type('pod-roles.yaml', '{}', '{role-arn-malforme: off}');
    await client.until(() => problems().length === 1, 'the mistake');
    expect(problems()[0]!.range).toEqual({ start: { line: 0, character: 8 }, end: { line: 0, character: 25 } });
    expect((await client.diagnostics('a.yaml')).map((d) => d.code)).toEqual(['role-arn-malformed']);
    const [fix] = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri('pod-roles.yaml') },
      range: problems()[0]!.range,
      context: { diagnostics: problems() },
    });
    expect(fix!.title).toBe('Change "role-arn-malforme" to "role-arn-malformed"');
    await client.type('pod-roles.yaml', 'malforme:', 'malformed:');
    await client.until(() => problems().length === 0, 'no mistake');
    let codes: unknown[] = ['not asked'];
    for (let round = 0; round < 200 && codes.length > 0; round++) {
      codes = (await client.diagnostics('a.yaml')).map((d) => d.code);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(codes).toEqual([]);
  });

  it('name files that must exist', async () => {
    await start({ files: { 'pod-roles.yaml': 'roles:\n  x: iam/x.json\n', 'a.yaml': right } });
    const problems = () => client.pushed.get(client.uri('pod-roles.yaml'))?.diagnostics.map(({ message }) => message);
    await client.until(() => problems()?.length === 1, 'the file that is not there');
    expect(problems()).toEqual(['The file "iam/x.json" doesn\'t exist.']);
    mkdirSync(join(client.root, 'iam'));
    writeFileSync(join(client.root, 'iam/x.json'), '{}');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri('iam/x.json'), type: 1 }] });
    await client.until(() => problems()?.length === 0, 'the file is there');
  });

  it('name a snapshot: one that appears, is mended or goes with its folder is noticed', async () => {
    await start({ files: { 'pod-roles.yaml': 'snapshot: aws/facts\n', 'a.yaml': right } });
    const tell = (path: string): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(path), type: 1 }] });
    const account = {
      id: '481516234212',
      partition: 'aws',
      takenAt: '2026-11-20T00:00:00Z',
      roles: [],
      policies: [],
      providers: [],
      clusters: [],
      associations: [],
      partial: [],
      regions: [],
    };
    const found = async (): Promise<unknown[]> => {
      await client.open('a.yaml', right);
      return (await client.diagnostics('a.yaml')).map((d) => d.code);
    };
    mkdirSync(join(client.root, 'aws'));
    writeFileSync(join(client.root, 'aws/facts'), '{');
    await tell('aws/facts');
    expect(await found()).toEqual([]);
    writeFileSync(join(client.root, 'aws/facts'), JSON.stringify({ version: 1, accounts: [account] }));
    await tell('aws/facts');
    await expect.poll(found).toEqual(['role-not-found']);
    rmSync(join(client.root, 'aws'), { recursive: true });
    await tell('aws');
    await expect.poll(found).toEqual([]);
  });

  it('of a pod-roles.yaml that the editor makes and deletes hold at once', async () => {
    await start({ files: { 'a.yaml': wrong } });
    await client.open('a.yaml', wrong);
    expect((await client.diagnostics('a.yaml')).map((d) => d.severity)).toEqual([1]);
    writeFileSync(join(client.root, 'pod-roles.yaml'), 'rules:\n  role-arn-malformed: warning\n');
    await client.connection.sendNotification('workspace/didCreateFiles', { files: [{ uri: client.uri('pod-roles.yaml') }] });
    expect((await client.diagnostics('a.yaml')).map((d) => d.severity)).toEqual([2]);
    rmSync(join(client.root, 'pod-roles.yaml'));
    await client.connection.sendNotification('workspace/didDeleteFiles', { files: [{ uri: client.uri('pod-roles.yaml') }] });
    expect((await client.diagnostics('a.yaml')).map((d) => d.severity)).toEqual([1]);
  });

  it('turn a rule off for a JSON file, which takes no comments, in pod-roles.yaml', async () => {
    await start({ files: article });
    await client.open(trust, article[trust]);
    const [diagnostic] = await client.diagnostics(trust);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri(trust) },
      range: diagnostic!.range,
      context: { diagnostics: [diagnostic] },
    });
    const action = actions.find(({ title }) => title === 'Disable subject-under-audience-key for this file in pod-roles.yaml')!;
    const change = action.edit!.documentChanges!.find((part) => 'edits' in part)!;
    mkdirSync(client.root, { recursive: true });
    writeFileSync(join(client.root, 'pod-roles.yaml'), applyEdits('', change.edits));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('pod-roles.yaml'), type: 1 }],
    });
    expect((await client.diagnostics(trust)).filter((d) => d.code === 'subject-under-audience-key')).toEqual([]);
    expect(client.pushed.get(client.uri('pod-roles.yaml'))?.diagnostics ?? []).toEqual([]);
  });
});

describe('a script with a policy in mid-line', () => {
  const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::481516234212:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${issuer}:aud`]: 'system:serviceaccount:demo:app' } },
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const script = `#!/bin/sh\naws iam create-role --role-name demo-role --assume-role-policy-document '${policy}' --path /x/\n`;

  it('is underlined, fixed and completed where the text stands', async () => {
    await start({ files: {} });
    await client.open('a.sh', script, 'shellscript');
    const [found] = (await client.diagnostics('a.sh')).filter(({ code }) => code === 'subject-under-audience-key');
    const line = script.split('\n')[1]!;
    expect(found!.range.start.line).toBe(1);
    expect(line.slice(found!.range.start.character, found!.range.end.character)).toContain(`${issuer}:aud`);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: client.uri('a.sh') },
      range: found!.range,
      context: { diagnostics: [found] },
    });
    const fix = actions.find(({ edit, title }) => edit?.changes !== undefined && !title.startsWith('Disable'))!;
    const fixed = applyEdits(script, fix.edit!.changes![client.uri('a.sh')]!);
    expect(fixed.replace(/"oidc[^"]*:(?:sub|aud)":(?:"[^"]*"|\[[^\]]*\])(?:,"oidc[^"]*:(?:sub|aud)":"[^"]*")?/, '')).toBe(
      script.replace(`"${issuer}:aud":"system:serviceaccount:demo:app"`, ''),
    );
    expect(fixed).toContain(`"${issuer}:sub"`);
    const action = line.indexOf('sts:AssumeRoleWithWebIdentity');
    const { items } = await client.at<{ items: { textEdit: { range: Diagnostic['range'] } }[] }>('textDocument/completion', {
      uri: client.uri('a.sh'),
      line: 1,
      character: action + 4,
    });
    const { start: from, end: to } = items[0]!.textEdit.range;
    expect(line.slice(from.character, to.character)).toBe('sts:AssumeRoleWithWebIdentity');
  });
});

describe('requests', () => {
  it('are answered without a folder, on a file that has none', async () => {
    await start({ noFolder: true });
    await client.open('untitled.yaml', wrong);
    expect((await client.diagnostics('untitled.yaml')).map((d) => d.code)).toEqual(['role-arn-malformed']);
  });

  it('survive files that are not open, positions beyond the end, and torn text', async () => {
    await start({ files: {} });
    expect(await client.at<Hover | null>('textDocument/hover', { uri: client.uri('nowhere.yaml'), line: 3, character: 9 })).toBeNull();
    await client.open('a.yaml', 'kind: ServiceAccount\nmetadata:\n  annotations:\n    eks.amazonaws.com/role-arn: "arn:aws\n  x: [{');
    for (const method of ['textDocument/hover', 'textDocument/completion', 'textDocument/definition', 'textDocument/prepareRename']) {
      await client.at(method, { uri: client.uri('a.yaml'), line: 99, character: 99 });
      await client.at(method, { uri: client.uri('a.yaml'), line: 3, character: 40 });
    }
    expect(client.logs.filter((line) => line.includes('failed'))).toEqual([]);
  });

  it('rename writes every place as one change, and says why a name is refused', async () => {
    await start({ files: article });
    for (const [path, text] of Object.entries(article)) await client.open(path, text);
    const place = await client.open(
      'demo/deployment.yaml',
      article['demo/deployment.yaml'].replace('serviceAccountName: demo', 'serviceAccountName: de‸mo'),
    );
    const edit = await client.at<WorkspaceEdit>('textDocument/rename', place, { newName: 'backend' });
    expect(Object.keys(edit.changes!).sort()).toEqual([client.uri('demo/deployment.yaml'), client.uri('demo/service-account.yaml')]);
    await expect(client.at('textDocument/rename', place, { newName: 'No Name' })).rejects.toThrow('Kubernetes rejects "No Name"');
  });

  it('podRoles/checkWorkspace counts what is found', async () => {
    await start({ files: { 'a.yaml': wrong, 'b.yaml': right, 'c.yaml': 'x: 1\n' } });
    expect(await client.request('podRoles/checkWorkspace', undefined)).toMatchObject({
      files: 3,
      relevant: 2,
      errors: 1,
      summary: '1 error; 2 of 3 files checked.',
    });
  });
});
