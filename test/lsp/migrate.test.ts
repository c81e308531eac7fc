import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens } from 'vscode-languageserver-protocol/node';
import type { MigratePlan, MigrateStepParams, MigrateStepResult } from '../../protocol/migrate';
import { applyEdits, LspClient } from '../support/lspClient';
import { manifest, movingFiles, terraform, trust } from '../support/movingFiles';

let client: LspClient;
afterEach(() => client.stop());

const orders = { namespace: 'shop', name: 'orders' };
const cart = { namespace: 'shop', name: 'cart' };
const plan = (more: object = {}): Promise<MigratePlan> => client.request('podRoles/migratePlan', { direction: 'to-pod-identity', ...more });
const step = (more: Partial<MigrateStepParams>): Promise<MigrateStepResult> =>
  client.request('podRoles/migrateStep', { direction: 'to-pod-identity', step: 'expand', accounts: [orders], ...more });
const states = async () => (await plan()).rows.map(({ label, state, outcome }) => `${label} ${state} ${outcome}`);

/** What an editor does with a step: the edits in the text that it shows, new files on the disk. */
function apply({ files }: MigrateStepResult): void {
  for (const { uri, before, after, action, edits } of files) {
    const path = new URL(uri).pathname;
    if (action === 'change') {
      expect(readFileSync(path, 'utf8')).toBe(before);
      expect(applyEdits(before, edits)).toBe(after);
    }
    writeFileSync(path, after);
  }
}
async function written(result: MigrateStepResult): Promise<void> {
  const relevant = client.refreshes;
  apply(result);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: result.files.map(({ uri, action }) => ({ uri, type: action === 'create' ? 1 : 2 })),
  });
  await client.until(() => client.refreshes > relevant, 'the files are read again');
}

describe('the plan', () => {
  it('has a row an account, with places, and says which account stands at a place', async () => {
    client = await LspClient.start({ files: movingFiles });
    const { rows, at, text } = await plan({ at: { uri: client.uri(manifest), position: { line: 3, character: 10 } } });
    expect(at).toEqual(orders);
    expect(rows.map(({ account, role, cluster, state, outcome }) => [account, role, cluster, state, outcome])).toEqual([
      [cart, 'cart-role', 'demo', 'not-started', 'can-move'],
      [orders, 'orders-role', 'demo', 'not-started', 'can-move'],
    ]);
    expect(rows[1]!.places.map(({ label, place }) => [label, place?.label])).toEqual([
      ['annotation', `${manifest}:7`],
      ['trust policy', `${trust}:1`],
    ]);
    expect(rows[1]!.workloads).toEqual(['Deployment shop/orders']);
    expect(text).toContain('✓ shop/orders → orders-role in cluster demo: can move');
    expect(text).toContain(`annotation ${manifest}:7 · trust policy ${trust}:1`);
  });

  it('follows the text that the editor shows', async () => {
    client = await LspClient.start({ files: movingFiles });
    await client.open(manifest, movingFiles[manifest]);
    await client.type(manifest, 'name: orders\n  namespace: shop\n  annotations', 'name: bills\n  namespace: shop\n  annotations');
    const { rows } = await plan();
    expect(rows.find(({ label }) => label === 'shop/bills')?.places[0]?.place?.label).toBe(`${manifest}:7`);
  });

  it('reads lock files when it is asked for, as the editor shows them', async () => {
    const lock = 'services/orders/requirements.txt';
    client = await LspClient.start({
      files: {
        ...movingFiles,
        [lock]: 'boto3==1.26.0\n',
        'compose.yaml': 'services:\n  orders: {image: example.com/orders, build: services/orders}\n',
        'old/go.mod': 'require github.com/aws/aws-sdk-go v1.40.0\n',
      },
    });
    const { rows, packages } = await plan();
    const [reason] = rows.find(({ label }) => label === 'shop/orders')!.reasons;
    expect([reason?.code, reason?.effect, reason?.place]).toEqual([
      'sdk-too-old',
      'stops',
      { label: 'requirements.txt:1', uri: client.uri(lock), line: 0, character: 0 },
    ]);
    expect(packages?.map(({ label, place }) => [label, place?.label])).toEqual([
      ['github.com/aws/aws-sdk-go v1.40.0, needs 1.47.11 or later', 'go.mod:1'],
    ]);
    await client.open(lock, '# nothing\n');
    expect((await plan()).rows.map(({ outcome }) => outcome)).toEqual(['can-move', 'can-move']);
  });

  it('answers junk with a sentence, and goes on', async () => {
    client = await LspClient.start({ files: movingFiles });
    for (const params of [
      {},
      { direction: 7, cluster: {}, at: { uri: 'nowhere:' } },
      { direction: 'to-pod-identity', at: { uri: client.uri('gone.yaml') } },
    ])
      expect((await client.request<MigratePlan>('podRoles/migratePlan', params)).rows).toHaveLength(2);
    for (const params of [{}, { accounts: 'all' }, { accounts: [1, null, {}] }, { accounts: [orders], step: 'delete' }])
      expect(await client.request('podRoles/migrateStep', { direction: 'to-pod-identity', ...params })).toEqual({
        message: 'Select the service accounts to move.',
      });
    expect(await step({ accounts: [{ namespace: 'shop', name: 'nobody' }] })).toMatchObject({ files: [], accounts: [] });
  });
});

