import { describe, expect, it } from 'vitest';
import { accessesOf } from '../../server/src/core/features/accesses';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';

/*
 * What the Terraform reader must not take as known, each beside the same files without the doubt: a guard that is gone
 * makes a false alarm in the first, a reader that is blind says nothing in the second.
 */

const account = '481516234212';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

const k8s = (name: string, role: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n  namespace: demo\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::${account}:role/${role}\n`;

const statement = (subject: string): string => `  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${account}:oidc-provider/${issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${issuer}:sub"
      values   = ["system:serviceaccount:${subject}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
`;

const role = (label: string, name: string, document = 'data.aws_iam_policy_document.trust.json', more = ''): string =>
  `resource "aws_iam_role" "${label}" {\n${more}  name = "${name}"\n  assume_role_policy = ${document}\n}\n`;

const trust = (subject: string, more = ''): string => `data "aws_iam_policy_document" "trust" {\n${more}${statement(subject)}}\n`;

const irsa = (version: 5 | 6, more: string): string => `module "irsa" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts${version === 5 ? '-eks' : ''}"
  version = "${version === 5 ? '5.39.0' : '6.2.1'}"
  ${version === 5 ? 'role_name' : 'name'} = "app-role"
  ${version === 5 ? '' : 'use_name_prefix = false'}
${more}  oidc_providers = {
    main = {
      provider_arn               = "arn:aws:iam::${account}:oidc-provider/${issuer}"
      namespace_service_accounts = ["demo:other"]
    }
  }
}
`;

/** The findings of errors and warnings, as `file rule`. */
function findings(files: Readonly<Record<string, string>>): string[] {
  const workspace = openWorkspace(new Map(Object.entries(files)));
  return Object.keys(files)
    .flatMap((path) =>
      workspace
        .check(uriOf(path))
        .filter(({ otherSideOf }) => !otherSideOf)
        .filter(({ level }) => level !== 'info')
        .map(({ rule }) => `${path} ${rule}`),
    )
    .sort();
}

/** The decision about an account's role. */
function decision(files: Readonly<Record<string, string>>, path: string): string {
  const workspace = openWorkspace(new Map(Object.entries(files)));
  const { wiring } = workspace;
  const [first] = [...wiring.accounts()].filter(({ doc }) => doc.uri === uriOf(path));
  return accessesOf(workspace, first!)[0]?.access.decision ?? 'no role';
}

const app = { 'k8s/app.yaml': k8s('app', 'app-role') };
const mismatch = ['k8s/app.yaml subject-mismatch'];

describe('the policy is not all that the role will have', () => {
  it('is known without doubt', () => {
    expect(findings({ 'iam/main.tf': role('app', 'app-role') + trust('demo:other'), ...app })).toEqual(mismatch);
  });

  it.each([
    'override_policy_documents = [var.more]',
    'source_policy_documents = [var.more]',
    'override_json = var.more',
    'source_json = var.more',
  ])('where the data source has %s', (more) =>
    expect(findings({ 'iam/main.tf': role('app', 'app-role') + trust('demo:other', `  ${more}\n`), ...app })).toEqual([]),
  );

  it('where statements are made by dynamic blocks', () => {
    const dynamic = `  dynamic "statement" {\n    for_each = var.more\n    content {\n${statement('demo:${statement.value}')
      .split('\n')
      .slice(1, -2)
      .join('\n')}\n    }\n  }\n`;
    expect(findings({ 'iam/main.tf': role('app', 'app-role') + trust('demo:other', dynamic), ...app })).toEqual([]);
  });
});

describe.each([5, 6] as const)('the module for service accounts, version %i', (version) => {
  it('makes a role that admits others', () => {
    expect(findings({ 'iam/main.tf': irsa(version, ''), ...app })).toEqual(mismatch);
  });

  it.each(version === 5 ? ['create_role'] : ['create'])('makes none where %s is false', (name) => {
    expect(findings({ 'iam/main.tf': irsa(version, `  ${name} = false\n`), ...app })).toEqual([]);
    expect(findings({ 'iam/main.tf': irsa(version, `  ${name} = true\n`), ...app })).toEqual(mismatch);
  });

  it.each(version === 5 ? [] : ['source_trust_policy_documents', 'override_trust_policy_documents'])(
    'is given statements by %s',
    (name) => {
      expect(findings({ 'iam/main.tf': irsa(version, `  ${name} = [var.more]\n`), ...app })).toEqual([]);
    },
  );
});

describe('two roles share one policy document', () => {
  const files = {
    'iam/main.tf': role('one', 'one-role') + role('two', 'two-role') + trust('demo:one'),
    'k8s/one.yaml': k8s('one', 'one-role'),
    'k8s/two.yaml': k8s('two', 'two-role'),
  };

  it('and each of them has its trust policy', () => {
    expect(findings(files)).toEqual(['k8s/two.yaml subject-mismatch']);
    expect(decision(files, 'k8s/one.yaml')).toBe('allowed');
    expect(decision(files, 'k8s/two.yaml')).toBe('denied');
  });

  it('whichever of them comes first', () => {
    const turned = { ...files, 'iam/main.tf': role('two', 'two-role') + trust('demo:one') + role('one', 'one-role') };
    expect(findings(turned)).toEqual(['k8s/two.yaml subject-mismatch']);
    expect(decision(turned, 'k8s/one.yaml')).toBe('allowed');
  });
});

describe('a value that differs from instance to instance', () => {
  const each = '  for_each = toset(["app", "web"])\n';

  it.each([
    ['each.key in the subject', 'demo:${each.key}'],
    ['each.value in the subject', 'demo:${each.value}'],
    ['count.index in the subject', 'demo:app${count.index == 0 ? "" : "-more"}'],
  ])('is not one value: %s', (_name, subject) => {
    const meta = subject.includes('count') ? '  count = 2\n' : each;
    const key = subject.includes('count') ? 'count.index' : 'each.key';
    const files = {
      'iam/main.tf': role('app', 'app-role', `data.aws_iam_policy_document.trust[${key}].json`, meta) + trust(subject, meta),
      ...app,
    };
    expect(findings(files)).toEqual([]);
    expect(decision(files, 'k8s/app.yaml')).not.toBe('denied');
  });

  it('is one where it does not hang on the instance', () => {
    const files = {
      'iam/main.tf': role('app', 'app-role', 'data.aws_iam_policy_document.trust["app"].json') + trust('demo:other', each),
      ...app,
    };
    expect(findings(files)).toEqual(mismatch);
  });
});

describe('the issuer of a cluster', () => {
  const cluster = (more = ''): string =>
    `resource "aws_eks_cluster" "main" {\n${more}  name = "main"\n  role_arn = "arn:aws:iam::${account}:role/eks"\n}\n`;
  const inline = (url: string): string => role('app', 'app-role') + trust('demo:app').replaceAll(`"${issuer}:`, `"\${${url}}:`);
  const plain = 'aws_eks_cluster.main.identity[0].oidc[0].issuer';

  it('has a scheme, which condition keys must not have', () => {
    expect(findings({ 'iam/main.tf': cluster() + inline(plain), ...app })).toContain('iam/main.tf terraform-issuer-scheme');
  });

  it.each([
    'aws_eks_cluster.main.identity[*].oidc[0].issuer',
    'aws_eks_cluster.main[*].identity[0].oidc[0].issuer',
    'aws_eks_cluster.main.identity.*.oidc.0.issuer',
  ])('is a list that nobody takes as the issuer, as %s', (splat) =>
    expect(findings({ 'iam/main.tf': cluster(splat.includes('main[*]') ? '  count = 2\n' : '') + inline(splat), ...app })).toEqual([]),
  );
});
