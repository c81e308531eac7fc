import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useCli, type CliResult } from '../support/cli';
import { FakeAws } from '../support/fakeAws';
import { describeWithMoto, motoAccount, startMoto, withoutAws, type Moto } from '../support/moto';

const cli = useCli();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pod-roles-cli-aws-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const account = (role: string, name = 'demo-sa'): string => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: ${role}
`;

const trust = (issuer: string, subject: string, id = motoAccount): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuer}:sub`]: `system:serviceaccount:${subject}`, [`${issuer}:aud`]: 'sts.amazonaws.com' } },
      },
    ],
  });

const queue = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}';

describe('a snapshot', () => {
  const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
  const role = `arn:aws:iam::${motoAccount}:role/demo-role`;
  const snapshot = (subject = 'demo-namespace:demo-sa'): string =>
    JSON.stringify({
      $schema: 'https://example.com/schemas/snapshot.schema.json',
      version: 1,
      accounts: [
        {
          id: motoAccount,
          takenAt: '2026-11-20T09:00:00.000Z',
          roles: [{ arn: role, trustPolicy: JSON.parse(trust(issuer, subject)) as object }],
          providers: [{ arn: `arn:aws:iam::${motoAccount}:oidc-provider/${issuer}`, clientIds: ['sts.amazonaws.com'] }],
          clusters: [{ arn: `arn:aws:eks:eu-west-1:${motoAccount}:cluster/demo-cluster`, issuer, status: 'ACTIVE' }],
          regions: ['eu-west-1'],
        },
      ],
    });
  // Nobody may be asked: an endpoint that would not answer, and keys that would be used.
  const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  const run = (...args: string[]): Promise<CliResult> => cli(args, { cwd: folder, env });

  test('beside the files is taken by itself, and is no file to be checked', async () => {
    write({ 'k8s/sa.yaml': account(role), 'pod-roles.snapshot.json': snapshot() });
    expect(await run('check', '.')).toMatchObject({
      code: 0,
      stdout: 'No problems. Checked 1 of 2 files: 1 service account, 1 can assume its role.\n',
      stderr: '',
    });
    const explained = await run('explain', 'demo-namespace/demo-sa');
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain(`${role}:`);
    expect(explained.stdout).toContain('The trust policy is that of the snapshot of 2026-11-20.');
  });

  test('says who the real role admits, and which role is not there', async () => {
    write({ 'sa.yaml': account(role), 'other.yaml': account(`${role}-2`, 'other'), 'aws.json': snapshot('demo-namespace:demo') });
    const { code, stdout } = await run('check', '.', '--snapshot', 'aws.json', '--format', 'json');
    expect(code).toBe(1);
    expect(
      (JSON.parse(stdout) as { findings: { rule: string; path: string }[] }).findings.map(({ rule, path }) => `${path} ${rule}`),
    ).toEqual(['other.yaml role-not-found', 'sa.yaml subject-mismatch']);
  });

  test('is named by pod-roles.yaml', async () => {
    write({ 'pod-roles.yaml': 'snapshot: aws/now.json\n', 'aws/now.json': snapshot('demo-namespace:demo'), 'k8s/sa.yaml': account(role) });
    expect((await run('check', 'k8s')).stdout).toContain('subject-mismatch');
  });

  test('that is broken stops the command, with the reason', async () => {
    write({ 'sa.yaml': account(role), 'pod-roles.snapshot.json': '{"version": 2, "accounts": []}' });
    expect(await run('check', '.')).toMatchObject({
      code: 2,
      stdout: '',
      stderr:
        'pod-roles: pod-roles.snapshot.json: It is a snapshot of version 2; this release reads version 1. Write it again with "pod-roles snapshot".\n',
    });
  });

  test('may be the account details of the AWS CLI', async () => {
    const details = {
      RoleDetailList: [
        {
          Arn: role,
          RoleName: 'demo-role',
          Path: '/',
          AssumeRolePolicyDocument: JSON.parse(trust(issuer, 'demo-namespace:demo')) as object,
        },
      ],
      Policies: [],
    };
    write({ 'k8s/sa.yaml': account(role), 'details.json': JSON.stringify(details) });
    expect((await run('check', 'k8s', '--snapshot', 'details.json')).stdout).toContain('Source: account details of the AWS CLI.');
  });

  test('tells a cluster’s issuer', async () => {
    write({ 'aws.json': snapshot() });
    const { code, stdout } = await run('oidc', '--cluster', 'demo-cluster', '--snapshot', 'aws.json');
    expect(stdout).toBe(
      `demo-cluster · ACTIVE · eu-west-1\n  ID        5C7A1D0E9B3F42688D5E6A7B8C9D0E1F\n  issuer    ${issuer}\n  provider  arn:aws:iam::${motoAccount}:oidc-provider/${issuer}\n            ✓ registered, audience sts.amazonaws.com\n`,
    );
    expect(code).toBe(0);
  });
});

