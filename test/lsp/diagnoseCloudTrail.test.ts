import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { diagnoseRequest, type DiagnoseAnswer } from '../../protocol/diagnose';
import { account, trust } from '../cli/files';
import { goDenied, ordersRole, webIdentityEvent } from '../diagnose/evidence';
import { FakeAws } from '../support/fakeAws';
import { LspClient } from '../support/lspClient';
import { awsEnv } from '../support/moto';

const requestId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const home = mkdtempSync(join(tmpdir(), 'pod-roles-trail-lsp-'));
let fake: FakeAws;
let client: LspClient;

beforeAll(async () => {
  fake = await FakeAws.start('http://127.0.0.1:1');
  client = await LspClient.start({
    files: {
      'k8s/sa.yaml': account('orders', 'shop', ordersRole),
      'iam/orders-role/trust.json': trust('system:serviceaccount:shop:order'),
    },
    env: awsEnv(home, fake.url),
  });
});
afterEach(() => fake.reset());
afterAll(async () => {
  await client.stop();
  await fake.stop();
  rmSync(home, { recursive: true, force: true });
});

const credentials = { accessKeyId: 'ASIAQ3EGPLANTEDKEY02', sessionToken: `IQoJb3JpZ2luX2VjPlantedSessionToken${'aB3dE5fG7h'.repeat(30)}` };
const event = JSON.stringify({ ...(JSON.parse(webIdentityEvent({ requestId })) as object), responseElements: { credentials } });
const params = { pastes: [goDenied(requestId)], cloudTrail: true };
const ask = (given: object = params) => client.connection.sendRequest<DiagnoseAnswer>(diagnoseRequest.method, given);
const lookups = (): number => fake.actions.filter((action) => action === 'cloudtrail:LookupEvents').length;

it('asks nobody before the opt-in, and says so', async () => {
  const answer = await ask();
  expect(answer.notes).toContain('CloudTrail wasn\'t queried: AWS is not queried. Turn on "Pod Roles: AWS" first.');
  expect(fake.calls).toEqual([]);
});

it('after the opt-in only where the request says so: then the answer is certain, and holds no secret', async () => {
  fake.fail('*', 'denied', 99);
  await client.request('podRoles/aws/configure', { enabled: true });
  fake.reset();
  fake.cloudTrail.add('eu-west-1', event);
  await ask({ ...params, cloudTrail: false });
  await ask({ ...params, cloudTrail: 'yes' });
  expect(lookups()).toBe(0);
  const answer = await ask();
  expect(answer).toMatchObject({ certainty: 'certain', class: 'trust', place: { label: 'trust.json:12' } });
  expect(answer.evidence.some(({ paste, text }) => paste === 1 && text.endsWith('looked up)'))).toBe(true);
  for (const secret of ['Planted', 'PLANTED', 'aB3dE5fG7h']) expect(JSON.stringify(answer) + client.logs.join('\n')).not.toContain(secret);
});

it('stops when it is cancelled', async () => {
  fake.cloudTrail.pageSize = 1;
  fake.cloudTrail.add('eu-west-1', ...Array.from({ length: 20 }, () => webIdentityEvent({})));
  fake.fail('cloudtrail:LookupEvents', { delay: 60_000 });
  const source = new CancellationTokenSource();
  const answer = client.connection.sendRequest(diagnoseRequest, params, source.token) as Promise<DiagnoseAnswer>;
  while (lookups() === 0) await new Promise((wait) => setTimeout(wait, 10));
  source.cancel();
  expect((await answer).notes).toContain('The lookup in CloudTrail was cancelled.');
  expect(lookups()).toBe(1);
});
