import { describe, expect, test } from 'vitest';
import { accessMap } from '../../server/src/core/features/accessMap';
import { explainAccount } from '../../server/src/core/features/explain/chain';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';

const issuerHost = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const trust = (subject: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuerHost}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${issuerHost}:aud`]: 'sts.amazonaws.com', [`${issuerHost}:sub`]: subject } },
      },
    ],
  });
const issuer = (kind: string, account: string, more = '') => `apiVersion: cert-manager.io/v1
kind: ${kind}
metadata: {name: letsencrypt${kind === 'Issuer' ? ', namespace: shop' : ''}}
spec:
  acme:
    solvers:
      - http01: {ingress: {}}
      - dns01:
          route53:
            role: arn:aws:iam::111122223333:role/dns
            auth: {kubernetes: {serviceAccountRef: {name: ${account}${more}}}}
`;
const account = (name: string, namespace: string, role?: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
${role ? `  annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/${role}"}\n` : ''}`;
const deployment = (name: string, namespace: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: ${namespace}}
spec: {template: {spec: {serviceAccountName: ${name}, containers: [{name: app, image: x}]}}}
`;
const rows = (files: Record<string, string>) =>
  accessMap(openWorkspace(new Map(Object.entries(files)))).map(
    ({ workload, namespace, serviceAccount, roleName, decision }) =>
      `${workload?.kind ?? '-'} ${workload?.name ?? '-'} ${namespace ?? '?'}/${serviceAccount} ${roleName} ${decision}`,
  );

describe('cert-manager', () => {
  test('the issuer has the role, the pods of the account have not', () => {
    const files = {
      'issuer.yaml': issuer('Issuer', 'dns'),
      'sa.yaml': account('dns', 'shop'),
      'app.yaml': deployment('dns', 'shop'),
      'iam/dns/trust.json': trust('system:serviceaccount:shop:dns'),
    };
    expect(rows(files)).toEqual(['Issuer letsencrypt shop/dns dns allowed']);
    const workspace = openWorkspace(new Map(Object.entries(files)));
    const requests = [...workspace.wiring.accounts()].find(({ requestedBy }) => requestedBy)!;
    const page = explainAccount(workspace, requests);
    expect(page.decision).toBe('allowed');
    expect(page.steps.map(({ text }) => text)).toContain(
      'Issuer letsencrypt assumes the role with a token of the service account, audience sts.amazonaws.com',
    );
    expect(lensesOf(workspace, uriOf('issuer.yaml')).map(({ title }) => title)).toEqual(['✓ Can assume dns · 1 workload']);
    expect(lensesOf(workspace, uriOf('sa.yaml'))).toEqual([]);
  });

  test('an annotated account has its own role, and the issuer that which it names', () => {
    expect(
      rows({
        'a-sa.yaml': account('dns', 'shop', 'own'),
        'app.yaml': deployment('dns', 'shop'),
        'issuer.yaml': issuer('Issuer', 'dns'),
        'iam/dns/trust.json': trust('system:serviceaccount:shop:dns'),
        'iam/own/trust.json': trust('system:serviceaccount:shop:dns'),
      }),
    ).toEqual(['Deployment app shop/dns own allowed', 'Issuer letsencrypt shop/dns dns allowed']);
  });

  test('an association of the account does not reach the issuer', () => {
    expect(
      rows({
        'issuer.yaml': issuer('Issuer', 'dns'),
        'association.yaml':
          'apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: x}\nspec: {clusterName: demo, namespace: shop, serviceAccount: dns, roleARN: arn:aws:iam::111122223333:role/other}\n',
        'iam/dns/trust.json': trust('system:serviceaccount:shop:dns'),
      })[0],
    ).toBe('Issuer letsencrypt shop/dns dns allowed');
  });

  test('the namespace of a ClusterIssuer: that of the one account of the name, else unknown', () => {
    const files = { 'issuer.yaml': issuer('ClusterIssuer', 'dns'), 'iam/dns/trust.json': trust('system:serviceaccount:cert-manager:dns') };
    expect(rows(files)).toEqual(['ClusterIssuer letsencrypt ?/dns dns unknown']);
    expect(rows({ ...files, 'sa.yaml': account('dns', 'cert-manager') })).toEqual([
      'ClusterIssuer letsencrypt cert-manager/dns dns allowed',
    ]);
    expect(rows({ ...files, 'a.yaml': account('dns', 'cert-manager'), 'b.yaml': account('dns', 'shop') })).toEqual([
      'ClusterIssuer letsencrypt ?/dns dns unknown',
    ]);
  });

  test('the namespace that a kustomization gives an Issuer is its account’s too', () => {
    expect(
      rows({
        'base/issuer.yaml': issuer('Issuer', 'dns'),
        'base/kustomization.yaml': 'resources: [issuer.yaml]\n',
        'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base]\n',
        'iam/dns/trust.json': trust('system:serviceaccount:prod:dns'),
      }),
    ).toEqual(['Issuer letsencrypt prod/dns dns allowed']);
  });

  test('other audiences: one is the token’s, of several none is known', () => {
    const files = (audiences: string) => ({
      'issuer.yaml': issuer('Issuer', 'dns', `, audiences: ${audiences}`),
      'iam/dns/trust.json': trust('system:serviceaccount:shop:dns'),
    });
    expect(rows(files('[]'))).toEqual(['Issuer letsencrypt shop/dns dns allowed']);
    expect(rows(files('[x.example.com]'))).toEqual(['Issuer letsencrypt shop/dns dns denied']);
    expect(rows(files('[sts.amazonaws.com, x.example.com]'))).toEqual(['Issuer letsencrypt shop/dns dns unknown']);
  });
});

test('a store of External Secrets uses the role of the annotation', () => {
  expect(
    rows({
      'store.yaml':
        'apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: aws}\nspec: {provider: {aws: {auth: {jwt: {serviceAccountRef: {name: reader, namespace: shop}}}}}}\n',
      'sa.yaml': account('reader', 'shop', 'reader'),
      'iam/reader/trust.json': trust('system:serviceaccount:shop:reader'),
    }),
  ).toEqual(['ClusterSecretStore aws shop/reader reader allowed']);
});

test('a provider of Crossplane with a web identity: the role is known, the account is not', () => {
  const config = (source: string) =>
    `apiVersion: aws.upbound.io/v1beta1\nkind: ProviderConfig\nmetadata: {name: default}\nspec: {credentials: {source: ${source}, webIdentity: {roleARN: "arn:aws:iam::111122223333:role/crossplane"}}}\n`;
  const files = {
    'config.yaml': config('WebIdentity'),
    'iam/crossplane/trust.json': trust('system:serviceaccount:crossplane-system:provider-aws'),
  };
  expect(rows(files)).toEqual(['- - ?/(name not given) crossplane unknown']);
  expect(openWorkspace(new Map(Object.entries(files))).check(uriOf('config.yaml'))).toEqual([]);
  expect(rows({ 'config.yaml': config('IRSA') })).toEqual([]);
});

test('what other operators call by the same names is nothing of ours', () => {
  expect(
    rows({
      'a.yaml':
        'apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: vault, namespace: shop}\nspec: {provider: {vault: {auth: {kubernetes: {serviceAccountRef: {name: reader}}}}}}\n',
      'b.yaml':
        'apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: vault, namespace: shop}\nspec: {vault: {auth: {kubernetes: {serviceAccountRef: {name: dns}}}}}\n',
      'c.yaml': 'apiVersion: example.com/v1\nkind: Issuer\nmetadata: {name: x}\nspec: {acme: {solvers: 5}}\n',
      'd.yaml':
        'apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: [x]\nspec: {acme: {solvers: [1, {dns01: [], x: 1}, {dns01: {route53: text}}]}}\n# serviceAccountRef\n',
    }),
  ).toEqual([]);
});
