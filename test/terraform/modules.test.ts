import { describe, expect, test } from 'vitest';
import type { Fact, ServiceAccountFact } from '../../server/src/core/model/facts';
import type { Text } from '../../server/src/core/text/text';
import { Workspace } from '../../server/src/core/workspace/workspace';
import './load';

/** A workspace of files, read from the disk. */
function load(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    textOf: (uri) => ({ text: files[uri.replace('file:///r/', '')] ?? '' }),
  });
  for (const [path, text] of Object.entries(files)) workspace.load(`file:///r/${path}`, text);
  return workspace;
}

function factsOf(workspace: Workspace, path: string): readonly Fact[] {
  return workspace.wiring.facts(`file:///r/${path}`);
}

function accounts(workspace: Workspace, path: string): ServiceAccountFact[] {
  return factsOf(workspace, path).filter((fact) => fact.kind === 'serviceAccount');
}

/** A text with its holes in `‹›`. */
function shown(text: Text | undefined): string | undefined {
  if (!text) return undefined;
  let out = '';
  let at = 0;
  for (const hole of text.holes) {
    out += `${text.value.slice(at, hole.start)}‹${hole.source.replace(/^\$\{(.*)\}$/s, '$1')}›`;
    at = hole.end;
  }
  return out + text.value.slice(at);
}

/** What an account says: where it is, and the object that its role is. */
function said(fact: ServiceAccountFact): string {
  const { refers } = fact.roleArn?.value ?? {};
  const objects = refers?.objects.map((each) => each.replace(/^terraform file:\/\/\/r\/?/, '')).join(' | ');
  return `${shown(fact.namespace)}/${shown(fact.name)} → ${objects ?? shown(fact.roleArn?.value)}${refers?.open ? ' …' : ''}`;
}

function findings(workspace: Workspace, ...paths: string[]): string[] {
  return paths.flatMap((path) =>
    workspace
      .check(`file:///r/${path}`)
      .filter(({ otherSideOf }) => !otherSideOf)
      .map(({ rule, message, level }) => `${path} ${level} ${rule}: ${message.split('\n')[0]}`),
  );
}

const trust = (subject: string, label = 'trust'): string => `
data "aws_iam_policy_document" "${label}" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${replace(var.oidc_provider_arn, "/^(.*provider/)/", "")}:sub"
      values   = ["${subject}"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${replace(var.oidc_provider_arn, "/^(.*provider/)/", "")}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}
`;

/** A module that makes a role for one account. */
const irsa = `
variable "namespace" { type = string }
variable "account" { type = string }
variable "oidc_provider_arn" { type = string }
variable "create" { default = true }
${trust('system:serviceaccount:${var.namespace}:${var.account}')}
resource "aws_iam_role" "this" {
  count              = var.create ? 1 : 0
  name_prefix        = var.account
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
output "role_arn" { value = try(aws_iam_role.this[0].arn, "") }
`;

const call = (name: string, more: string): string => `
module "${name}" {
  source            = "../modules/irsa"
  oidc_provider_arn = module.eks.oidc_provider_arn
${more}
}
`;

const eks = `
module "eks" {
  source = "terraform-aws-modules/eks/aws"
}
`;

const release = (values: string, more = 'namespace = "shop"'): string => `
resource "helm_release" "app" {
  name  = "app"
  chart = "./chart"
  ${more}
${values}
}
`;

const set = (name: string, value: string): string => `  set {
    name  = "${name}"
    value = ${value}
  }
`;
const annotation = String.raw`serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn`;

