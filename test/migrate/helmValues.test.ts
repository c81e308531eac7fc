import { describe, expect, it } from 'vitest';
import { plan } from '../../server/src/core/migrate/chunk';
import { hostOf, planLines, stepped, type Files } from './host';
import { account, github, irsaStatement, issuer, otherIssuer, roleArn, trust } from './repositories';

/** Values of one environment: the annotation alone. */
const annotated = (role: string): string => `# ${role}
replicaCount: 3
serviceAccount:
  annotations:
    eks.amazonaws.com/role-arn: ${roleArn(role)}
`;

/** A chart that names its account in its own values. */
const chart = (name: string, folder = name): Files => ({
  [`charts/${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${folder}\nversion: 1.0.0\n`,
  [`charts/${folder}/values.yaml`]: `image:\n  tag: "1"\n\nserviceAccount:\n  create: true\n  name: ${name}\n  annotations: {}\n`,
});

const messages = (files: Files): string[] =>
  plan(hostOf(files), { direction: 'to-pod-identity' }).accounts.flatMap(({ reasons }) => reasons.map(({ message }) => message));

const clusters = `clusters:
  - name: acme-prod
    account: '${account}'
    issuer: ${issuer}
    paths: ['**/values-prod.yaml', '**/prod/values.yaml', '**/values/prod.yaml']
  - name: acme-staging
    account: '${account}'
    issuer: ${otherIssuer}
    paths: ['**/values-staging.yaml']
`;

const role = (name: string, subjects: readonly string[], operator = 'StringEquals'): string => `resource "aws_iam_role" "${name}" {
  name               = "${name}"
  assume_role_policy = jsonencode(${trust(irsaStatement(subjects, issuer, operator)).trim()})
}
`;

/** A role in Terraform that trusts the provider of the cluster module in its folder, and names no issuer. */
const environment = (name: string): Files => ({
  [`infra/${name}/main.tf`]: `module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "acme-${name}"
}

data "aws_iam_policy_document" "web" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [module.eks.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "\${module.eks.oidc_provider}:sub"
      values   = ["system:serviceaccount:shop:web"]
    }
  }
}

resource "aws_iam_role" "web" {
  name               = "web-${name}"
  assume_role_policy = data.aws_iam_policy_document.web.json
}
`,
});

describe('a chart whose values of environments hold the annotation alone', () => {
  const files: Files = {
    'pod-roles.yaml': clusters,
    ...chart('web'),
    'charts/web/values-prod.yaml': annotated('web-prod'),
    'charts/web/values-staging.yaml': annotated('web-staging'),
    ...environment('prod'),
    ...environment('staging'),
  };
  const web = { accounts: [{ namespace: 'shop', name: 'web' }] };

  it('moves once for each environment, though no file has the issuer of the provider that its role trusts', () => {
    expect(planLines(files)).toEqual([
      'shop/web → web-prod: not-started can-move [identity-unknown]',
      'shop/web → web-staging: not-started can-move [identity-unknown]',
    ]);
    expect(plan(hostOf(files), { direction: 'to-pod-identity' }).accounts.map(({ cluster }) => cluster)).toEqual([
      'acme-prod',
      'acme-staging',
    ]);
  });

  it('moves in each of two clusters that share its role, beside GitHub Actions', () => {
    const subject = 'system:serviceaccount:shop:web';
    const shared: Files = {
      'pod-roles.yaml': clusters,
      ...chart('web'),
      'charts/web/values-prod.yaml': annotated('web'),
      'charts/web/values-staging.yaml': annotated('web'),
      'infra/web.tf': `resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode(${trust(github, irsaStatement([subject]), irsaStatement([subject], otherIssuer)).trim()})
}
`,
    };
    const rows = (of: Files): unknown[] =>
      plan(hostOf(of), { direction: 'to-pod-identity' }).accounts.map(({ shown, cluster, state }) => [shown, cluster, state]);
    const { result, files: expanded } = stepped(shared, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(rows(expanded)).toEqual([
      ['shop/web', 'acme-prod', 'moving'],
      ['shop/web', 'acme-staging', 'moving'],
    ]);
    expect(stepped(expanded, { step: 'undo' }).files).toEqual(shared);
    const { result: done, files: contracted } = stepped(expanded, { step: 'contract' });
    expect(done.refused).toEqual([]);
    expect(contracted['infra/web.tf']!.match(/AssumeRoleWithWebIdentity/g)).toHaveLength(1);
    expect(contracted['infra/web.tf']!).toContain('repo:acme/*:ref:refs/heads/main');
    expect(contracted['infra/web.tf']!.match(/"(?:acme-prod|acme-staging)"/g)).toHaveLength(4);
  });

  it('keeps the rest of its files in each step', () => {
    const { result, files: expanded } = stepped(files, { step: 'expand', ...web });
    expect(result.refused).toEqual([]);
    for (const name of ['prod', 'staging']) {
      const file = `infra/${name}/main.tf`;
      expect(expanded[file]).toContain('cluster_name    = module.eks.cluster_name');
      expect(expanded[`charts/web/values-${name}.yaml`]).toBe(files[`charts/web/values-${name}.yaml`]);
    }
    expect(stepped(expanded, { step: 'undo', ...web }).files).toEqual(files);
    const { result: done, files: contracted } = stepped(expanded, { step: 'contract', ...web });
    expect(done.refused).toEqual([]);
    expect(contracted['charts/web/values-prod.yaml']).toBe('# web-prod\nreplicaCount: 3\nserviceAccount:\n  annotations: {}\n');
    expect(contracted['charts/web/values.yaml']).toBe(files['charts/web/values.yaml']);
    expect(contracted['infra/prod/main.tf']).not.toContain('sts:AssumeRoleWithWebIdentity');
    expect(contracted['infra/prod/main.tf']).toContain('pods.eks.amazonaws.com');
  });

  it('moves one environment alone', () => {
    const { result, files: expanded } = stepped(files, { step: 'expand', ...web, cluster: 'acme-prod' });
    expect(result.refused).toEqual([]);
    expect(expanded['infra/staging/main.tf']).toBe(files['infra/staging/main.tf']);
    expect(expanded['infra/prod/main.tf']).not.toBe(files['infra/prod/main.tf']);
  });

  it('is of neither cluster where two use one role, and its provider is written in no file', () => {
    const shared: Files = {
      'pod-roles.yaml': clusters,
      ...chart('web'),
      'charts/web/values-prod.yaml': annotated('web-prod'),
      'charts/web/values-staging.yaml': annotated('web-prod'),
      'infra/iam/main.tf': environment('prod')['infra/prod/main.tf']!,
    };
    expect(planLines(shared)).toEqual([
      'shop/web → web-prod: not-started unknown [identity-unknown several-clusters!]',
      'shop/web → web-prod: not-started unknown [identity-unknown several-clusters!]',
    ]);
  });

  it('says that it assumes the cluster where nothing beside the trust policy tells it', () => {
    const text = environment('prod')['infra/prod/main.tf']!;
    const bare = text
      .slice(text.indexOf('data "aws_iam'))
      .replace('module.eks.oidc_provider_arn', 'var.provider')
      .replace('module.eks.oidc_provider}', 'var.url}');
    const { reasons } = plan(hostOf({ ...files, 'infra/prod/main.tf': bare }), { direction: 'to-pod-identity' }).accounts[0]!;
    expect(reasons.map(({ message }) => message)).toContain(
      "Assumption: the OIDC provider in the trust policy of web-prod is that of cluster acme-prod, because the files don't have its issuer.",
    );
  });
});

describe("the name in a chart's own values", () => {
  const subjects = ['system:serviceaccount:shop:web', 'system:serviceaccount:shop:worker'];
  const values = (path: string, more: Files = chart('web')): Files => ({
    'pod-roles.yaml': clusters,
    ...more,
    [path]: annotated('web'),
    'infra/web.tf': role('web', subjects),
  });
  const only = [
    'shop/web → web: not-started can-move [identity-unknown]',
    'shop/worker → web: not-started can-move [account-not-in-files]',
  ];

  it.each(['charts/web/values-prod.yaml', 'charts/web/values/prod.yaml', 'charts/web/environments/prod/values.yaml'])(
    'tells which of several accounts %s is of',
    (path) => {
      expect(planLines(values(path))).toEqual(only);
    },
  );

  it('tells the account that a pattern of names allows', () => {
    const files = { ...values('charts/web/values-prod.yaml'), 'infra/web.tf': role('web', ['system:serviceaccount:shop:*'], 'StringLike') };
    expect(planLines(files)).toEqual(['shop/web → web: not-started can-move [identity-unknown wildcard-subject]']);
    const account = { accounts: [{ namespace: 'shop', name: 'web' }] };
    const { files: expanded } = stepped(files, { step: 'expand', ...account });
    expect(stepped(expanded, { step: 'undo', ...account }).files).toEqual(files);
    const { files: contracted } = stepped(expanded, { step: 'contract', ...account });
    expect(contracted['charts/web/values-prod.yaml']).toBe('# web\nreplicaCount: 3\nserviceAccount:\n  annotations: {}\n');
    expect(contracted['infra/web.tf']).toContain('system:serviceaccount:shop:*');
  });

  it.each<[string, Files]>([
    ['of a chart in another folder', values('charts/web/values-prod.yaml', chart('web', 'other'))],
    [
      'of the folder above that holds charts',
      values('charts/web/values-prod.yaml', { 'charts/values.yaml': chart('web')['charts/web/values.yaml']! }),
    ],
    ['that is empty', values('charts/web/values-prod.yaml', chart('""', 'web'))],
    [
      'of another account in the chart',
      values('charts/web/values-prod.yaml', { 'charts/web/values.yaml': 'worker:\n  serviceAccount:\n    create: true\n    name: web\n' }),
    ],
    ['that no subject has', values('charts/web/values-prod.yaml', chart('cart', 'web'))],
  ])('is not one %s', (_, files) => {
    expect(planLines(files).at(-1)).toMatch(/^a service account → web: not-started unknown \[identity-unknown!/);
  });

  it('is none where the namespace is a pattern, too', () => {
    const files = { ...values('charts/web/values-prod.yaml'), 'infra/web.tf': role('web', ['system:serviceaccount:*:web'], 'StringLike') };
    expect(planLines(files)).toEqual([expect.stringMatching(/^a service account → web: not-started unknown/)]);
  });
});

describe('a role in the folder of one environment', () => {
  const shared = (...issuers: readonly string[]): Files => ({
    'pod-roles.yaml': clusters,
    ...chart('web'),
    'charts/web/values-staging.yaml': annotated('web'),
    'infra/prod/shared.tf': `resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode(${trust(...issuers.map((each) => irsaStatement('system:serviceaccount:shop:web', each))).trim()})
}
`,
  });

  it("is an account's of another one where it trusts the provider of its cluster", () => {
    expect(planLines(shared(issuer, otherIssuer))).toEqual(['shop/web → web: not-started can-move [identity-unknown several-clusters]']);
  });

  it('is not where it trusts another cluster alone, or no file tells the cluster of the account', () => {
    expect(planLines(shared(issuer))).toContain('a service account → web: not-started unknown [identity-unknown! role-not-found!]');
    expect(messages(shared(issuer))).toContain(
      "It isn't certain that this trust policy is the role's: by its folder it is of another environment. Name its file under roles: in pod-roles.yaml, or read the role from AWS or from a snapshot.",
    );
    const unknown = { ...shared(issuer, otherIssuer), 'pod-roles.yaml': clusters.replace(`issuer: ${otherIssuer}`, '') };
    expect(planLines(unknown)).toContain('a service account → web: not-started unknown [identity-unknown! role-not-found!]');
  });
});

it('says who makes the name of an account that an operator makes of a template', () => {
  const files: Files = {
    'pod-roles.yaml': clusters.replace('**/values-prod.yaml', 'k8s/**'),
    'k8s/runtime.yaml': `apiVersion: pkg.crossplane.io/v1beta1
kind: DeploymentRuntimeConfig
metadata:
  name: provider-aws
spec:
  serviceAccountTemplate:
    metadata:
      annotations:
        eks.amazonaws.com/role-arn: ${roleArn('web')}
`,
    'iam/web.tf': role('web', ['system:serviceaccount:crossplane-system:*'], 'StringLike'),
  };
  expect(messages(files)).toContain(
    "The service account's name isn't known from the files, and an association needs it. The operator generates it unless the template sets it: set metadata.name there, if the operator's API has it.",
  );
  expect(messages(files).join()).not.toContain('rendered chart');
});
