import { afterEach, expect, it } from 'vitest';
import { CancellationToken, CancellationTokenSource, type CodeLens } from 'vscode-languageserver-protocol/node';
import type { MigratePlan } from '../../protocol/migrate';
import { LspClient } from '../support/lspClient';
import { irsaStatement, manifest, roleArn, settings, trust } from '../migrate/repositories';

/*
 * A plan of a large workspace is made in slices: it can be cancelled, other requests are answered meanwhile, and a change of a
 * file gives the plan of the new text.
 */

let client: LspClient;
afterEach(() => client.stop());

const count = 300;
const files: Record<string, string> = { 'pod-roles.yaml': settings() };
for (let i = 0; i < count; i++) {
  files[`k8s/app${i}.yaml`] = manifest(`app${i}`, roleArn(`app${i}`));
  files[`iam/app${i}.json`] = trust(irsaStatement(`system:serviceaccount:shop:app${i}`));
}

const plan = (token = CancellationToken.None): Promise<MigratePlan | { readonly message: string }> =>
  client.connection.sendRequest('podRoles/migratePlan', { direction: 'to-pod-identity' }, token);
const lens = (path: string): Promise<CodeLens[]> => client.request('textDocument/codeLens', { textDocument: { uri: client.uri(path) } });

it('answers another request between the slices of a plan, which is cancelled then', async () => {
  client = await LspClient.start({ files });
  await client.open('k8s/app1.yaml', files['k8s/app1.yaml']!);
  const order: string[] = [];
  const source = new CancellationTokenSource();
  const asked = plan(source.token).then((answer) => (order.push('plan'), answer));
  const lenses = await lens('k8s/app1.yaml');
  order.push('lens');
  source.cancel();
  expect(lenses.length).toBeGreaterThan(0);
  expect(await asked).toEqual({ message: 'Cancelled.' });
  expect(order).toEqual(['lens', 'plan']);
  const whole = await plan();
  expect('rows' in whole && whole.rows.length).toBe(count);
});

it('gives the plan of the text that a file has now, if it changes while the plan is made', async () => {
  client = await LspClient.start({ files });
  const path = 'k8s/app299.yaml';
  await client.open(path, files[path]!);
  const asked = plan();
  // Between two slices, as the answer before that of the plan shows.
  await lens(path);
  await client.type(path, 'name: app299\n  namespace: shop\n  annotations', 'name: renamed\n  namespace: shop\n  annotations');
  const answer = await asked;
  const labels = 'rows' in answer ? answer.rows.map(({ label }) => label) : [];
  expect(labels).toContain('shop/renamed');
});
