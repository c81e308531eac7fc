import { afterAll, beforeAll, expect, it } from 'vitest';
import { account, deployment, trust } from '../cli/files';
import { denied, ordersRole, token, webIdentityEvent } from '../diagnose/evidence';
import type { CodeAction } from 'vscode-languageserver-protocol/node';
import { cursor, LspClient } from '../support/lspClient';
import { diagnoseRequest, workloadsRequest, type DiagnoseAnswer } from '../../protocol/diagnose';

let client: LspClient;
beforeAll(async () => {
  client = await LspClient.start({
    files: {
      'k8s/sa.yaml': account('orders', 'shop', ordersRole),
      'k8s/deploy.yaml': deployment('orders-api', 'shop', 'orders'),
      'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
    },
  });
});
afterAll(() => client.stop());

const ask = (...pastes: string[]) => client.connection.sendRequest(diagnoseRequest, { pastes }) as Promise<DiagnoseAnswer>;

it('answers with place, fixes and the account to explain', async () => {
  const answer = await ask(denied, webIdentityEvent({}));
  expect(answer).toMatchObject({
    certainty: 'certain',
    class: 'trust',
    docs: 'docs/diagnose/trust.md',
    place: { label: 'trust.json:12', line: 11 },
  });
  expect(answer.headline).toBe('Cause (certain): The trust policy of orders-role allows shop/order, not shop/orders.');
  expect(answer.fixes.length).toBeGreaterThan(0);
  expect(Object.keys(answer.fixes[0]!.edit.changes ?? {}).length).toBeGreaterThan(0);
  expect(answer.explain?.uri).toMatch(/sa\.yaml$/);
});

it('lists the workloads and accounts that can be picked', async () => {
  expect(await client.connection.sendRequest(workloadsRequest)).toContainEqual({ namespace: 'shop', name: 'orders' });
});

it('lets nothing secret into answers and logs, and survives params of any kind', async () => {
  const signature = 'PlantedSignature0qW3rT5yU7'.repeat(14).slice(0, 342);
  const answer = await ask(`${denied}\nAWS_SECRET_ACCESS_KEY=wJa1rXUtnFEMI7K7MDENGbPxRfiCYPLANTEDKEY9\n${token({}, signature)}`);
  for (const params of [
    {},
    { pastes: 'PlantedText' },
    { pastes: [1, null], workload: 'PlantedName' },
    { pastes: ['PlantedText'], workload: { namespace: 1 } },
  ])
    expect(await client.connection.sendRequest(diagnoseRequest.method, params)).toMatchObject({ certainty: 'unknown' });
  const all = JSON.stringify(answer) + client.logs.join('\n');
  for (const part of ['wJa1rXUtnFEMI7', 'PLANTEDKEY9', 'PlantedSignature', 'PlantedText', 'PlantedName']) expect(all).not.toContain(part);
});

it('offers the clipboard on the annotation of an account, and nowhere else', async () => {
  const text = account('orders', 'shop', ordersRole);
  const at = await client.open('k8s/sa.yaml', text.replace('role-arn', `role${cursor}-arn`));
  const actionsAt = (line: number, character: number) =>
    client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: at.uri },
      range: { start: { line, character }, end: { line, character } },
      context: { diagnostics: [] },
    });
  const offered = (await actionsAt(at.line, at.character)).find(({ title }) => title === 'Diagnose with clipboard');
  expect(offered?.command).toMatchObject({
    command: 'podRoles.diagnoseAnError',
    arguments: [{ workload: { namespace: 'shop', name: 'orders' }, clipboard: true }],
  });
  expect((await actionsAt(0, 0)).map(({ title }) => title)).not.toContain('Diagnose with clipboard');
});
