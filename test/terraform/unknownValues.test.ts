import { describe, expect, test } from 'vitest';
import { Workspace } from '../../server/src/core/workspace/workspace';
import './load';

function decisions(files: Readonly<Record<string, string>>): (string | undefined)[] {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
    textOf: (uri) => ({ text: files[uri.replace('file:///r/', '')] ?? '' }),
  });
  for (const [path, text] of Object.entries(files)) workspace.load(`file:///r/${path}`, text);
  for (const path of Object.keys(files))
    expect(workspace.check(`file:///r/${path}`).filter(({ level }) => level === 'error' || level === 'warning')).toEqual([]);
  return [...workspace.wiring.chains()].map((chain) => workspace.access(chain).decision);
}

const role = (subject: string, condition = 'StringEquals'): string =>
  `
variable "name" { type = string }
variable "other" { type = string }
variable "namespace" { type = string }
variable "settings" { type = any }
variable "issuer" { type = string }
variable "provider_arn" { type = string }
resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        ${condition} = { "\${var.issuer}:sub" = "system:serviceaccount:${subject}" }
        StringEquals = { "\${var.issuer}:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}
output "arn" {
  value = aws_iam_role.this.arn
}
output "name" {
  value = var.name
}
`.replace(condition === 'StringEquals' ? /^ {8}StringEquals = \{ "\$\{var.issuer\}:aud" = "sts.amazonaws.com" \}\n/m : /$^/, '');

const account = (name: string, namespace = 'var.namespace', arn = 'aws_iam_role.this.arn'): string => `
resource "kubernetes_service_account" "this" {
  metadata {
    name        = ${name}
    namespace   = ${namespace}
    annotations = { "eks.amazonaws.com/role-arn" = ${arn} }
  }
}
`;

describe('a value that no file tells is the same value on both sides', () => {
  test.each([
    ['a variable', '${var.namespace}:${var.name}', 'var.name', 'var.namespace'],
    ['a variable within a name', '${var.namespace}:${var.name}-sa', '"${var.name}-sa"', 'var.namespace'],
    ['one of the two', 'kube-system:${var.name}', 'var.name', '"kube-system"'],
    ['a part of an object', '${var.namespace}:${var.settings.account}', 'var.settings.account', 'var.namespace'],
    ['a function', '${var.namespace}:${lower(var.name)}', 'lower(var.name)', 'var.namespace'],
  ])('%s', (_, subject, name, namespace) => {
    expect(decisions({ 'm/main.tf': role(subject) + account(name, namespace) })).toEqual(['allowed']);
  });

  test('under StringLike, which a value without wildcards meets as well', () => {
    expect(decisions({ 'm/main.tf': role('${var.namespace}:${var.name}', 'StringLike') + account('var.name') })).toEqual(['allowed']);
  });

  test('in two files of one module, and through a call', () => {
    expect(decisions({ 'm/role.tf': role('${var.namespace}:${var.name}'), 'm/account.tf': account('var.name') })).toEqual(['allowed']);
    const call = `
variable "app" { type = string }
variable "space" { type = string }
module "role" {
  source    = "../m"
  name      = var.app
  namespace = var.space
}
`;
    const files = { 'm/main.tf': role('${var.namespace}:${var.name}') };
    expect(decisions({ ...files, 'root/main.tf': call + account('var.app', 'var.space', 'module.role.arn') })).toEqual(['allowed']);
    // `var.name` of the caller is another variable than that of the module.
    const named = account('var.name', 'var.space', 'module.role.arn') + 'variable "name" { type = string }\n';
    expect(decisions({ ...files, 'root/main.tf': call + named })).toEqual(['unknown']);
  });

  test("in a chart's values, set one by one or from a template", () => {
    const release = (values: string): string => `
resource "helm_release" "app" {
  name      = "app"
  chart     = "app"
  namespace = var.namespace
${values}
}
`;
    const set = release(`
  set {
    name  = "serviceAccount.name"
    value = var.name
  }
  set {
    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
    value = aws_iam_role.this.arn
  }`);
    expect(decisions({ 'm/main.tf': role('${var.namespace}:${var.name}') + set })).toEqual(['allowed']);
    const template = release('  values = [templatefile("${path.module}/values.yaml", { name = var.name, arn = aws_iam_role.this.arn })]');
    const values = 'serviceAccount:\n  name: ${name}\n  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n';
    expect(decisions({ 'm/main.tf': role('${var.namespace}:${var.name}') + template, 'm/values.yaml': values })).toEqual(['allowed']);
  });
});

describe('what may be another value stays unknown', () => {
  test.each([
    ['another variable', '${var.namespace}:${var.other}', 'var.name'],
    ['the names changed over', '${var.name}:${var.namespace}', 'var.name'],
    ['letters before it', '${var.namespace}:x-${var.name}', 'var.name'],
    ['another part of an object', '${var.namespace}:${var.settings.role}', 'var.settings.account'],
    ['a value made anew each time', '${var.namespace}:${uuid()}', 'uuid()'],
  ])('%s', (_, subject, name) => {
    expect(decisions({ 'm/main.tf': role(subject) + account(name) })).toEqual(['unknown']);
  });

  test('of another call of the same module', () => {
    const call = (label: string, argument: string): string => `
module "${label}" {
  source    = "../m"
  name      = ${argument}
  namespace = "shop"
}
`;
    const files = { 'm/main.tf': role('${var.namespace}:${var.name}') };
    const both = 'variable "a" { type = string }\nvariable "b" { type = string }\n' + call('one', 'var.a') + call('two', 'var.b');
    expect(decisions({ ...files, 'root/main.tf': both + account('module.two.name', '"shop"', 'module.two.arn') })).toEqual(['allowed']);
    expect(decisions({ ...files, 'root/main.tf': both + account('module.one.name', '"shop"', 'module.two.arn') })).toEqual(['unknown']);
  });

  test('of another instance of a call', () => {
    const root = `
variable "names" { type = list(string) }
module "app" {
  for_each  = toset(var.names)
  source    = "../m"
  name      = each.key
  namespace = "shop"
}
`;
    const files = { 'm/main.tf': role('${var.namespace}:${var.name}') };
    const mixed = account('module.app["a"].name', '"shop"', 'module.app["b"].arn');
    expect(decisions({ ...files, 'root/main.tf': root + mixed })).toEqual(['unknown']);
  });
});
