import { describe, expect, test } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAccount } from '../../server/src/core/features/explain';
import { explainAt } from '../../server/src/core/features/explainAt';
import { Workspace } from '../../server/src/core/workspace/workspace';

const trust = `{ "Role": { "RoleName": "demo", "Arn": "arn:aws:iam::111122223333:role/demo", "AssumeRolePolicyDocument": {
  "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": ["sts:AssumeRole", "sts:TagSession"] }] } } }`;
const account = `apiVersion: v1
kind: ServiceAccount
metadata: {name: app, namespace: shop}
---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: app}
spec: {clusterName: demo, namespace: shop, serviceAccount: app, roleARN: "arn:aws:iam::111122223333:role/demo"}
`;
const workload = (name: string, spec: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: app
      containers: [{name: app, image: app}]
${spec}`;
const windows = workload('win', '      nodeSelector: {kubernetes.io/os: windows}\n');
const linux = workload('linux', '');

function shown(...workloads: readonly string[]) {
  const workspace = new Workspace({ log: (message) => expect(message).toBe('') });
  const files = { 'role.json': trust, 'sa.yaml': account, ...Object.fromEntries(workloads.map((text, i) => [`${i}.yaml`, text])) };
  for (const [path, text] of Object.entries(files)) workspace.load(`file:///r/${path}`, text);
  const uri = 'file:///r/sa.yaml';
  const fact = workspace.wiring.facts(uri).find(({ kind }) => kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error('no account');
  const explained = explainAccount(workspace, fact);
  return {
    lens: lensesOf(workspace, uri).map(({ title }) => title),
    answer: explained.answer,
    text: JSON.stringify(explained.steps),
    fixes: explained.fixes.map(({ rule }) => rule),
    map: accessMap(workspace).map((entry) => `${entry.workload?.name} ${entry.decision}${entry.reason ? `: ${entry.reason}` : ''}`),
  };
}

describe('an account whose workloads run where EKS Pod Identity is not', () => {
  test('all of them: it gets no role', () => {
    const { lens, answer, text, map, fixes } = shown(windows);
    expect(fixes).toEqual(['pod-identity-unsupported']);
    expect(lens).toEqual(["✗ Can't assume demo by Pod Identity: EKS Pod Identity isn't available on Windows · 1 workload"]);
    expect(answer).toBe('No.');
    expect(text).toContain("Deployment win runs only on Windows, where EKS Pod Identity isn't available");
    expect(map).toEqual(["win denied: EKS Pod Identity isn't available on Windows"]);
  });

  test('some of them: the others get it, and that is said', () => {
    const { lens, answer, text, map } = shown(windows, linux);
    expect(lens).toEqual(['✓ Can assume demo by Pod Identity, except Deployment win on Windows · 2 workloads']);
    expect(answer).toBe('Yes.');
    expect(text).toContain("Deployment win runs only on Windows, where EKS Pod Identity isn't available");
    expect(map).toEqual(["win denied: EKS Pod Identity isn't available on Windows", 'linux allowed']);
  });

  test('none of them', () => {
    const { lens, answer, map } = shown(linux);
    expect(lens).toEqual(['✓ Can assume demo by Pod Identity · 1 workload']);
    expect([answer, map]).toEqual(['Yes.', ['linux allowed']]);
  });
});

test('workloads of an association are told where no file has the service account', () => {
  const workspace = new Workspace({ log: (message) => expect(message).toBe('') });
  const uri = 'file:///r/sa.yaml';
  const files = { 'file:///r/role.json': trust, [uri]: account.split('---\n')[1]!, 'file:///r/0.yaml': windows };
  for (const [each, text] of Object.entries(files)) workspace.load(each, text);
  const page = explainAt(workspace, uri, undefined);
  if ('problem' in page) throw new Error(page.problem);
  expect(page.decision).toBe('denied');
  expect(page.steps.map(({ text }) => text)).toContain('Deployment win uses serviceAccountName app');
  expect(page.steps.map(({ text }) => text)).toContain("Deployment win runs only on Windows, where EKS Pod Identity isn't available");
});
