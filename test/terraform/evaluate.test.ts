import { describe, expect, test } from 'vitest';
import { attributeOf } from '../../server/src/core/syntax/hcl/body';
import { parse } from './load';
import { Evaluator } from '../../server/src/core/readers/terraform/evaluate/evaluator';
import { TerraformModule } from '../../server/src/core/readers/terraform/modules/definition';
import { ModuleInstance } from '../../server/src/core/readers/terraform/modules/instance';
import { nowhere } from '../../server/src/core/readers/terraform/modules/run';
import type { Node } from '../../server/src/core/syntax/tree';

/** The value of `local.x` in a module of several files; the first is where it is written. */
function valueOf(expression: string, ...files: readonly (readonly [name: string, text: string])[]): Node {
  const own = `locals {\n  x = ${expression}\n}\n`;
  const inputs = [['own.tf', own] as const, ...files].map(([name, text], index) => ({
    doc: { uri: `file:///m/${name}`, index, start: 0 },
    text,
    tree: parse(text),
  }));
  const module = ModuleInstance.root(new TerraformModule(inputs), nowhere);
  const input = inputs[0]!;
  return new Evaluator(module, { input }).evaluate(attributeOf(input.tree.hcl!.blocks[0]!.body, 'x')!.value!);
}

/** A value as people would write it: holes in `‹›`, lists and maps as they are, what is not known as `?`. */
function shown(node: Node | undefined): unknown {
  if (!node || node.kind === 'unknown') return '?';
  if (node.kind === 'list') return node.open ? [...node.items.map(shown), '…'] : node.items.map(shown);
  if (node.kind === 'map')
    return Object.fromEntries([
      ...node.entries.map((entry) => [String(shown(entry.key)), shown(entry.value)]),
      ...(node.open ? [['…', '…']] : []),
    ]);
  let out = '';
  let at = 0;
  for (const hole of node.holes) {
    out += `${node.value.slice(at, hole.start)}‹${hole.source.replace(/^\$\{(.*)\}$/s, '$1')}›`;
    at = hole.end;
  }
  return out + node.value.slice(at);
}

const root = ['providers.tf', 'provider "aws" {}\n'] as const;
const eks = ['eks.tf', 'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n'] as const;

describe('values that text tells', () => {
  test.each<[string, unknown]>([
    ['"a"', 'a'],
    ['"a\\n\\"b\\" \\u00e9 $${aws:x} %%{y"', 'a\n"b" é ${aws:x} %{y'],
    ['1', '1'],
    ['["a", 1, true]', ['a', '1', 'true']],
    ['{ a = "b", "c" : "d", ("e") = "f" }', { a: 'b', c: 'd', e: 'f' }],
    ['"${"a"}b"', 'ab'],
    ['format("%s:%s-%d%%", "a", "b", 3)', 'a:b-3%'],
    ['join(":", ["a", "b"])', 'a:b'],
    ['replace("a.b", ".", "-")', 'a-b'],
    ['replace("abc", "/[ab]/", "x")', 'xxc'],
    ['trimprefix("https://x", "https://")', 'x'],
    ['trimsuffix("x/", "/")', 'x'],
    ['lower("A")', 'a'],
    ['split("/", "a/b")[1]', 'b'],
    ['element(split("/", "a/b"), 0)', 'a'],
    ['concat(["a"], ["b"])', ['a', 'b']],
    ['flatten([["a"], "b"])', ['a', 'b']],
    ['merge({ a = 1 }, { a = 2, b = 3 })', { a: '2', b: '3' }],
    ['lookup({ a = "b" }, "a", "c")', 'b'],
    ['{ a = { b = ["c"] } }.a.b[0]', 'c'],
    ['true ? "a" : "b"', 'a'],
    ['yamldecode("a: b")', { a: 'b' }],
    ['coalesce("a", var.b)', 'a'],
    ['try("a", "b")', 'a'],
    ['tolist(["a"])', ['a']],
    ['<<-EOT\n    a\n      b\n  EOT', 'a\n  b\n'],
  ])('%s', (expression, expected) => expect(shown(valueOf(expression))).toEqual(expected));
});