describe('modules of the workspace', () => {
  test('are read as each call makes them, and what they give is that object', () => {
    const workspace = load({
      'prod/main.tf': `${eks}${call('orders', '  namespace = "shop"\n  account = "orders"')}${release(
        set('serviceAccount.name', '"orders"') + set(annotation, 'module.orders.role_arn'),
      )}`,
      'dev/main.tf': `${eks}${call('orders', '  namespace = "dev"\n  account = "orders"')}${release(
        set('serviceAccount.name', '"orders"') + set(annotation, 'module.orders.role_arn'),
        'namespace = "dev"',
      )}`,
      'modules/irsa/main.tf': irsa,
    });
    expect(accounts(workspace, 'prod/main.tf').map(said)).toEqual(['shop/orders → prod module.orders.aws_iam_role.this[0]']);
    expect(accounts(workspace, 'dev/main.tf').map(said)).toEqual(['dev/orders → dev module.orders.aws_iam_role.this[0]']);
    const policies = factsOf(workspace, 'modules/irsa/main.tf').filter((fact) => fact.kind === 'trustPolicy');
    expect(policies.map(({ deployedBy, roleIds }) => [deployedBy, roleIds])).toEqual([
      [['terraform file:///r/dev'], ['terraform file:///r/dev module.orders.aws_iam_role.this[0]']],
      [['terraform file:///r/prod'], ['terraform file:///r/prod module.orders.aws_iam_role.this[0]']],
    ]);
    expect(findings(workspace, 'prod/main.tf', 'dev/main.tf', 'modules/irsa/main.tf')).toEqual([]);
    expect([...workspace.wiring.chains()].map((chain) => workspace.verdict(chain)?.decision)).toEqual(['allowed', 'allowed']);
  });

  test('with one mistake beside a right copy, have exactly that mistake', () => {
    const side = (namespace: string): string =>
      `${eks}${call('orders', `  namespace = "${namespace}"\n  account = "orders"`)}${release(
        set('serviceAccount.name', '"orders"') + set(annotation, 'module.orders.role_arn'),
      )}`;
    const workspace = load({ 'cluster-a/main.tf': side('shop'), 'cluster-b/main.tf': side('shpo'), 'modules/irsa/main.tf': irsa });
    const found = findings(workspace, 'cluster-a/main.tf', 'cluster-b/main.tf', 'modules/irsa/main.tf');
    expect(found.map((each) => each.split(':')[0])).toEqual(['cluster-b/main.tf error subject-mismatch']);
  });

  test('have an instance for each key of for_each and count', () => {
    const workspace = load({
      'root/main.tf': `provider "aws" {}
locals {
  apps = { orders = { ns = "shop" }, carts = { ns = "shop2" } }
}
${call('irsa', '  for_each = local.apps\n  namespace = each.value.ns\n  account = each.key')}
resource "kubernetes_service_account_v1" "app" {
  for_each = local.apps
  metadata {
    name        = each.key
    namespace   = each.value.ns
    annotations = { "eks.amazonaws.com/role-arn" = module.irsa[each.key].role_arn }
  }
}`,
      'modules/irsa/main.tf': irsa,
    });
    expect(accounts(workspace, 'root/main.tf').map(said)).toEqual([
      'shop/orders → root module.irsa["orders"].aws_iam_role.this[0]',
      'shop2/carts → root module.irsa["carts"].aws_iam_role.this[0]',
    ]);
    expect(findings(workspace, 'root/main.tf', 'modules/irsa/main.tf')).toEqual([]);
  });

  test('may take a policy of their caller', () => {
    const workspace = load({
      'root/main.tf': `variable "oidc_provider_arn" {}\n${trust('system:serviceaccount:shop:orders')}
module "role" {
  source = "./role"
  policy = data.aws_iam_policy_document.trust.json
}`,
      'root/role/main.tf': 'variable "policy" {}\nresource "aws_iam_role" "r" {\n  assume_role_policy = var.policy\n}\n',
    });
    const policies = factsOf(workspace, 'root/main.tf').filter((fact) => fact.kind === 'trustPolicy');
    expect(policies.map(({ roleIds }) => roleIds)).toEqual([['terraform file:///r/root module.role.aws_iam_role.r']]);
  });

  test('that nobody calls are read by themselves, and rings too', () => {
    const ring = (other: string): string => `module "m" {\n  source = "../${other}"\n}\n${irsa}`;
    const workspace = load({ 'alone/main.tf': irsa, 'a/main.tf': ring('b'), 'b/main.tf': ring('a') });
    for (const path of ['alone/main.tf', 'a/main.tf', 'b/main.tf'])
      expect(factsOf(workspace, path).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['trustPolicy', 'role']));
  });

  test('one of several roles is judged as all of them', () => {
    const workspace = load({
      'main.tf': `variable "which" {}
resource "aws_iam_role" "a" {}
resource "aws_iam_role" "b" {}
resource "kubernetes_service_account" "app" {
  metadata {
    name        = "app"
    annotations = { "eks.amazonaws.com/role-arn" = var.which ? aws_iam_role.a.arn : aws_iam_role.b.arn }
  }
}
resource "kubernetes_service_account" "open" {
  metadata {
    name        = "open"
    annotations = { "eks.amazonaws.com/role-arn" = var.which != "" ? var.which : aws_iam_role.b.arn }
  }
}`,
    });
    expect(accounts(workspace, 'main.tf').map(said)).toEqual([
      'default/app →  aws_iam_role.a |  aws_iam_role.b',
      'default/open →  aws_iam_role.b …',
    ]);
  });
});

