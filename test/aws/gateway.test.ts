import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, CreateFargateProfileCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreatePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AwsError, type AwsGateway } from '../../server/src/aws/gateway';
import { connectAws, type Connection } from '../../server/src/aws/load';
import type { AwsRole } from '../../server/src/core/model/aws';
import { FakeAws } from '../support/fakeAws';
import { awsEnv, describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
});
const queue = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] });

describeWithMoto('the gateway to AWS', () => {
  let moto: Moto;
  let fake: FakeAws;
  let connection: Connection;
  let gateway: AwsGateway;
  const saved = { ...process.env };

  beforeAll(async () => {
    moto = await startMoto();
    fake = await FakeAws.start(moto.url);
  });
  afterAll(async () => {
    process.env = saved;
    await fake?.stop();
    await moto?.stop();
  });
  beforeEach(async () => {
    await moto.reset();
    fake.reset();
    process.env = { ...saved, ...moto.env, AWS_ENDPOINT_URL: fake.url };
    connection = await connectAws();
    ({ gateway } = connection);
  });

  async function error(promise: Promise<unknown>): Promise<AwsError> {
    const thrown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(AwsError.is(thrown), String(thrown)).toBe(true);
    return thrown as AwsError;
  }

  async function rolesOf(from: AwsGateway, signal?: AbortSignal): Promise<AwsRole[]> {
    const roles: AwsRole[] = [];
    for await (const role of from.listRoles(signal)) roles.push(role);
    return roles;
  }

  async function makeRole(name = 'demo-role'): Promise<string> {
    const { writer } = connection;
    const { arn } = await writer.createRole({
      name,
      path: '/eks/',
      trustPolicy,
      description: 'A role',
      maxSessionDuration: 7_200,
      tags: { team: 'demo' },
    });
    await makePolicy('read-demo');
    await writer.attachRolePolicy(name, policyArn('read-demo'));
    await writer.putRolePolicy(name, 'queue', queue);
    fake.calls.length = 0;
    return arn;
  }

  test('says who asks', async () => {
    expect(await gateway.identity()).toEqual({ account: motoAccount, arn: expect.stringMatching(/^arn:aws:/), partition: 'aws' });
    expect(connection.region).toBe('eu-west-1');
  });

  test('a role comes with trust, tags and the documents of its policies', async () => {
    const arn = await makeRole();
    const found = await gateway.role(arn);
    expect(found?.gaps).toEqual([]);
    expect(found?.role).toMatchObject({
      arn,
      name: 'demo-role',
      path: '/eks/',
      description: 'A role',
      maxSessionDuration: 7_200,
      tags: { team: 'demo' },
      detail: true,
      attached: [policyArn('read-demo')],
    });
    // moto encodes what GetRole gives and leaves what ListRoles gives.
    expect(JSON.parse(found!.role.trustPolicy!)).toEqual(JSON.parse(trustPolicy));
    expect(JSON.parse(found!.role.inline!['queue']!)).toEqual(JSON.parse(queue));
    expect(JSON.parse(found!.policies[0]!.document!)).toMatchObject({ Statement: [{ Effect: 'Allow' }] });
    const [listed] = await rolesOf(gateway);
    expect(JSON.parse(listed!.trustPolicy!)).toEqual(JSON.parse(trustPolicy));
    expect(listed!.detail).toBe(false);
    expect(await gateway.role('demo-role')).toEqual(found);
  });

  test('a role that is not there, is of another path or another account is no role', async () => {
    await makeRole();
    expect(await gateway.role('nobody')).toBeUndefined();
    expect(await gateway.role(`arn:aws:iam::${motoAccount}:role/demo-role`)).toBeUndefined();
    expect(await gateway.role('arn:aws:iam::999999999999:role/eks/demo-role')).toBeUndefined();
  });

  test('a part that is refused is named, the rest is there', async () => {
    const arn = await makeRole();
    fake.fail('iam:ListAttachedRolePolicies', 'denied');
    fake.fail('iam:GetRolePolicy', 'denied');
    const found = await gateway.role(arn);
    expect(found?.role.trustPolicy).toBeDefined();
    expect(found?.role.attached).toBeUndefined();
    expect(found?.gaps).toMatchObject([
      { action: 'iam:ListAttachedRolePolicies', resource: arn, reason: 'AWS denied iam:ListAttachedRolePolicies.' },
      { action: 'iam:GetRolePolicy', resource: `${arn} queue`, reason: 'AWS denied iam:GetRolePolicy.' },
    ]);
  });

  test('providers with client ids', async () => {
    const { arn } = await connection.writer.createOpenIDConnectProvider(issuer, ['sts.amazonaws.com'], { team: 'demo' });
    expect(await gateway.providers()).toEqual({ providers: [{ arn, issuer, clientIds: ['sts.amazonaws.com'] }], gaps: [] });
    await connection.writer.addClientId(arn, 'other');
    expect((await gateway.providers()).providers[0]!.clientIds).toEqual(['other', 'sts.amazonaws.com']);
  });

  test('clusters of several regions at once; a region that fails does not hide the others', async () => {
    for (const region of ['eu-west-1', 'us-east-1']) await makeCluster(region, `demo-${region}`);
    fake.podIdentity.agents.add('demo-eu-west-1');
    fake.fail('eks:ListClusters', 'denied', 0);
    const seen: string[] = [];
    const all = await gateway.clusters(['us-east-1', 'eu-west-1', 'eu-central-1'], undefined, ({ name }) => seen.push(name));
    expect(all.gaps).toEqual([]);
    expect(all.clusters.map(({ name, region, podIdentityAgent }) => ({ name, region, podIdentityAgent }))).toEqual([
      { name: 'demo-us-east-1', region: 'us-east-1', podIdentityAgent: false },
      { name: 'demo-eu-west-1', region: 'eu-west-1', podIdentityAgent: true },
    ]);
    expect(all.clusters[0]!.issuer).toMatch(/^oidc\.eks\.us-east-1\.amazonaws\.com\/id\//);
    expect(seen.sort()).toEqual(['demo-eu-west-1', 'demo-us-east-1']);
    fake.fail('eks:ListClusters', 'denied');
    const part = await gateway.clusters(['us-east-1', 'eu-west-1']);
    expect(part.clusters).toHaveLength(1);
    expect(part.gaps).toMatchObject([
      { action: 'eks:ListClusters', resource: expect.stringMatching(/^(us-east-1|eu-west-1)$/), reason: 'AWS denied eks:ListClusters.' },
    ]);
  });

  test('associations come with their roles, page after page', async () => {
    await makeCluster('eu-west-1', 'demo');
    for (let i = 0; i < 102; i++) {
      await connection.writer.createPodIdentityAssociation({
        region: 'eu-west-1',
        clusterName: 'demo',
        namespace: 'demo',
        serviceAccount: `sa-${i}`,
        roleArn: `arn:aws:iam::${motoAccount}:role/r`,
      });
    }
    const [cluster] = (await gateway.clusters(['eu-west-1'])).clusters;
    const { associations, gaps } = await gateway.associations(cluster!);
    expect(gaps).toEqual([]);
    expect(associations).toHaveLength(102);
    expect(associations.every(({ roleArn }) => roleArn === `arn:aws:iam::${motoAccount}:role/r`)).toBe(true);
  });

  test('clusters come with their Fargate profiles; where one of them is refused, none is known, and that is said', async () => {
    await makeCluster('eu-west-1', 'demo');
    const selectors = [{ namespace: 'web-*' }, { namespace: 'shop', labels: { tier: 'web' } }];
    for (const fargateProfileName of ['b', 'a'])
      await new EKSClient({ region: 'eu-west-1' }).send(
        new CreateFargateProfileCommand({
          clusterName: 'demo',
          fargateProfileName,
          podExecutionRoleArn: `arn:aws:iam::${motoAccount}:role/fargate`,
          selectors,
        }),
      );
    const both = ['a', 'b'].map((name) => ({ name, selectors: [{ namespace: 'web-*', labels: {} }, selectors[1]] }));
    expect((await gateway.clusters(['eu-west-1'])).clusters[0]!.fargateProfiles).toEqual(both);
    for (const action of ['eks:ListFargateProfiles', 'eks:DescribeFargateProfile']) {
      fake.fail(action, 'denied');
      const { clusters, gaps } = await gateway.clusters(['eu-west-1']);
      expect(clusters[0]).toMatchObject({ name: 'demo', podIdentityAgent: false });
      expect(clusters[0]).not.toHaveProperty('fargateProfiles');
      expect(gaps).toMatchObject([{ action, resource: clusters[0]!.arn, reason: `AWS denied ${action}.` }]);
    }
  });

  test('where Pod Identity is not known to the other side, that is said', async () => {
    await makeCluster('eu-west-1', 'demo');
    process.env['AWS_ENDPOINT_URL'] = moto.url;
    const { gateway: bare } = await connectAws({ attempts: 1 });
    const [cluster] = (await bare.clusters(['eu-west-1'])).clusters;
    const { gaps } = await bare.associations(cluster!);
    expect(gaps).toMatchObject([
      {
        action: 'eks:ListPodIdentityAssociations',
        resource: cluster!.arn,
        reason: "The answer to eks:ListPodIdentityAssociations isn't from AWS: AWS gives no answer of this form.",
      },
    ]);
  });

  test('policies are found by the words of their names', async () => {
    for (const name of ['demo-read', 'write-demo', 'read-demo', 'other']) await makePolicy(name);
    fake.calls.length = 0;
    fake.pageSize = 3;
    expect((await gateway.searchPolicies('READ demo')).map(({ name }) => name)).toEqual(['read-demo', 'demo-read']);
    expect(fake.actions).toEqual(['iam:ListPolicies', 'iam:ListPolicies']);
    expect((await gateway.searchPolicies('other')).map(({ arn }) => arn)).toEqual([policyArn('other')]);
    expect(fake.actions).toHaveLength(2);
  });

  test('throttling is waited out', async () => {
    fake.fail('iam:ListOpenIDConnectProviders', 'throttle', 2);
    expect((await gateway.providers()).providers).toEqual([]);
    expect(fake.actions.filter((action) => action === 'iam:ListOpenIDConnectProviders')).toHaveLength(3);
  });

  test('a write is sent once, and not cut off by a cancellation that comes later', async () => {
    await makeRole();
    fake.calls.length = 0;
    fake.fail('iam:TagRole', 'throttle', 1);
    expect(await error(connection.writer.tagRole('demo-role', { a: 'b' }))).toMatchObject({ code: 'throttled', retryable: true });
    expect(fake.actions).toEqual(['iam:TagRole']);
    const stop = new AbortController();
    const tagged = connection.writer.tagRole('demo-role', { a: 'b' }, stop.signal);
    stop.abort();
    await tagged;
    await expect(connection.writer.tagRole('demo-role', { c: 'd' }, stop.signal)).rejects.toBe(stop.signal.reason);
    expect((await gateway.role('demo-role'))!.role.tags).toEqual({ team: 'demo', a: 'b' });
  });

  test('a write is not repeated when nobody knows whether AWS did it', async () => {
    fake.fail('iam:CreateRole', 'drop-after');
    const lost = await error(connection.writer.createRole({ name: 'demo-role', trustPolicy }));
    expect(lost).toMatchObject({ code: 'no-network', retryable: true });
    expect(fake.actions).toEqual(['iam:CreateRole']);
    expect(await error(connection.writer.createRole({ name: 'demo-role', trustPolicy }))).toMatchObject({ code: 'exists' });
  });

  test('at most four calls at once', async () => {
    fake.fail('*', { delay: 30 }, 100);
    let [running, most] = [0, 0];
    const moved = fake as unknown as { serve(...args: unknown[]): Promise<void> };
    const serve = moved.serve.bind(fake);
    moved.serve = async (...args) => {
      most = Math.max(most, ++running);
      await serve(...args).finally(() => running--);
    };
    await Promise.all(Array.from({ length: 12 }, () => gateway.role('nobody')));
    delete (moved as { serve?: unknown }).serve;
    expect(most).toBe(4);
  });

  test('cancelling stops at once: what runs, what waits, and what would be retried', async () => {
    fake.fail('*', { delay: 5_000 }, 20);
    const stop = new AbortController();
    const calls = Array.from({ length: 8 }, () =>
      gateway.role('nobody', stop.signal).then(
        () => 'answered',
        (reason: Error) => reason.name,
      ),
    );
    setTimeout(() => stop.abort(), 50);
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['AbortError']));
    fake.reset();
    expect(await gateway.role('nobody')).toBeUndefined();
  });

  test.each([
    ['denied', 'access-denied', 'AWS denied iam:ListRoles.'],
    ['expired', 'expired', 'The credentials have expired.'],
    ['html', 'not-aws', "The answer to iam:ListRoles isn't from AWS: AWS gives no answer of this form."],
    ['drop-before', 'no-network', 'AWS could not be reached for iam:ListRoles: the connection broke.'],
    ['throttle', 'throttled', 'AWS takes no more calls of iam:ListRoles for now.'],
  ] as const)('%s is said in plain words', async (fault, code, message) => {
    const { gateway: once } = await connectAws({ attempts: 1 });
    fake.fail('iam:ListRoles', fault);
    const thrown = await error(rolesOf(once));
    expect(thrown).toMatchObject({ code, message });
    expect(thrown.next).toMatch(/^[A-Z].*[.]$/);
    expect(`${thrown.message} ${thrown.next} ${thrown.stack}`).not.toMatch(/secret-session-name|AKIA|testing/);
  });

  test('no network', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
    const { gateway: lost } = await connectAws({ attempts: 1 });
    expect(await error(lost.identity())).toMatchObject({
      code: 'no-network',
      message: 'AWS could not be reached for sts:GetCallerIdentity: ECONNREFUSED.',
      retryable: true,
    });
  });

  test('no credentials, and a profile that is not there', async () => {
    const home = mkdtempSync(join(tmpdir(), 'pod-roles-home-'));
    process.env = { ...saved, ...awsEnv(home, fake.url) };
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    const nothing = await error((await connectAws()).gateway.identity());
    expect(nothing).toMatchObject({ code: 'no-credentials', message: 'No AWS credentials were found.' });
    const profile = await error((await connectAws({ profile: 'nobody' })).gateway.identity());
    expect(profile).toMatchObject({ code: 'profile', message: 'There is no profile nobody in ~/.aws/config or ~/.aws/credentials.' });
    expect(fake.calls).toEqual([]);
  });

  test('lists come page after page', async () => {
    for (let i = 0; i < 7; i++) await connection.writer.createRole({ name: `role-${i}`, trustPolicy });
    for (const name of ['a', 'b', 'c']) await connection.writer.putRolePolicy('role-0', name, queue);
    fake.calls.length = 0;
    fake.pageSize = 2;
    expect((await rolesOf(gateway)).map(({ name }) => name).sort()).toEqual(Array.from({ length: 7 }, (_, i) => `role-${i}`));
    expect(fake.actions).toEqual(Array.from({ length: 4 }, () => 'iam:ListRoles'));
    expect(Object.keys((await gateway.role('role-0'))!.role.inline!)).toEqual(['a', 'b', 'c']);
  });
});

async function makeCluster(region: string, name: string): Promise<void> {
  await new EKSClient({ region }).send(
    new CreateClusterCommand({
      name,
      roleArn: `arn:aws:iam::${motoAccount}:role/cluster`,
      version: '1.31',
      resourcesVpcConfig: { subnetIds: [] },
    }),
  );
}

const policyArn = (name: string): string => `arn:aws:iam::${motoAccount}:policy/${name}`;

async function makePolicy(name: string): Promise<void> {
  await new IAMClient({}).send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: queue, Description: 'A policy' }));
}