describeWithMoto('the command line against AWS', () => {
  let moto: Moto;
  let fake: FakeAws;
  let issuer: string;
  const role = `arn:aws:iam::${motoAccount}:role/demo-role`;

  beforeAll(async () => {
    moto = await startMoto();
    fake = await FakeAws.start(moto.url);
    const options = { region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };
    const { cluster } = await new EKSClient(options).send(
      new CreateClusterCommand({
        name: 'demo-cluster',
        version: '1.31',
        roleArn: 'arn:aws:iam::123456789012:role/c',
        resourcesVpcConfig: { subnetIds: [] },
      }),
    );
    issuer = cluster!.identity!.oidc!.issuer!.replace('https://', '');
    const iam = new IAMClient(options);
    await iam.send(new CreateRoleCommand({ RoleName: 'demo-role', AssumeRolePolicyDocument: trust(issuer, 'demo-namespace:demo-sa') }));
    await iam.send(new PutRolePolicyCommand({ RoleName: 'demo-role', PolicyName: 'queue', PolicyDocument: queue }));
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'lambda',
        AssumeRolePolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}',
      }),
    );
  });
  afterAll(async () => {
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(() => fake.reset());

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    cli(args, { cwd: folder, env: { ...withoutAws(), ...moto.env, AWS_ENDPOINT_URL: fake.url, ...env } });

  test('check asks AWS only when told to', async () => {
    write({ 'sa.yaml': account(role) });
    await run(['check', '.']);
    expect(fake.calls).toEqual([]);
    const asked = await run(['check', '.', '--aws']);
    expect(asked).toMatchObject({ code: 1, stderr: '' });
    // The cluster's provider is not registered yet.
    expect(asked.stdout).toContain('provider-not-registered');
  });

  test('explain and map see the real role', async () => {
    write({ 'sa.yaml': account(role) });
    const explained = await run(['explain', 'demo-namespace/demo-sa', '--aws']);
    // Its trust policy allows the account, and STS refuses the token all the same: no provider is registered yet.
    expect(explained.code).toBe(1);
    expect(explained.stdout).toContain('The trust policy is that of the role in AWS.');
    expect(explained.stdout).toContain('No OpenIDConnect provider found in your account');
    expect((await run(['map', '--region', 'eu-west-1', '--format', 'json'])).stdout).toContain('"decision": "denied"');
  });

  test('oidc: not registered, then registered', async () => {
    const before = await run(['oidc', '--cluster', 'demo-cluster', '--format', 'json']);
    expect(before.code).toBe(1);
    expect(JSON.parse(before.stdout)).toMatchObject({ cluster: 'demo-cluster', issuer, id: issuer.split('/')[2], registered: false });
    await new IAMClient({ region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }).send(
      new CreateOpenIDConnectProviderCommand({ Url: `https://${issuer}`, ClientIDList: ['sts.amazonaws.com'] }),
    );
    expect(await run(['oidc', '--cluster', 'demo-cluster'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ registered, audience sts.amazonaws.com'),
      stderr: '',
    });
    write({ 'sa.yaml': account(role) });
    expect((await run(['explain', 'demo-namespace/demo-sa', '--aws'])).code).toBe(0);
    expect((await run(['map', '--region', 'eu-west-1', '--format', 'json'])).stdout).toContain('"decision": "allowed"');
  });

  test.each(['denied', 'expired', 'drop-before'] as const)(
    'oidc: a region that could not be asked (%s) is not one without the cluster',
    async (fault) => {
      fake.fail('eks:DescribeCluster', fault, 50);
      const { code, stderr } = await run(['oidc', '--cluster', 'demo-cluster', '--region', 'eu-west-1']);
      expect(code).toBe(2);
      expect(stderr).toContain('The cluster demo-cluster could not be read from AWS, so it is unknown whether it exists. In eu-west-1: ');
      expect(stderr).not.toContain('no cluster');
    },
  );

  test('oidc: one cluster is one call, however many there are', async () => {
    await run(['oidc', '--cluster', 'demo-cluster']);
    expect(fake.actions).toEqual(['sts:GetCallerIdentity', 'eks:DescribeCluster', 'iam:GetOpenIDConnectProvider']);
  });

  test('oidc: what stands in the way is said, with what to do', async () => {
    expect(await run(['oidc', '--cluster', 'demo-clustr'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'pod-roles: no cluster demo-clustr is in eu-west-1, which has demo-cluster. Did you mean demo-cluster?\n',
    });
    expect((await run(['oidc', '--cluster', 'demo-cluster'], { AWS_ACCESS_KEY_ID: '' })).stderr).toBe(
      'pod-roles: No AWS credentials were found. Select a profile, or sign in with the AWS CLI.\n',
    );
    expect((await run(['oidc', '--cluster', 'demo-cluster', '--profile', 'nobody'])).stderr).toMatch(
      /^pod-roles: There is no profile nobody in /,
    );
    fake.fail('sts:GetCallerIdentity', 'expired');
    expect((await run(['oidc', '--cluster', 'demo-cluster'])).stderr).toBe(
      'pod-roles: The credentials have expired. Sign in again, then refresh.\n',
    );
    fake.fail('iam:GetOpenIDConnectProvider', 'denied');
    expect(await run(['oidc', '--cluster', 'demo-cluster'])).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(issuer),
      stderr:
        'pod-roles: it is unknown whether the provider is registered in IAM: AWS denied iam:GetOpenIDConnectProvider. Request the permission iam:GetOpenIDConnectProvider; docs/permissions.md lists all permissions that are used.\n',
    });
  });

  test('snapshot: written, read again, the same twice', async () => {
    const first = await run(['snapshot', '--out', 'pod-roles.snapshot.json']);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toBe(
      `Account ${motoAccount}: 2 roles (1 role with policies), 0 policies, 1 provider, 1 cluster, 0 associations.\n`,
    );
    const text = readFileSync(join(folder, 'pod-roles.snapshot.json'), 'utf8');
    expect((JSON.parse(text) as { accounts: { roles: object[] }[] }).accounts[0]!.roles).toEqual([
      expect.objectContaining({ name: 'demo-role', detail: true, attached: [], inline: { queue: JSON.parse(queue) as object } }),
      expect.objectContaining({ name: 'lambda', detail: false }),
    ]);
    const again = await run(['snapshot', '--out', '-', '--quiet']);
    const withoutTime = (json: string): string => json.replace(/"takenAt": "[^"]*"/, '');
    expect(withoutTime(again.stdout)).toBe(withoutTime(text));
    write({ 'sa.yaml': account(role) });
    fake.reset();
    expect(await run(['check', '.'])).toMatchObject({ code: 0 });
    expect(fake.calls).toEqual([]);
  });

  test('snapshot: written again without a change it is the same file; tags only where asked for', async () => {
    const iam = new IAMClient({ region: 'eu-west-1', endpoint: moto.url, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
    await iam.send(new TagRoleCommand({ RoleName: 'demo-role', Tags: [{ Key: 'note', Value: 'hunter2' }] }));
    const text = (): string => readFileSync(join(folder, 'aws.json'), 'utf8');
    await run(['snapshot', '--out', 'aws.json']);
    const first = text();
    expect(first).not.toContain('hunter2');
    await run(['snapshot', '--out', 'aws.json']);
    expect(text()).toBe(first);
    await run(['snapshot', '--out', 'aws.json', '--include-tags']);
    expect(text()).toContain('hunter2');
  });

  test.each([
    ['a file that is no snapshot', 'package.json', 'package.json is there and is not a snapshot, so it is not written over.'],
    ['a folder', 'sub', 'sub is a folder: --out names a file.'],
    ['below a folder that is not there', 'none/aws.json', 'does not exist.'],
    ['below a file', 'package.json/aws.json', 'does not exist.'],
  ])('snapshot: --out is %s: AWS is not asked, nothing is written', async (_, out, message) => {
    const before = '{"name": "app", "version": "1.0.0"}';
    write({ 'package.json': before, 'sub/x': '' });
    const { code, stderr } = await run(['snapshot', '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(fake.calls).toEqual([]);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(before);
  });

  test('snapshot: what is refused is named, the rest is written; --add keeps other accounts', async () => {
    write({ 'aws.json': JSON.stringify({ version: 1, accounts: [{ id: '999999999999', roles: [] }] }) });
    fake.fail('iam:ListRolePolicies', 'denied');
    const { code, stderr } = await run(['snapshot', '--out', 'aws.json', '--add']);
    expect(code).toBe(0);
    expect(stderr).toContain(`iam:ListRolePolicies ${role}: AWS denied iam:ListRolePolicies.\n`);
    const text = readFileSync(join(folder, 'aws.json'), 'utf8');
    expect((JSON.parse(text) as { accounts: { id: string }[] }).accounts.map(({ id }) => id)).toEqual([motoAccount, '999999999999']);
    expect(text).not.toMatch(/secret-session-name|testing/);
  });
});