describe('helm_release', () => {
  const role = 'resource "aws_iam_role" "app" {\n  name = "app-role"\n}\n';
  test.each<[string, string]>([
    ['set blocks', set('serviceAccount.name', '"orders"') + set(annotation, 'aws_iam_role.app.arn')],
    ['a list', `  set = [{ name = "serviceAccount.name", value = "orders" }, { name = "${annotation}", value = aws_iam_role.app.arn }]`],
    [
      'dynamic blocks',
      `  dynamic "set" {
    for_each = { "serviceAccount.name" = "orders", "${annotation}" = aws_iam_role.app.arn }
    content {
      name  = set.key
      value = set.value
    }
  }`,
    ],
    [
      'yamlencode',
      `  values = [yamlencode({ serviceAccount = { name = "orders", annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn } } })]`,
    ],
    [
      'a heredoc, its name in a set',
      `  values = [<<-EOT
    serviceAccount:
      annotations:
        eks.amazonaws.com/role-arn: \${aws_iam_role.app.arn}
  EOT
  ]
${set('serviceAccount.name', '"orders"')}`,
    ],
    [
      'compact and a local',
      `  values = compact(["", local.values])\n}\nlocals {\n  values = jsonencode({ serviceAccount = { name = "orders", annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn } } })`,
    ],
  ])('takes the account from %s', (_, values) => {
    const workspace = load({ 'm/main.tf': role + release(values) });
    expect(accounts(workspace, 'm/main.tf').map(said)).toEqual(['shop/orders → m aws_iam_role.app']);
  });

  test('without a namespace is in default, and without a name of the account says none', () => {
    const workspace = load({ 'm/main.tf': role + release(set(annotation, 'aws_iam_role.app.arn'), '') });
    expect(accounts(workspace, 'm/main.tf').map(said)).toEqual(['default/undefined → m aws_iam_role.app']);
  });

  test('never shows a sensitive value', () => {
    const secret = set(annotation, '"arn:aws:iam::111122223333:user/secret"').replace('set {', 'set_sensitive {');
    const workspace = load({ 'm/main.tf': role + release(secret) });
    expect(JSON.stringify([factsOf(workspace, 'm/main.tf'), findings(workspace, 'm/main.tf')])).not.toContain('user/secret');
  });
});

