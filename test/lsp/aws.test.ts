import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CancellationTokenSource, type CodeLens, type WorkspaceEdit } from 'vscode-languageserver-protocol/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LspClient } from '../support/lspClient';
import { FakeAws } from '../support/fakeAws';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

interface State {
  source: string;
  label?: string;
  busy: boolean;
  account?: string;
  arn?: string;
  counts?: Record<string, number>;
  gaps: { action: string }[];
  problem?: { code: string; message: string; next: string; permission?: string; ssoProfile?: string };
}

const role = `arn:aws:iam::${motoAccount}:role/demo-role`;
const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: ${role}
`;
const policy = (issuer: string, subject = 'demo-namespace:demo-sa'): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${motoAccount}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:sub`]: `system:serviceaccount:${subject}` } },
      },
    ],
  });

async function lens(client: LspClient): Promise<string | undefined> {
  const lenses = await client.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri: client.uri('sa.yaml') } });
  return lenses?.[0]?.command?.title;
}

describe('a snapshot in the workspace', () => {
  const snapshot = (subject: string): string =>
    JSON.stringify({
      version: 1,
      accounts: [
        {
          id: motoAccount,
          takenAt: '2026-11-20T09:00:00Z',
          roles: [{ arn: role, trustPolicy: JSON.parse(policy('oidc.eks.eu-west-1.amazonaws.com/id/5C7A', subject)) as object }],
        },
      ],
    });
  let client: LspClient;
  beforeAll(async () => {
    // Whoever asked would see this.
    client = await LspClient.start({
      files: { 'sa.yaml': account, 'pod-roles.snapshot.json': snapshot('demo-namespace:demo-sa') },
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    await client.open('sa.yaml', account);
  });
  afterAll(() => client?.stop());

  test('counts without an opt-in, and is read again when it changes', async () => {
    expect(await lens(client)).toMatch(/^✓ Can assume demo-role/);
    expect(await client.request<State>('podRoles/aws/configure', { enabled: false })).toMatchObject({
      source: 'snapshot',
      label: 'snapshot of 2026-11-20',
      busy: false,
      account: motoAccount,
    });
    writeFileSync(join(client.root, 'pod-roles.snapshot.json'), snapshot('demo-namespace:other'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('pod-roles.snapshot.json'), type: 2 }],
    });
    expect((await client.diagnostics('sa.yaml')).map(({ code }) => code)).toEqual(['subject-mismatch']);
    expect(await lens(client)).toMatch(/^✗ Can\'t assume demo-role: subject doesn\'t match/);
  });

  test('answers in place of AWS, but changes nothing', async () => {
    expect(await client.request('podRoles/aws/roles', { text: 'demo' })).toMatchObject({ total: 1, roles: [{ arn: role }] });
    expect(await client.request('podRoles/aws/registerProvider', { issuer: 'x', clientIds: [] })).toMatchObject({
      problem: { message: 'AWS is not queried.' },
    });
  });
});

describeWithMoto('AWS in the editor', () => {
  let moto: Moto;
  let fake: FakeAws;
  let client: LspClient;
  let issuer: string;
  beforeAll(async () => {
    moto = await startMoto();
    fake = await FakeAws.start(moto.url);
    const options = { region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
    const { cluster } = await new EKSClient(options).send(
      new CreateClusterCommand({
        name: 'demo-cluster',
        version: '1.31',
        roleArn: `arn:aws:iam::${motoAccount}:role/c`,
        resourcesVpcConfig: { subnetIds: [] },
      }),
    );
    issuer = cluster!.identity!.oidc!.issuer!.replace('https://', '');
    const iam = new IAMClient(options);
    await iam.send(new CreateRoleCommand({ RoleName: 'demo-role', AssumeRolePolicyDocument: policy(issuer) }));
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'demo-role',
        PolicyName: 'queue',
        PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}',
      }),
    );
  });
  afterAll(async () => {
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(async () => {
    fake.reset();
    client = await LspClient.start({ files: { 'sa.yaml': account }, env: { ...moto.env, AWS_ENDPOINT_URL: fake.url } });
    await client.open('sa.yaml', account);
  });
  afterEach(() => client?.stop());

  /** Turns AWS on and waits until everything was asked. */
  async function on(): Promise<State> {
    const states: State[] = [];
    client.connection.onNotification('podRoles/aws/state', (state: State) => void states.push(state));
    const first = await client.request<State>('podRoles/aws/configure', { enabled: true });
    if (first.busy) await client.until(() => states.at(-1)?.busy === false, 'everything that AWS is asked');
    return states.at(-1) ?? first;
  }

  test('nothing is asked before the opt-in', async () => {
    expect(await lens(client)).toBe('? demo-role: trust policy not found');
    await client.request('podRoles/aws/configure', { enabled: false });
    expect(await client.request('podRoles/aws/clusters', { regions: ['eu-west-1'] })).toMatchObject({
      problem: { message: 'AWS is not queried, and the workspace has no snapshot of it.' },
    });
    expect(await client.request('podRoles/aws/identity', {})).toMatchObject({ problem: { message: 'AWS is not queried.' } });
    expect(await client.request('podRoles/aws/profiles', undefined)).toMatchObject({ profiles: [] });
    expect(fake.calls).toEqual([]);
  });

  test('after it the real role decides, with its permissions', async () => {
    expect(await on()).toMatchObject({ source: 'live', label: 'AWS', account: motoAccount, counts: { roles: 1, clusters: 1 }, gaps: [] });
    expect(await lens(client)).toMatch(/^✗ Can't assume demo-role: OIDC provider not registered in IAM/);
    // The cluster is there, its provider is not.
    expect((await client.diagnostics('sa.yaml')).map(({ code }) => code)).toEqual(['provider-not-registered']);
    expect(fake.actions).toContain('iam:GetRolePolicy');
    const off = await client.request<State>('podRoles/aws/configure', { enabled: false });
    expect(off).toMatchObject({ source: 'off', gaps: [] });
    expect(await lens(client)).toBe('? demo-role: trust policy not found');
  });

  test('clusters with their issuers, each told as it comes; the provider is registered', async () => {
    await on();
    const seen: string[] = [];
    client.connection.onNotification(
      'podRoles/aws/clusterFound',
      ({ cluster }: { cluster: { name: string } }) => void seen.push(cluster.name),
    );
    const ask = () => client.request('podRoles/aws/clusters', { regions: ['eu-west-1'], id: '1' });
    expect(await ask()).toMatchObject({
      clusters: [{ name: 'demo-cluster', region: 'eu-west-1', issuer, id: issuer.split('/')[2], registered: false }],
      gaps: [],
    });
    expect(seen).toEqual(['demo-cluster']);
    const arn = `arn:aws:iam::${motoAccount}:oidc-provider/${issuer}`;
    expect(await client.request('podRoles/aws/registerProvider', { issuer, clientIds: ['sts.amazonaws.com'] })).toMatchObject({
      arn,
      outcome: 'applied',
      page: expect.stringContaining(`aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ${arn}`) as string,
    });
    expect(await ask()).toMatchObject({ clusters: [{ registered: true, clientIds: ['sts.amazonaws.com'], providerArn: arn }] });
    expect(await client.request<State>('podRoles/aws/refresh', undefined)).toMatchObject({ busy: false, counts: { providers: 1 } });
    expect(await client.diagnostics('sa.yaml')).toEqual([]);
  });

  test('placeholders are replaced in an open trust policy', async () => {
    const { uri } = await client.open('trust.json', policy('<OIDC_PROVIDER>').replace(motoAccount, '<ACCOUNT_ID>'));
    const { count, edit } = await client.request<{ count: number; edit: WorkspaceEdit }>('podRoles/aws/placeholders', {
      uri,
      issuer,
      account: motoAccount,
    });
    expect(count).toBe(2);
    expect(edit.changes![uri]!.map(({ newText }) => newText).sort()).toEqual([motoAccount, issuer, issuer].sort());
  });

  test('what stands in the way is said, and a refresh gets past it', async () => {
    fake.fail('sts:GetCallerIdentity', 'expired');
    expect(await on()).toMatchObject({
      source: 'live',
      busy: false,
      problem: { code: 'expired', message: 'The credentials have expired.', next: 'Sign in again, then refresh.' },
    });
    expect(await lens(client)).toBe('? demo-role: trust policy not found');
    expect((await client.request<State>('podRoles/aws/refresh', undefined)).problem).toBeUndefined();
    expect(await lens(client)).toMatch(/^✓/);
  });

  test.each(['expired', 'drop-before'] as const)(
    'a refresh that AWS does not answer (%s) keeps what was known, with its age',
    async (fault) => {
      const known = (await on()) as State & { loadedAt: string };
      const before = await client.diagnostics('sa.yaml');
      fake.fail('*', fault, 1_000);
      const state = await client.request<State & { stale?: boolean; loadedAt?: string }>('podRoles/aws/refresh', undefined);
      expect(state).toMatchObject({
        source: 'live',
        stale: true,
        loadedAt: known.loadedAt,
        account: motoAccount,
        counts: { roles: 1, clusters: 1 },
        problem: { code: fault === 'expired' ? 'expired' : 'no-network' },
      });
      expect(await client.diagnostics('sa.yaml')).toEqual(before);
      expect(await lens(client)).toMatch(/^✓/);
      fake.reset();
      expect(await client.request<State & { stale?: boolean }>('podRoles/aws/refresh', undefined)).not.toHaveProperty('stale');
    },
  );

  test('credentials that expire in the middle of a refresh keep what was known', async () => {
    await on();
    for (const action of ['iam:ListRoles', 'iam:ListOpenIDConnectProviders', 'eks:ListClusters']) fake.fail(action, 'expired', 10);
    expect(await client.request<State>('podRoles/aws/refresh', undefined)).toMatchObject({
      stale: true,
      problem: { code: 'expired' },
      counts: { roles: 1, clusters: 1 },
    });
    expect(await lens(client)).toMatch(/^✓/);
  });

  test('nobody could look for clusters: that is the answer, with those of before', async () => {
    await on();
    fake.fail('*', 'expired', 1_000);
    expect(await client.request('podRoles/aws/clusters', { regions: [] })).toMatchObject({
      problem: { code: 'expired', next: 'Sign in again, then refresh.' },
      known: [{ name: 'demo-cluster' }],
      knownAt: expect.any(String) as string,
    });
    fake.reset();
    fake.fail('eks:ListClusters', 'denied', 10);
    expect(await client.request('podRoles/aws/clusters', { regions: ['us-east-1', 'us-west-2'] })).toMatchObject({
      problem: { code: 'access-denied', permission: 'eks:ListClusters' },
    });
  });

  test('some regions could not be asked: they are named, and "no cluster" is said of the others alone', async () => {
    await on();
    fake.fail('eks:ListClusters', 'denied', 1);
    const answer = await client.request<{ clusters: object[]; asked: string[]; gaps: { resource: string; next: string }[] }>(
      'podRoles/aws/clusters',
      { regions: ['us-east-1', 'us-west-2'] },
    );
    expect(answer.clusters).toEqual([]);
    expect([...answer.asked, answer.gaps[0]!.resource].sort()).toEqual(['us-east-1', 'us-west-2']);
    expect(answer.gaps[0]!.next).toContain('Request the permission eks:ListClusters');
  });

  test('no region is configured: that is said, and not that there is no cluster', async () => {
    await client.stop();
    const { AWS_DEFAULT_REGION: _default, AWS_REGION: _region, ...rest } = moto.env;
    client = await LspClient.start({
      files: { 'a.yaml': 'a: 1' },
      env: { ...rest, AWS_ENDPOINT_URL: fake.url, AWS_REGION: '', AWS_DEFAULT_REGION: '' },
    });
    await client.request('podRoles/aws/configure', { enabled: true });
    expect(await client.request('podRoles/aws/clusters', { regions: [] })).toMatchObject({ problem: { code: 'no-region' } });
  });

  test('a list that is refused silences what would need it', async () => {
    fake.fail('iam:ListRoles', 'denied');
    fake.fail('iam:ListOpenIDConnectProviders', 'denied');
    const state = await on();
    expect(state.gaps).toEqual(
      expect.arrayContaining([
        { action: 'iam:ListRoles', reason: 'AWS denied iam:ListRoles.' },
        { action: 'iam:ListOpenIDConnectProviders', reason: 'AWS denied iam:ListOpenIDConnectProviders.' },
      ]),
    );
    expect(await client.diagnostics('sa.yaml')).toEqual([]);
    // The role itself was asked for by name all the same.
    expect(await lens(client)).toMatch(/^✓/);
  });

  test('a request that is cancelled ends at once', async () => {
    await on();
    fake.fail('*', { delay: 20_000 }, 50);
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest('podRoles/aws/policies', { text: 's3' }, source.token);
    setTimeout(() => source.cancel(), 100);
    expect(await asked).toEqual({ cancelled: true });
  });

  test('the snapshot that is written holds what was asked, and no secret', async () => {
    await on();
    const { text } = await client.request<{ text: string }>('podRoles/aws/snapshot', undefined);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      accounts: [{ id: motoAccount, roles: [{ name: 'demo-role', detail: true }], clusters: [{ name: 'demo-cluster' }] }],
    });
    expect(`${text} ${client.logs.join(' ')}`).not.toMatch(/testing|secret/i);
  });
});

test('the SDK is no part of the server, which stays small', () => {
  const server = readFileSync(join(import.meta.dirname, '../../dist/server-main.js'), 'utf8');
  expect(server).not.toContain('AWSSecurityTokenService');
  expect(server).toContain('./aws.js');
});
