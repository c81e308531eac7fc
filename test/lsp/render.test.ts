import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import { afterEach, expect, it } from 'vitest';
import { account, trust } from '../cli/files';
import { fakeRenderers } from '../support/fakeRenderers';
import { folder } from '../support/folder';
import { LspClient } from '../support/lspClient';

let client: LspClient;
afterEach(() => client?.stop());

const role = 'arn:aws:iam::111122223333:role/demo-role';
const files = {
  'app/Chart.yaml': 'name: app\n',
  'app/values.yaml': `serviceAccount:\n  name: demo-sb\n  roleArn: ${role}\n`,
  'app/templates/sa.yaml': account('{{ .Values.serviceAccount.name }}', '{{ .Release.Namespace }}', '{{ .Values.serviceAccount.roleArn }}'),
  'iam/demo-role/trust.json': trust('system:serviceaccount:demo:demo-sa'),
};

interface Result {
  readonly message?: string;
  readonly summary?: string;
  readonly roots?: readonly { readonly uri: string; readonly tool: string; readonly problem?: string }[];
  readonly diagnostics?: readonly { readonly uri: string; readonly items: readonly Diagnostic[] }[];
}

async function checkRendered(
  tools: readonly ('helm' | 'kustomize')[],
  trusted: boolean | undefined,
  params: object = { namespace: 'demo' },
): Promise<Result & { calls: string }> {
  const bin = folder({ calls: '' });
  fakeRenderers(bin, tools);
  client = await LspClient.start({ files, env: { PATH: bin, CALLS: join(bin, 'calls') }, ...(trusted === undefined ? {} : { trusted }) });
  const result = await client.request<Result>('podRoles/checkRendered', params);
  return { ...result, calls: readFileSync(join(bin, 'calls'), 'utf8') };
}

it('gives the findings of the output at their places in the sources', async () => {
  const { diagnostics, summary, roots } = await checkRendered(['helm'], true);
  expect(roots).toEqual([{ uri: client.uri('app'), kind: 'chart', tool: 'helm' }]);
  expect(diagnostics?.map(({ uri, items }) => [uri, items.map(({ code, severity, range }) => [code, severity, range.start])])).toEqual([
    [client.uri('app/values.yaml'), [['subject-mismatch', 1, { line: 2, character: 11 }]]],
  ]);
  expect(summary).toBe('1 problem in the output; 1 of 1 chart or kustomization rendered.');
});

it.each([false, undefined])('runs nothing in a workspace that is not trusted (%s)', async (trusted) => {
  const { message, calls } = await checkRendered(['helm'], trusted);
  expect({ message, calls }).toEqual({
    message: 'Charts and kustomizations are rendered in a trusted workspace alone: their templates are run by helm and kustomize.',
    calls: '',
  });
});

it('says which tool is missing', async () => {
  expect((await checkRendered(['kustomize'], true)).message).toBe('Rendering needs helm on the PATH of the editor.');
});
