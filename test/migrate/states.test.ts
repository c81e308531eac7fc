import { describe, expect, it } from 'vitest';
import { plan, planText } from '../../server/src/core/migrate/chunk';
import type { Direction } from '../../server/src/core/migrate/types';
import { hostOf, planLines, stepped, type Files } from './host';
import { account, irsaStatement, manifest, plainJson, roleArn, settings, terraform, trust } from './repositories';

const text = (files: Files, direction: Direction = 'to-pod-identity'): string =>
  planText(plan(hostOf(files), { direction }), (place) => {
    const { uri } = 'doc' in place ? place.doc : place;
    return uri.slice(uri.lastIndexOf('/') + 1);
  });

const pods = (...actions: string[]): object => ({ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: actions });

const eksctl = (...accounts: readonly [namespace: string, name: string][]): string => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: eu-west-1
iam:
  podIdentityAssociations:
${accounts.map(([namespace, name]) => `    - {namespace: ${JSON.stringify(namespace)}, serviceAccountName: ${name}, roleARN: ${roleArn('orders')}}\n`).join('')}`;

describe('an account that never used IRSA', () => {
  const files: Files = {
    'pod-roles.yaml': settings(),
    'eksctl.yaml': eksctl(['shop', 'orders'], ['*', 'all-*']),
    'k8s/orders.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n',
    'iam/orders.json': trust(pods('sts:AssumeRole')),
  };

  it('is done, with what is wrong with its association', () => {
    expect(planLines(files)).toEqual(['*/all-* → orders: done can-move [denied-now]', 'shop/orders → orders: done can-move [denied-now]']);
    expect(text(files)).toContain('= shop/orders → orders in cluster demo: already uses EKS Pod Identity\n');
    expect(text(files)).toContain("note: The trust policy of orders doesn't allow shop/orders by EKS Pod Identity now.");
    expect(text(files)).toContain("0 can move, 0 can't, 0 unknown, 2 done.");
    const right = { ...files, 'iam/orders.json': trust(pods('sts:AssumeRole', 'sts:TagSession')) };
    expect(planLines(right)[1]).toBe('shop/orders → orders: done can-move');
    for (const step of ['expand', 'contract'] as const) expect(stepped(files, { step }).files).toEqual(files);
  });

  it('is not one whose policy still allows IRSA by a wildcard', () => {
    const both = { ...files, 'iam/orders.json': trust(irsaStatement('system:serviceaccount:shop:*', undefined, 'StringLike')) };
    expect(planLines(both).find((line) => line.startsWith('shop/orders'))).toMatch(/: moving /);
  });
});

it('an account that never left IRSA already uses it, also where that is denied', () => {
  expect(planLines(plainJson, { direction: 'to-irsa' })).toEqual(['shop/orders → orders: done can-move']);
  expect(text(plainJson, 'to-irsa')).toContain('= shop/orders → orders in cluster demo: already uses IRSA\n');
  const denied = { ...plainJson, 'iam/orders.json': trust(irsaStatement('system:serviceaccount:shop:order')) };
  expect(planLines(denied, { direction: 'to-irsa' }).at(-1)).toBe('shop/orders → orders: done can-move [denied-now]');
});

it('the plan says what a half-made move lacks', () => {
  const { files: expanded } = stepped(terraform, { step: 'expand' });
  const path = 'infra/main.tf';
  const association = /\nresource "aws_eks_pod_identity_association"[^}]*}\n/;
  const without = { ...expanded, [path]: expanded[path]!.replace(association, '') };
  expect(without[path]).not.toBe(expanded[path]);
  expect(text(expanded)).toContain('can move, moving now\n');
  expect(text(without)).toContain('can move, the association is missing\n');
  const { accounts } = plan(hostOf(without), { direction: 'to-pod-identity' });
  expect(accounts.map(({ state, missing }) => [state, missing])).toEqual([['moving', 'association']]);
  const early = {
    'pod-roles.yaml': settings(),
    'eksctl.yaml': eksctl(['shop', 'orders']),
    'k8s/orders.yaml': manifest('orders', `arn:aws:iam::${account}:role/orders`),
    'iam/orders.json': plainJson['iam/orders.json']!,
  };
  expect(text(early)).toContain("can move, the trust policy doesn't allow it yet\n");
});
