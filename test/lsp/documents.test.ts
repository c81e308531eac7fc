import type { CodeAction, CompletionList, Hover, Location, WorkspaceDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { afterEach, expect, it } from 'vitest';
import { LspClient } from '../support/lspClient';

let client: LspClient;
afterEach(() => client?.stop());

const manifest =
  'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: demo\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/app\n';
const wrong = manifest.replace(':role/', ':user/');
const fence = (text: string) => `# A\n\n\`\`\`yaml\n${text}\`\`\`\n`;

async function inWorkspace(): Promise<string[]> {
  const { items } = await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] });
  return items.flatMap((item) =>
    item.kind === 'full' ? item.items.map((d) => `${item.uri.slice(client.uri('').length + 1)} ${d.severity} ${d.code}`) : [],
  );
}

it('a fence has findings at level information while the file is open, and follows what is typed', async () => {
  client = await LspClient.start({ files: { 'README.md': fence(wrong), 'sa.yaml': wrong } });
  expect(await inWorkspace()).toEqual(['sa.yaml 1 role-arn-malformed']);
  await client.open('README.md', fence(wrong), 'markdown');
  expect((await client.diagnostics('README.md')).map(({ severity, code, range }) => [severity, code, range.start.line])).toEqual([
    [3, 'role-arn-malformed', 9],
  ]);
  await client.type('README.md', ':user/', ':role/');
  expect(await client.diagnostics('README.md')).toEqual([]);
  await client.type('README.md', ':role/', ':user/');
  expect(await client.diagnostics('README.md')).toHaveLength(1);
  const at = { line: 9, character: 40 };
  const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: client.uri('README.md') },
    range: { start: at, end: at },
    context: { diagnostics: [] },
  });
  expect(actions.map(({ title }) => title)).toContain('Disable role-arn-malformed for this file');
  await client.close('README.md');
  expect(await inWorkspace()).toEqual(['sa.yaml 1 role-arn-malformed']);
});

it('hover, definition and completion know the examples and the workspace; the status knows the file', async () => {
  client = await LspClient.start({ files: { 'sa.yaml': manifest.replace(/app/g, 'real') } });
  const at = await client.open(
    'a.sh',
    `cat <<EOF\n${manifest}EOF\ncat <<EOF\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: x\n  namespace: demo\nspec:\n  template:\n    spec:\n      serviceAccountName: a‸pp\n      containers: []\nEOF\n`,
    'shellscript',
  );
  const [target] = await client.at<Location[]>('textDocument/definition', at);
  expect(target?.range.start).toEqual({ line: 4, character: 8 });
  expect((await client.at<Hover>('textDocument/hover', { uri: at.uri, line: 7, character: 65 })).contents).toMatchObject({
    value: expect.stringContaining('app') as string,
  });
  const items = await client.at<CompletionList>('textDocument/completion', { uri: at.uri, line: 7, character: 65 });
  expect(items.items.map(({ label }) => label)).toEqual(expect.arrayContaining(['real']));
  await client.connection.sendNotification('podRoles/activeFile', { uri: at.uri });
  await client.until(() => client.statuses.some(({ activeFile }) => activeFile?.state === 'checked'), 'the status of the script');
});

it('pod-roles.yaml decides: true reads what is not open, false says nothing of what is', async () => {
  client = await LspClient.start({ files: { 'pod-roles.yaml': 'documents: true\n', 'docs/README.md': fence(wrong) } });
  expect(await inWorkspace()).toEqual(['docs/README.md 3 role-arn-malformed']);
  await client.stop();
  client = await LspClient.start({ files: { 'pod-roles.yaml': 'documents: false\n', 'docs/README.md': fence(wrong) } });
  await client.open('docs/README.md', fence(wrong), 'markdown');
  expect(await client.diagnostics('docs/README.md')).toEqual([]);
});