describe('what is not known is a hole, never a guess', () => {
  test.each<[string, unknown]>([
    ['var.a', '‹var.a›'],
    ['"${var.a}-b"', '‹var.a›-b'],
    ['replace(var.url, "https://", "")', '‹replace(var.url, "https://", "")›'],
    ['var.a ? "b" : "c"', '‹var.a ? "b" : "c"›'],
    ['[for s in var.l : s]', '?'],
    ['concat(["a"], var.l)', ['a', '…']],
    ['merge({ a = 1 }, var.m)', { a: '1', '…': '…' }],
    ['format("%q", "a")', '‹format("%q", "a")›'],
    ['format("%s")', '‹format("%s")›'],
    ['split("/", var.a)[1]', '‹split("/", var.a)[1]›'],
    ['unknown("a")', '‹unknown("a")›'],
    ['local.x', '‹local.x›'],
    ['"<ACCOUNT_ID>/a"', '‹<ACCOUNT_ID>›/a'],
    ['aws_iam_openid_connect_provider.eks.url', '‹aws_iam_openid_connect_provider.eks.url›'],
    ['trimprefix(var.a, "https://")', '‹trimprefix(var.a, "https://")›'],
    ['"%{ if var.a }b%{ endif }"', '‹%{ if var.a }b%{ endif }›'],
  ])('%s', (expression, expected) => expect(shown(valueOf(expression))).toEqual(expected));

  test.each(['each.key', '"${each.value}-x"', 'count.index'])('%s changes with the instance: a nameless hole', (expression) => {
    const node = valueOf(expression);
    expect(node.kind === 'scalar' && node.holes.map((hole) => hole.named)).toEqual([false]);
  });
});

