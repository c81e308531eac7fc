import { expect, test } from 'vitest';
import type { WorkloadFact } from '../../server/src/core/model/facts';
import { accessMap } from '../../server/src/core/features/accessMap';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';

const meta = (name: string, more = {}) => ({
  name,
  namespace: 'shop',
  uid: `uid-${name}`,
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
});
const roleArn = 'arn:aws:iam::111122223333:role/orders';
const account = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: meta('orders', { annotations: { 'eks.amazonaws.com/role-arn': roleArn } }),
};
const controlledBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, controller: true, uid: 'x' }],
});
const spec = (env: object[] = [], volumes: object[] = []) => ({
  serviceAccountName: 'orders',
  containers: [{ name: 'app', image: 'x', env }],
  volumes,
});
const pod = (name: string, hash: string, podSpec = spec()) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name, { labels: { 'pod-template-hash': hash }, ...controlledBy('ReplicaSet', `orders-${hash}`) }),
  spec: podSpec,
  status: { phase: 'Running' },
});
const replicaSet = (hash: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta(`orders-${hash}`, controlledBy('Deployment', 'orders')),
  spec: { replicas, template: { spec: spec() } },
});
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('orders'), spec: { template: { spec: spec() } } };

function look(...items: object[]) {
  const workspace = openWorkspace(new Map([['list.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)]]));
  const workloads = workspace.wiring.facts(uriOf('list.json')).filter((fact): fact is WorkloadFact => fact.kind === 'workload');
  return { workspace, workloads, rows: accessMap(workspace).map(({ workload }) => `${workload?.kind} ${workload?.name}`) };
}

test('replicas of two ReplicaSets are one Deployment, with all pods', () => {
  const { workloads, rows } = look(pod('a', '6d'), pod('b', '6d'), pod('c', '7e'), account);
  expect(workloads.map(({ live }) => live!.pods.map(({ name }) => name.value))).toEqual([['a', 'b', 'c']]);
  expect(rows).toEqual(['Deployment orders']);
});

test('a Deployment beside its ReplicaSets and pods counts once; ReplicaSets without replicas do not count', () => {
  expect(look(deployment, replicaSet('6d', 1), replicaSet('5c', 0), pod('a', '6d'), account).rows).toEqual(['Deployment orders']);
  expect(look(replicaSet('5c', 0), account).rows).toEqual(['undefined undefined']);
});

test('what the webhook put into a pod is not in its manifest', () => {
  const env = [
    { name: 'AWS_PROFILE', value: 'x' },
    { name: 'AWS_ROLE_ARN', value: roleArn },
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
  ];
  const token = { projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: 'token' } }] } };
  const injected = look(pod('a', '6d', spec(env, [{ name: 'aws-iam-token', ...token }])), account).workloads[0]!;
  expect(injected.containers[0]!.env.map(({ name }) => name.value)).toEqual(['AWS_PROFILE']);
  expect(injected.ownTokenVolume).toBe(false);
  expect(injected.live!.pods).toMatchObject([{ injected: 'irsa', roleArn }]);
  const own = look(pod('a', '6d', spec(env, [{ name: 'own-token', ...token }])), account).workloads[0]!;
  expect(own.containers[0]!.env).toHaveLength(3);
  expect(own.ownTokenVolume).toBe(true);
  expect(own.live!.pods).toMatchObject([{ injected: 'by-hand' }]);
});

test('a list of 2,000 healthy pods has no finding, and one workload for each owner', () => {
  const items = Array.from({ length: 200 }, (_, i) => [
    { ...account, metadata: { ...account.metadata, name: `app-${i}`, uid: `sa-${i}` } },
    ...Array.from({ length: 10 }, (_each, j) => ({
      ...pod(`app-${i}-${j}`, '6d', {
        ...spec(
          [
            { name: 'AWS_ROLE_ARN', value: roleArn },
            { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
          ],
          [{ name: 'aws-iam-token' }],
        ),
        serviceAccountName: `app-${i}`,
      }),
      metadata: meta(`app-${i}-${j}`, { labels: { 'pod-template-hash': '6d' }, ...controlledBy('ReplicaSet', `app-${i}-6d`) }),
    })),
  ]).flat();
  const { workspace, workloads } = look(...items);
  expect(workloads).toHaveLength(200);
  expect(workspace.check(uriOf('list.json'))).toEqual([]);
});
