import { describe, expect, test } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAccount } from '../../server/src/core/features/explain';
import { Workspace } from '../../server/src/core/workspace/workspace';

/* External Secrets with serviceAccountRef takes the role of the annotation with a token: see external-secrets, docs/provider/aws-access.md. */

const provider = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const pods = '{ "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": ["sts:AssumeRole", "sts:TagSession"] }';
const token = `{ "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/${provider}" },
  "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": { "StringEquals": { "${provider}:sub": "system:serviceaccount:shop:reader", "${provider}:aud": "sts.amazonaws.com" } } }`;
const role = (...statements: readonly string[]) =>
  `{ "Role": { "RoleName": "reader", "Arn": "arn:aws:iam::111122223333:role/reader",
  "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [${statements.join(',')}] } } }`;
const annotation = '\n  annotations: {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/reader"}';
const account = (more = '') => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: reader
  namespace: shop${more}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: aws, namespace: shop}
spec: {provider: {aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {serviceAccountRef: {name: reader}}}}}}
`;
const association = `---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata: {name: reader}
spec: {clusterName: demo, namespace: shop, serviceAccount: reader, roleARN: "arn:aws:iam::111122223333:role/reader"}
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: reader
      containers: [{name: app, image: app}]
`;

function seen(trust: string, text: string, ...more: readonly string[]) {
  const workspace = new Workspace({ log: (message) => expect(message).toBe('') });
  workspace.load('file:///r/role.json', trust);
  more.forEach((each, i) => workspace.load(`file:///r/${i}.yaml`, each));
  const uri = 'file:///r/sa.yaml';
  workspace.open(uri, text);
  const fact = workspace.wiring.facts(uri).find(({ kind }) => kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error('no account');
  const explained = explainAccount(workspace, fact);
  return {
    lens: lensesOf(workspace, uri).map(({ title }) => title),
    explained,
    steps: explained.steps.map(({ text: step }) => step).join('\n'),
    map: accessMap(workspace).map(
      ({ workload, mechanism, hidden, decision }) => `${workload?.kind ?? '-'} ${mechanism} ${hidden ? 'hidden ' : ''}${decision}`,
    ),
    findings: workspace.check(uri).map(({ rule, level }) => `${rule} ${level}`),
    messages: workspace.check(uri).map(({ message }) => message),
  };
}

describe('a service account that only an operator uses, with an annotation and an association', () => {
  test('the trust policy that allows only EKS Pod Identity gives the operator nothing', () => {
    const { lens, explained, steps, map, findings, messages } = seen(role(pods), account(annotation) + association);
    expect(explained).toMatchObject({ decision: 'denied', mechanism: 'irsa' });
    expect(explained.mechanisms).toBeUndefined();
    expect(steps).toContain('SecretStore aws requests the role with a token of the service account');
    expect(steps).toContain("not by the Pod Identity association: External Secrets can't use an association with serviceAccountRef");
    expect(steps).not.toContain('The webhook gives');
    expect(lens[0]).toMatch(/^✗ Can't assume reader: /);
    expect(map).toEqual(['SecretStore irsa denied']);
    expect(findings).toEqual(['subject-mismatch error']);
    expect(messages[0]).toContain('SecretStore aws gets "AccessDenied');
  });

  test('the trust policy that allows its token is right, and nothing advises against the annotation', () => {
    const { explained, map, findings } = seen(role(pods, token), account(annotation) + association);
    expect(explained).toMatchObject({ decision: 'allowed', mechanism: 'irsa' });
    expect(map).toEqual(['SecretStore irsa allowed']);
    expect(findings).toEqual([]);
  });
});

describe('pods and an operator that use one service account', () => {
  test('the operator alone gets nothing where the trust policy only allows the association', () => {
    const { lens, explained, steps, map, findings } = seen(role(pods), account(annotation) + association, deployment);
    expect(explained.decision).toBe('allowed');
    expect(steps).toContain("SecretStore aws needs the role-arn annotation: External Secrets can't use an association");
    expect(lens[0]).toContain('except SecretStore aws');
    expect(map).toEqual(['Deployment irsa hidden denied', 'SecretStore irsa denied', 'Deployment pod-identity allowed']);
    expect(findings).toEqual(['association-hides-annotation info', 'operator-identity-mismatch error']);
  });

  test('both get the role where the trust policy allows both, and the annotation stays', () => {
    const { lens, map, messages } = seen(role(pods, token), account(annotation) + association, deployment);
    expect(lens[0]).not.toContain('except');
    expect(map).toEqual(['Deployment irsa hidden allowed', 'SecretStore irsa allowed', 'Deployment pod-identity allowed']);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('Keep the annotation for SecretStore aws.');
  });
});

test('an operator whose service account has only an association gets nothing, and Explain says why', () => {
  const { lens, explained, steps, map, findings } = seen(role(pods), account() + association);
  expect(explained.decision).toBe('denied');
  expect(steps).toContain(
    "SecretStore aws needs the role-arn annotation: External Secrets can't use an association with serviceAccountRef",
  );
  expect(explained.outcome.map(({ text }) => text)).toEqual([
    "External Secrets can't use an association with serviceAccountRef: it needs the role-arn annotation.",
  ]);
  expect(explained.fixes.map(({ rule }) => rule)).toEqual(['operator-identity-mismatch']);
  expect(lens[0]).toMatch(/^✗ Can't assume reader by Pod Identity: External Secrets can't/);
  expect(map).toEqual(['SecretStore pod-identity denied']);
  expect(findings).toContain('operator-identity-mismatch error');
});
