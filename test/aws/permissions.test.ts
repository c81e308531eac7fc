import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CreateClusterCommand, CreateFargateProfileCommand, EKSClient } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectAws, loadCloudTrail, type Connection } from '../../server/src/aws/load';
import { FakeAws } from '../support/fakeAws';
import { describeWithMoto, motoAccount, startMoto, type Moto } from '../support/moto';
import { importsBelow } from '../architecture/imports';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/permissions.md'), 'utf8');
/** The actions of each policy of the page: reading, then applying. */
const [reading, applying] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) =>
  (JSON.parse(json!) as { Statement: { Action: string | string[] }[] }).Statement.flatMap(({ Action }) => Action),
) as [string[], string[]];
/** Needs no permission. */
const free = 'sts:GetCallerIdentity';
/** Permissions that no call has the name of: tags in a creating call, and the passing of a role. */
const implied = ['iam:TagOpenIDConnectProvider', 'eks:TagResource', 'iam:PassRole'];

describe('docs/permissions.md', () => {
  test('its table names what its policy does', () => {
    const table = new Set(
      [...page.slice(0, page.indexOf('```json')).matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) =>
        [...cell!.matchAll(/`([a-z]+:\w+)`/g)].map(([, action]) => action!),
      ),
    );
    expect([...table].sort()).toEqual([...reading].sort());
  });

  test('names every operation that the code can call, and no other', () => {
    const source = importsBelow(join(root, 'server/src/aws')).filter(({ specifier }) => specifier.startsWith('@aws-sdk/client-'));
    const files = [...new Set(source.map(({ from }) => from))].map((file) => readFileSync(join(root, 'server/src/aws', file), 'utf8'));
    const services: Record<string, string> = {
      'client-iam': 'iam',
      'client-eks': 'eks',
      'client-sts': 'sts',
      'client-cloudtrail': 'cloudtrail',
    };
    const called = files.flatMap((text) =>
      [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/(client-\w+)'/g)].flatMap(([, names, client]) =>
        [...names!.matchAll(/\b(\w+)Command\b/g)].map(([, operation]) => `${services[client!]}:${operation!}`),
      ),
    );
    expect([...new Set(called)].sort()).toEqual([...reading, ...applying.filter((action) => !implied.includes(action)), free].sort());
  });

  test('the SDK is used below aws/sdk alone', () => {
    const users = importsBelow(join(root, 'server/src')).filter(
      ({ specifier, from }) => specifier.startsWith('@aws-sdk/') && !from.startsWith('aws/sdk/'),
    );
    expect(users).toEqual([]);
  });
});

describeWithMoto('what is called', () => {
  let moto: Moto;
  let fake: FakeAws;
  let connection: Connection;
  const saved = { ...process.env };
  const trustPolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
  });
  const queue = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] });
  const policy = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

  beforeAll(async () => {
    moto = await startMoto({ managedPolicies: true });
    fake = await FakeAws.start(moto.url);
    process.env = { ...saved, ...moto.env, AWS_ENDPOINT_URL: fake.url };
    connection = await connectAws();
    const eks = new EKSClient({ region: 'eu-west-1', endpoint: moto.url });
    const podExecutionRoleArn = `arn:aws:iam::${motoAccount}:role/c`;
    await eks.send(new CreateClusterCommand({ name: 'demo', roleArn: podExecutionRoleArn, resourcesVpcConfig: { subnetIds: [] } }));
    const selectors = [{ namespace: 'demo' }];
    await eks.send(new CreateFargateProfileCommand({ clusterName: 'demo', fargateProfileName: 'p', podExecutionRoleArn, selectors }));
  });
  afterAll(async () => {
    process.env = saved;
    await fake?.stop();
    await moto?.stop();
  });

  test('by every reading and every writing method: just what the page allows', async () => {
    const { writer, gateway } = connection;
    await writer.createRole({ name: 'demo', trustPolicy, tags: { a: 'b' } });
    await writer.updateAssumeRolePolicy('demo', trustPolicy);
    await writer.attachRolePolicy('demo', policy);
    await writer.putRolePolicy('demo', 'queue', queue);
    await writer.putRolePermissionsBoundary('demo', policy);
    await writer.tagRole('demo', { c: 'd' });
    const provider = await writer.createOpenIDConnectProvider('oidc.eks.eu-west-1.amazonaws.com/id/5C7A', ['sts.amazonaws.com'], {
      a: 'b',
    });
    await writer.addClientId(provider.arn, 'other');
    const { id } = await writer.createPodIdentityAssociation({
      region: 'eu-west-1',
      clusterName: 'demo',
      namespace: 'demo',
      serviceAccount: 'demo',
      roleArn: `arn:aws:iam::${motoAccount}:role/demo`,
    });
    const written = fake.actions.length;

    await gateway.identity();
    const roles = [];
    for await (const role of gateway.listRoles()) roles.push(role);
    await gateway.role('demo');
    await gateway.searchPolicies('s3');
    await gateway.providers();
    await gateway.quotas();
    const { clusters } = await gateway.clusters(['eu-west-1']);
    for (const cluster of clusters) await gateway.associations(cluster);
    const { lookUp } = await loadCloudTrail();
    await lookUp(() => connection, { requestIds: [], roleArn: `arn:aws:iam::${motoAccount}:role/demo`, regions: [], answered: false });
    expect([...new Set(fake.actions.slice(written))].sort()).toEqual([...reading, free].sort());
    const readingEnds = fake.actions.length;

    await writer.updatePodIdentityAssociation('eu-west-1', 'demo', id, `arn:aws:iam::${motoAccount}:role/demo`);
    await writer.deletePodIdentityAssociation('eu-west-1', 'demo', id);
    await writer.removeClientId(provider.arn, 'other');
    await writer.deleteOpenIDConnectProvider(provider.arn);
    await writer.untagRole('demo', ['c']);
    await writer.deleteRolePermissionsBoundary('demo');
    await writer.deleteRolePolicy('demo', 'queue');
    await writer.detachRolePolicy('demo', policy);
    await writer.deleteRole('demo');
    const writing = [...fake.actions.slice(0, written), ...fake.actions.slice(readingEnds)];
    expect([...new Set(writing)].sort()).toEqual(applying.filter((action) => !implied.includes(action)).sort());
    expect(await gateway.role('demo')).toBeUndefined();
    expect((await gateway.providers()).providers).toEqual([]);
  });
});