describe('templatefile', () => {
  const values = 'serviceAccount:\n  name: orders\n  annotations:\n    eks.amazonaws.com/role-arn: ${role_arn}\n';
  const root = (path: string, more = ''): string =>
    `${eks}${call('orders', '  namespace = "shop"\n  account = "orders"')}${release(
      `  values = [templatefile("${path}", { role_arn = module.orders.role_arn })]`,
      `namespace = "shop"${more}`,
    )}`;

  test('reads the values where they stand, and leads to what fills them', () => {
    const main = root('${path.module}/values.yaml');
    const workspace = load({ 'prod/main.tf': main, 'prod/values.yaml': values, 'modules/irsa/main.tf': irsa });
    const [account, ...others] = accounts(workspace, 'prod/values.yaml');
    expect(others).toEqual([]);
    expect(said(account!)).toBe('shop/orders → prod module.orders.aws_iam_role.this[0]');
    expect(accounts(workspace, 'prod/main.tf')).toEqual([]);
    const { filledBy, span } = account!.roleArn!.value!;
    expect(filledBy?.uri).toBe('file:///r/prod/main.tf');
    expect(main.slice(filledBy!.span.start, filledBy!.span.end)).toBe('module.orders.role_arn');
    expect(values.slice(span.start, span.end)).toBe('${role_arn}');
    expect(findings(workspace, 'prod/values.yaml')).toEqual([]);
  });

  test('is found wrong in the values', () => {
    const wrong = values.replace('orders', 'ordrs');
    const workspace = load({ 'prod/main.tf': root('${path.module}/values.yaml'), 'prod/values.yaml': wrong, 'modules/irsa/main.tf': irsa });
    expect(findings(workspace, 'prod/main.tf', 'prod/values.yaml', 'modules/irsa/main.tf').map((each) => each.split(':')[0])).toEqual([
      'prod/values.yaml error subject-mismatch',
    ]);
  });

  test('never leaves the workspace', () => {
    const workspace = load({
      'prod/main.tf': root('/etc/values.yaml') + root('../../../../etc/values.yaml'),
      'modules/irsa/main.tf': irsa,
    });
    expect(factsOf(workspace, 'prod/main.tf').filter(({ kind }) => kind === 'serviceAccount')).toEqual([]);
  });

  test('follows the file as it changes', () => {
    const workspace = load({ 'prod/main.tf': root('${path.module}/values.yaml'), 'modules/irsa/main.tf': irsa });
    expect(accounts(workspace, 'prod/values.yaml')).toEqual([]);
    const uri = 'file:///r/prod/values.yaml';
    workspace.open(uri, values);
    expect(accounts(workspace, 'prod/values.yaml').map(said)).toEqual(['shop/orders → prod module.orders.aws_iam_role.this[0]']);
    workspace.change(uri, values.replace('orders', 'carts'));
    expect(accounts(workspace, 'prod/values.yaml').map(said)).toEqual(['shop/carts → prod module.orders.aws_iam_role.this[0]']);
    workspace.remove('file:///r/prod/main.tf');
    expect(accounts(workspace, 'prod/values.yaml').map(said)).toEqual(['undefined/carts → ‹role_arn›']);
  });
});

describe('add-ons and associations', () => {
  test('an add-on gives its own account the role', () => {
    const workspace = load({
      'main.tf': `resource "aws_iam_role" "csi" {}
resource "aws_eks_addon" "csi" {
  cluster_name             = "demo"
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = aws_iam_role.csi.arn
}
module "eks" {
  source = "terraform-aws-modules/eks/aws"
  cluster_addons = {
    vpc-cni = { service_account_role_arn = aws_iam_role.csi.arn }
    aws-efs-csi-driver = { pod_identity_association = [{ role_arn = aws_iam_role.csi.arn, service_account = "efs-csi-controller-sa" }] }
  }
}`,
    });
    expect(accounts(workspace, 'main.tf').map(said)).toEqual([
      'kube-system/ebs-csi-controller-sa →  aws_iam_role.csi',
      'kube-system/aws-node →  aws_iam_role.csi',
    ]);
    const associations = factsOf(workspace, 'main.tf').filter((fact) => fact.kind === 'podIdentityAssociation');
    expect(
      associations.map(({ namespace, serviceAccount, roleArn }) => [shown(namespace), shown(serviceAccount), roleArn?.refers?.objects]),
    ).toEqual([['kube-system', 'efs-csi-controller-sa', ['terraform file:///r aws_iam_role.csi']]]);
  });

  test('an association with for_each is one for each', () => {
    const workspace = load({
      'main.tf': `resource "aws_iam_role" "app" {
  for_each = toset(["a", "b"])
}
resource "aws_eks_pod_identity_association" "app" {
  for_each        = aws_iam_role.app
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = each.key
  role_arn        = aws_iam_role.app[each.key].arn
}
resource "aws_eks_pod_identity_association" "named" {
  for_each        = { x = "a", y = "b" }
  cluster_name    = "demo"
  namespace       = each.key
  service_account = each.value
  role_arn        = aws_iam_role.app[each.value].arn
}`,
    });
    const associations = factsOf(workspace, 'main.tf').filter((fact) => fact.kind === 'podIdentityAssociation');
    expect(
      associations.map(({ namespace, serviceAccount, roleArn }) => [shown(namespace), shown(serviceAccount), roleArn?.refers?.objects.map((each) => each.slice('terraform file:///r '.length))]), // prettier-ignore
    ).toEqual([
      ['shop', 'a', ['aws_iam_role.app["a"]']],
      ['shop', 'b', ['aws_iam_role.app["b"]']],
      ['x', 'a', ['aws_iam_role.app["a"]']],
      ['y', 'b', ['aws_iam_role.app["b"]']],
    ]);
  });
});