it('offers the move on the annotation alone, and only to our own client', async () => {
  client = await LspClient.start({ files: movingFiles });
  const { uri, line, character } = await client.open(manifest, movingFiles[manifest].replace('role-arn', 'role‸-arn'));
  const actionsAt = (at: { line: number; character: number }): Promise<CodeAction[]> =>
    client.request('textDocument/codeAction', { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [] } });
  const titleOf = 'Migrate shop/orders to EKS Pod Identity…';
  const offered = (await actionsAt({ line, character })).find(({ title }) => title === titleOf);
  expect(offered).toMatchObject({
    kind: 'refactor',
    command: { command: 'podRoles.migrateToEksPodIdentity', arguments: [{ uri, position: { line, character } }] },
  });
  expect((await actionsAt({ line: 0, character: 0 })).map(({ title }) => title)).not.toContain(titleOf);
  await client.stop();
  client = await LspClient.start({ files: movingFiles, podRolesCommands: false });
  const again = await client.open(manifest, movingFiles[manifest]);
  const others = await client.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: again.uri },
    range: { start: { line, character }, end: { line, character } },
    context: { diagnostics: [] },
  });
  expect(others.map(({ title }) => title)).not.toContain(titleOf);
});

describe('a step', () => {
  it('expands, contracts, and each time says what is proven and what comes next', async () => {
    client = await LspClient.start({ files: movingFiles });
    const expand = await step({ accounts: [cart, orders] });
    expect(expand.refused).toEqual([]);
    expect(expand.files.map(({ path, action }) => [path, action])).toEqual([
      [trust, 'change'],
      [terraform, 'change'],
    ]);
    expect(expand.proofs.map(({ role, lines }) => [role, lines.map(({ holds }) => holds)]).sort()).toEqual([
      ['cart-role', [true]],
      ['orders-role', [true]],
    ]);
    expect(expand.script).toContain(
      'aws eks create-pod-identity-association --cluster-name demo --namespace shop --service-account orders',
    );
    expect(expand.next.join(' ')).toContain('Deploy the trust policies first');
    await written(expand);
    expect(await states()).toEqual(['shop/cart moving can-move', 'shop/orders moving can-move']);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: client.uri(terraform) } });
    expect(lenses.map(({ command }) => command?.title)).toContain('✓ Can assume cart-role (moving: EKS Pod Identity overrides IRSA)');
    const contract = await step({ step: 'contract', accounts: [cart] });
    expect(contract.files.map(({ path }) => path)).toEqual([terraform]);
    await written(contract);
    const text = readFileSync(join(client.root, terraform), 'utf8');
    expect(text).not.toContain('Federated');
    expect(text).not.toContain('eks.amazonaws.com/role-arn');
    expect(text).toContain('aws_eks_pod_identity_association');
    expect(await states()).toEqual(['shop/cart done can-move', 'shop/orders moving can-move']);
  });

  it('is taken back to the letter', async () => {
    client = await LspClient.start({ files: movingFiles });
    await written(await step({ accounts: [cart, orders] }));
    await written(await step({ step: 'undo', accounts: [cart, orders] }));
    for (const path of [trust, terraform, manifest] as const) expect(readFileSync(join(client.root, path), 'utf8')).toBe(movingFiles[path]);
  });

  it('is made of the text that the editor shows, not of what is on the disk', async () => {
    client = await LspClient.start({ files: movingFiles });
    await client.open(trust, movingFiles[trust]);
    await client.type(trust, '"Version": "2012-10-17",', '"Version": "2012-10-17",\n  "Id": "unsaved",');
    const { files } = await step({});
    expect(files.map(({ path }) => path)).toEqual([trust]);
    expect(files[0]!.before).toBe(client.text(trust));
    expect(applyEdits(files[0]!.before, files[0]!.edits)).toBe(files[0]!.after);
    expect(files[0]!.after).toContain('"Id": "unsaved"');
    expect(readFileSync(join(client.root, trust), 'utf8')).toBe(movingFiles[trust]);
  });
});
