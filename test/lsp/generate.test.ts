import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeAws } from '../support/fakeAws';
import { LspClient } from '../support/lspClient';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

interface Choices {
  accounts: { namespace?: string; name: string; here: boolean; roleArn?: string }[];
  namespaces: string[];
  clusters: { name?: string; issuer?: string; from: string }[];
  awsAccounts: string[];
  formats: { id: string }[];
}
interface Plan {
  id: string;
  roleArn: string;
  files: { uri: string; path: string; action: string; before?: string; after: string }[];
  calls: { action: string; title: string; document?: { before?: string; after: string } }[];
  identity?: { account: string };
  fileProblems: string[];
  awsProblems: string[];
  notes: string[];
  page: string;
}

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: demo-sa # the app\n  namespace: demo-namespace\n';
const other = account.replace('demo-sa', 'other-sa').replace('  namespace: demo-namespace\n', '');
const options = {
  mechanism: 'irsa',
  roleName: 'demo-role',
  namespace: 'demo-namespace',
  serviceAccount: 'demo-sa',
  accountId: motoAccount,
  issuer,
};
const config = `clusters:\n  - name: demo-cluster\n    account: "${motoAccount}"\n    region: eu-west-1\n    issuer: ${issuer}\n`;

describe('the wizard without AWS', () => {
  let client: LspClient;
  beforeAll(async () => {
    client = await LspClient.start({
      files: {
        'k8s/a.yaml': account,
        'k8s/other.yaml': other,
        'pod-roles.yaml': config,
        'queue.json': '{"Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}',
      },
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    await client.open('k8s/other.yaml', other);
  });
  afterAll(() => client?.stop());
  const plan = (more: object): Promise<Plan> =>
    client.request<Plan>('podRoles/generate/plan', { options, formats: ['manifests'], folder: client.uri(''), aws: false, ...more });

  test('offers the account under the cursor first, clusters, formats', async () => {
    const found = await client.request<Choices>('podRoles/generate/choices', {
      uri: client.uri('k8s/other.yaml'),
      position: { line: 3, character: 9 },
    });
    expect(found.accounts.map(({ name, here }) => [name, here])).toEqual([
      ['other-sa', true],
      ['demo-sa', false],
    ]);
    expect(found).toMatchObject({
      namespaces: ['demo-namespace'],
      clusters: [{ name: 'demo-cluster', issuer, from: 'config' }],
      awsAccounts: [motoAccount],
    });
    expect(found.formats.map(({ id }) => id)).toContain('terraform');
  });

  test('checks as it is typed', async () => {
    expect(await client.request('podRoles/generate/check', { option: 'roleName', value: 'a/b' })).toMatchObject({
      problem: expect.stringContaining("cannot be a role's name") as string,
    });
    expect(await client.request('podRoles/generate/check', { option: 'issuer', value: `https://${issuer}` })).toEqual({});
    for (const value of ['5C7A1D0E9B3F42688D5E6A7B8C9D0E1F', '5c7a1d0e9b3f42688d5e6a7b8c9d0e1f', 'id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F']) {
      expect(await client.request('podRoles/generate/check', { option: 'issuer', value })).toMatchObject({
        problem: expect.stringContaining('is an OIDC ID, not an issuer') as string,
      });
    }
  });

  test('plans files by what is in the editor, and the entry of pod-roles.yaml', async () => {
    await client.open('k8s/a.yaml', `# not saved\n${account}`);
    const { files, fileProblems, roleArn } = await plan({ policyUri: client.uri('queue.json') });
    expect(fileProblems).toEqual([]);
    expect(roleArn).toBe(`arn:aws:iam::${motoAccount}:role/demo-role`);
    expect(files.map(({ path, action }) => [path, action])).toEqual([
      ['k8s/a.yaml', 'edit'],
      ['iam/demo-role/trust-policy.json', 'create'],
      ['iam/demo-role/queue.json', 'create'],
      ['pod-roles.yaml', 'edit'],
    ]);
    expect(files[0]).toMatchObject({
      uri: client.uri('k8s/a.yaml'),
      after: `# not saved\n${account}  annotations:\n    eks.amazonaws.com/role-arn: ${roleArn}\n`,
    });
    expect(files[3]!.after).toContain('demo-role: iam/demo-role/trust-policy.json');
  });

  test('an account without a namespace is taken where the user chose it', async () => {
    const { files } = await plan({ options: { ...options, serviceAccount: 'other-sa' }, accountUri: client.uri('k8s/other.yaml') });
    expect(files[0]).toMatchObject({ path: 'k8s/other.yaml', action: 'edit' });
  });

  test('says what is wrong, and asks no AWS', async () => {
    expect(await plan({ options: { ...options, roleName: '' } })).toEqual({
      problems: [{ option: 'roleName', message: "The role's name is missing." }],
    });
    expect(await plan({ aws: true })).toMatchObject({ problem: { message: 'AWS is not queried.' } });
    expect(await client.request('podRoles/generate/apply', { id: 'x' })).toMatchObject({
      problem: { message: 'This plan no longer exists.' },
    });
  });
});

describeWithMoto('the wizard with AWS', () => {
  let moto: Moto;
  let fake: FakeAws;
  let client: LspClient;
  beforeAll(async () => {
    moto = await startMoto({ managedPolicies: true });
    fake = await FakeAws.start(moto.url);
  });
  afterAll(async () => {
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(async () => {
    await moto.reset();
    fake.reset();
    await new EKSClient({
      region: 'eu-west-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    }).send(new CreateClusterCommand({ name: 'demo-cluster', roleArn: `arn:aws:iam::${motoAccount}:role/eks`, resourcesVpcConfig: {} }));
    client = await LspClient.start({ files: { 'sa.yaml': account }, env: { ...moto.env, AWS_ENDPOINT_URL: fake.url } });
    await client.request('podRoles/aws/configure', { enabled: true, regions: ['eu-west-1'] });
  });
  afterEach(() => client?.stop());

  const plan = (more: object = {}): Promise<Plan> =>
    client.request<Plan>('podRoles/generate/plan', {
      options: { ...options, policyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] },
      formats: ['manifests'],
      folder: client.uri(''),
      aws: true,
      ...more,
    });

  test('plans, applies with progress, and knows the role then', async () => {
    const steps: string[] = [];
    client.connection.onNotification(
      'podRoles/generate/progress',
      ({ call, state }: { call: number; state: string }) => void steps.push(`${call} ${state}`),
    );
    const made = await plan();
    expect(made.calls.map(({ action }) => action)).toEqual(['iam:CreateOpenIDConnectProvider', 'iam:CreateRole', 'iam:AttachRolePolicy']);
    expect(made.identity?.account).toBe(motoAccount);
    expect(JSON.parse(made.calls[1]!.document!.after)).toMatchObject({ Statement: [{ Effect: 'Allow' }] });
    expect(await client.request('podRoles/generate/apply', { id: made.id })).toMatchObject({
      outcome: 'applied',
      cancelled: false,
      message: 'All is there: 3 calls made.',
    });
    expect(steps).toEqual(['0 running', '0 done', '1 running', '1 done', '2 running', '2 done']);
    expect(await client.request('podRoles/generate/apply', { id: made.id })).toMatchObject({
      problem: { message: 'This plan no longer exists.' },
    });
    await client.request('podRoles/aws/refresh', null);
    expect(await client.request('podRoles/generate/check', { option: 'roleName', value: 'demo-role', accountId: motoAccount })).toEqual({
      note: `${made.roleArn} exists: it will be extended.`,
    });
    expect((await plan()).calls).toEqual([]);
  });

  test('a failure is a report, a cancelled run too', async () => {
    fake.fail('iam:AttachRolePolicy', 'denied');
    const refused = await plan();
    expect(await client.request('podRoles/generate/apply', { id: refused.id })).toMatchObject({
      outcome: 'undone',
      problem: { permission: 'iam:AttachRolePolicy' },
      page: expect.stringContaining('Nothing of this run is left.') as string,
    });
    fake.fail('iam:AttachRolePolicy', { delay: 1_500 });
    const { id } = await plan();
    const stop = new CancellationTokenSource();
    client.connection.onNotification('podRoles/generate/progress', ({ call, state }: { call: number; state: string }) => {
      if (call === 2 && state === 'running') setTimeout(() => stop.cancel(), 100);
    });
    expect(await client.connection.sendRequest('podRoles/generate/apply', { id }, stop.token)).toMatchObject({
      outcome: 'undone',
      cancelled: true,
    });
  });

  test('the server is stopped in the middle of a run: it ends when all is undone', async () => {
    const { id } = await plan();
    fake.fail('iam:CreateRole', { delay: 1_000 });
    const running = new Promise<void>(
      (done) =>
        void client.connection.onNotification('podRoles/generate/progress', ({ call, state }: { call: number; state: string }) => {
          if (call === 1 && state === 'running') done();
        }),
    );
    const applied = client.connection.sendRequest('podRoles/generate/apply', { id });
    await running;
    await client.connection.sendRequest('shutdown');
    expect(await applied).toMatchObject({ outcome: 'undone', cancelled: true });
    const order = fake.actions.filter((action) => /:(Create|Delete)(Role|OpenID)/.test(action));
    expect(order).toEqual(['iam:CreateOpenIDConnectProvider', 'iam:CreateRole', 'iam:DeleteRole', 'iam:DeleteOpenIDConnectProvider']);
  });

  test('where AWS does not answer, that is the answer', async () => {
    fake.fail('*', 'expired', 1_000);
    expect(await plan()).toMatchObject({ problem: { code: 'expired' } });
  });
});
