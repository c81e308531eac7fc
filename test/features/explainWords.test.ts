import { expect, test } from 'vitest';
import { explainAt } from '../../server/src/core/features/explainAt';
import { uriOf, workspaceOf } from '../wiring/build';

/* What no file tells has words, not a notation of ours. */

function texts(file: string, text: string): string {
  const workspace = workspaceOf({ [file]: text });
  workspace.open(uriOf(file), text);
  const page = explainAt(workspace, uriOf(file), undefined);
  if ('problem' in page) throw new Error(page.problem);
  return [...page.steps.map((step) => step.text), ...page.outcome.map((line) => line.text), ...page.assumptions].join('\n');
}

test('the issuer of a trust policy that eksctl makes is the cluster, in words', () => {
  const shown = texts(
    'cluster.yaml',
    `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: app, namespace: shop}
      roleName: app
      wellKnownPolicies: {externalDNS: true}
`,
  );
  expect(shown).toContain("STS checks the token's issuer, that of the cluster");
  expect(shown).toContain("The token comes from the cluster's OIDC provider.");
  expect(shown).toContain(':sub system:serviceaccount:shop:app is system:serviceaccount:shop:app.');
  expect(shown).not.toContain("the cluster's issuer");
});

test('a role that eksctl creates without a name has one article', () => {
  const shown = texts(
    'cluster.yaml',
    `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
iam:
  podIdentityAssociations:
    - namespace: shop
      serviceAccountName: app
      wellKnownPolicies: {externalDNS: true}
`,
  );
  expect(shown).toContain('gives shop/app the role created by eksctl');
  expect(shown).not.toContain('the role role');
});

test('the object of an operator uses the role that it names, not the service account', () => {
  const shown = texts(
    'issuer.yaml',
    `apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: le, namespace: shop}
spec:
  acme:
    solvers:
      - dns01:
          route53:
            region: eu-west-1
            role: arn:aws:iam::111122223333:role/dns
            auth: {kubernetes: {serviceAccountRef: {name: dns}}}
`,
  );
  expect(shown).toContain('Issuer le uses arn:aws:iam::111122223333:role/dns');
  expect(shown).not.toContain('ServiceAccount dns uses');
});

test('the switch for session tags is called as Terraform calls it', async () => {
  await import('../terraform/load');
  const shown = texts(
    'main.tf',
    `resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "app"
  role_arn        = "arn:aws:iam::111122223333:role/app"
  policy          = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
`,
  );
  expect(shown).toContain('its session policy needs disable_session_tags.');
});