describe('what other files of the module tell', () => {
  test.each<[string, readonly (readonly [string, string])[], unknown]>([
    ['local.a', [['b.tf', 'locals {\n  a = "b"\n}\n']], 'b'],
    ['"${local.a}:${local.c}"', [['b.tf', 'locals {\n  a = "b"\n  c = "${local.a}d"\n}\n']], 'b:bd'],
    ['local.m.k', [['b.tf', 'locals {\n  m = { k = "v" }\n}\n']], 'v'],
    ['local.m["k"]', [['b.tf', 'locals {\n  m = { k = "v" }\n}\n']], 'v'],
    ['var.a', [['v.tf', 'variable "a" {\n  default = "b"\n}\n']], '‹var.a›'],
    ['var.a', [root, ['v.tf', 'variable "a" {\n  default = "b"\n}\n']], 'b'],
    ['var.a', [root, ['v.tf', 'variable "a" {\n  default = ""\n}\n']], '‹var.a›'],
    ['var.a', [root, ['v.tf', 'variable "a" {\n  default = null\n}\n']], '‹var.a›'],
    [
      'var.a',
      [
        ['v.tf', 'variable "a" {\n  default = "b"\n}\n'],
        ['terraform.tfvars', 'a = "c"\n'],
      ],
      'c',
    ],
    [
      'var.a',
      [
        ['v.tf', 'variable "a" {\n  default = "b"\n}\n'],
        ['dev.tfvars', 'a = "c"\n'],
        ['prod.tfvars', 'a = "d"\n'],
      ],
      '‹var.a›',
    ],
    [
      'var.a',
      [
        ['v.tf', 'variable "a" {}\n'],
        ['dev.tfvars', 'a = "c"\n'],
        ['prod.tfvars', 'a = "c"\n'],
      ],
      'c',
    ],
    [
      'var.a',
      [
        ['dev.tfvars', 'a = "c"\n'],
        ['x.auto.tfvars', 'a = "d"\n'],
      ],
      'd',
    ],
    [
      'kubernetes_namespace.n.metadata[0].name',
      [['n.tf', 'resource "kubernetes_namespace" "n" {\n  metadata {\n    name = "demo"\n  }\n}\n']],
      'demo',
    ],
    [
      'aws_iam_role.r.arn',
      [['r.tf', 'resource "aws_iam_role" "r" {\n  name = "demo"\n}\n']],
      'arn:‹<partition>›:iam::‹<account>›:role/demo',
    ],
    [
      'aws_iam_role.r.arn',
      [['r.tf', 'resource "aws_iam_role" "r" {\n  name_prefix = "demo"\n}\n']],
      'arn:‹<partition>›:iam::‹<account>›:role/‹aws_iam_role.r.name›',
    ],
    [
      'aws_iam_role.r.arn',
      [['r.tf', 'resource "aws_iam_role" "r" {\n  name = "demo"\n  path = "/a/"\n}\n']],
      'arn:‹<partition>›:iam::‹<account>›:role/a/demo',
    ],
    // An instance's name is not that of another: it is known by the reference alone.
    [
      'aws_iam_role.r["a"].name',
      [['r.tf', 'resource "aws_iam_role" "r" {\n  for_each = var.names\n  name = "${each.key}-role"\n}\n']],
      '‹aws_iam_role.r["a"].name›',
    ],
    ['module.eks.cluster_oidc_issuer_url', [eks], 'https://‹replace(module.eks.cluster_oidc_issuer_url, "https://", "")›'],
    ['replace(module.eks.cluster_oidc_issuer_url, "https://", "")', [eks], '‹replace(module.eks.cluster_oidc_issuer_url, "https://", "")›'],
    [
      'replace("${module.eks.cluster_oidc_issuer_url}:sub", "/^https:\\\\/\\\\//", "")',
      [eks],
      '‹replace(module.eks.cluster_oidc_issuer_url, "https://", "")›:sub',
    ],
    ['module.eks.cluster_oidc_issuer_url', [['m.tf', 'module "eks" {\n  source = "./eks"\n}\n']], '‹module.eks.cluster_oidc_issuer_url›'],
    ['module.eks.oidc_provider_arn', [eks], 'arn:‹<partition>›:iam::‹<account>›:oidc-provider/‹module.eks.oidc_provider›'],
    ['replace(module.eks.oidc_provider_arn, "/^(.*provider/)/", "")', [eks], '‹module.eks.oidc_provider›'],
    ['split("oidc-provider/", module.eks.oidc_provider_arn)[1]', [eks], '‹module.eks.oidc_provider›'],
    [
      'aws_iam_openid_connect_provider.p.arn',
      [['p.tf', 'resource "aws_iam_openid_connect_provider" "p" {\n  url = "https://a.b/c"\n}\n']],
      'arn:‹<partition>›:iam::‹<account>›:oidc-provider/a.b/c',
    ],
    [
      'replace(aws_iam_openid_connect_provider.p.url, "https://", "")',
      [['p.tf', 'resource "aws_iam_openid_connect_provider" "p" {\n  url = "https://a.b/c"\n}\n']],
      'a.b/c',
    ],
  ])('%s with %j', (expression, files, expected) => expect(shown(valueOf(expression, ...files))).toEqual(expected));

  test.each(['count = 2', 'for_each = var.names'])('the name that AWS makes for a role is one only where the role is one: %s', (loop) => {
    const role = (more: string) => ['r.tf', `resource "aws_iam_role" "r" {\n  name_prefix = "demo"\n  ${more}\n}\n`] as const;
    const named = (node: Node) => node.kind === 'scalar' && node.holes.at(-1)?.named;
    expect(named(valueOf('aws_iam_role.r.arn', role('')))).toBe(true);
    expect(named(valueOf('aws_iam_role.r[0].arn', role(loop)))).not.toBe(true);
  });

  test('circles end', () => {
    expect(shown(valueOf('local.a', ['b.tf', 'locals {\n  a = local.b\n  b = local.a\n}\n']))).toBe('‹local.a›');
  });

  test('locals that double end soon', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `  l${i + 1} = "\${local.l${i}}\${local.l${i}}"`).join('\n');
    expect(shown(valueOf('local.l60', ['b.tf', `locals {\n  l0 = "a"\n${lines}\n}\n`]))).toBeTypeOf('string');
  });
});
