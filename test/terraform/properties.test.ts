import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from './load';
import type { Fact } from '../../server/src/core/model/facts';
import type { Text } from '../../server/src/core/text/text';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { runs } from '../support/runs';

const role = `resource "aws_iam_role" "demo" {
  name = "demo-\${var.env}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Principal = { Federated = module.eks.oidc_provider_arn }
      Condition = { StringEquals = { "\${local.issuer}:sub" = "system:serviceaccount:demo:app" } }
    }]
  })
}
`;
const blocks = `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.eks.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${local.issuer}:sub"
      values   = ["system:serviceaccount:\${local.namespace}:app", format("system:serviceaccount:%s:b\\u00e9", "x")]
    }
  }
}
resource "aws_iam_role" "blocks" {
  name               = "blocks"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`;
const heredoc = `resource "aws_iam_role" "heredoc" {
  name               = "heredoc"
  assume_role_policy = <<-EOF
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
      "Principal": {"Federated": "\${aws_iam_openid_connect_provider.eks.arn}"},
      "Condition": {"StringLike": {"\${replace(aws_iam_openid_connect_provider.eks.url, "https://", "")}:sub": "system:serviceaccount:é:*"}}}]}
  EOF
}
`;
const rest = `locals {
  issuer    = replace(module.eks.cluster_oidc_issuer_url, "https://", "")
  namespace = "demo"
}
module "eks" {
  source = "terraform-aws-modules/eks/aws"
}
module "irsa" {
  source         = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name      = "irsa"
  oidc_providers = { x = { provider_arn = module.eks.oidc_provider_arn, namespace_service_accounts = ["demo:app"] } }
}
resource "kubernetes_service_account" "app" {
  metadata {
    name        = "app"
    namespace   = local.namespace
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.demo.arn }
  }
}
resource "helm_release" "x" {
  values = [yamlencode({ serviceAccount = { annotations = { "eks.amazonaws.com/role-arn" = module.irsa.iam_role_arn } } })]
  set {
    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
    value = aws_iam_role.heredoc.arn
  }
}
resource "aws_eks_pod_identity_association" "x" {
  cluster_name    = "c"
  namespace       = local.namespace
  service_account = "app"
  role_arn        = aws_iam_role.demo.arn
}
`;
const whole = role + blocks + heredoc + rest;
const uri = 'file:///m/main.tf';

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace({
    log: (message) => {
      throw new Error(message);
    },
  });
  for (const [path, text] of Object.entries(files)) workspace.open(`file:///m/${path}`, text);
  return workspace;
}

function* texts(value: unknown): Generator<Text> {
  if (typeof value !== 'object' || value === null) return;
  if ('value' in value && 'holes' in value && 'span' in value) yield value as Text;
  else for (const each of Object.values(value)) yield* texts(each);
}

/** Every text of the facts lies in the document, and one without escapes and expressions is what stands there. */
function expectExact(facts: readonly Fact[], text: string): number {
  let exact = 0;
  for (const each of texts(facts)) {
    expect(each.span.start).toBeGreaterThanOrEqual(0);
    expect(each.span.end).toBeLessThanOrEqual(text.length);
    expect(each.outer.start).toBeLessThanOrEqual(each.span.start);
    for (const piece of each.borrowed ?? []) expect(piece.end).toBeLessThanOrEqual(each.value.length);
    if (each.map || each.borrowed) continue;
    expect(text.slice(each.span.start, each.span.end)).toBe(each.value);
    exact++;
  }
  return exact;
}

test('every value of the facts stands where it says', () => {
  const workspace = workspaceOf({ 'main.tf': whole });
  const facts = workspace.wiring.facts(uri);
  expect(new Set(facts.map((fact) => fact.kind))).toEqual(
    new Set(['role', 'trustPolicy', 'serviceAccount', 'annotation', 'podIdentityAssociation']),
  );
  expect(facts.filter((fact) => fact.kind === 'trustPolicy')).toHaveLength(4);
  expect(facts.filter((fact) => fact.kind === 'serviceAccount')).toHaveLength(2);
  expect(expectExact(facts, whole)).toBeGreaterThan(20);
});

describe('any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(
        '"',
        '{',
        '}',
        '${',
        '}',
        '[',
        ']',
        '(',
        ')',
        '<<EOF\n',
        'EOF\n',
        '\n',
        '=',
        'a',
        '.',
        '\\',
        '%{',
        ' ',
        'resource "aws_iam_role" "x" {',
        'assume_role_policy',
        'AssumeRole',
      ),
      maxLength: 60,
    }),
  );

  test('is read without a throw', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const workspace = workspaceOf({ 'main.tf': `${text}\n# AssumeRole` });
        workspace.check(uri);
        expectExact(workspace.wiring.facts(uri), `${text}\n# AssumeRole`);
      }),
      { numRuns: runs(150) },
    );
  });

  test('torn at any place is read without a throw, and its places lie within it', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(80), fc.constantFrom('', '"', '{', '}', '${', '\n', '<<EOT', '= '), (at, length, put) => {
        const text = whole.slice(0, at) + put + whole.slice(at + length);
        const workspace = workspaceOf({ 'main.tf': text });
        workspace.check(uri);
        expectExact(workspace.wiring.facts(uri), text);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('a module of several files', () => {
  const parts = { 'roles.tf': role + blocks, 'heredoc.tf': heredoc, 'rest.tf': rest };
  const plain = (workspace: Workspace) =>
    Object.keys(parts).map((path) => JSON.stringify([workspace.wiring.facts(`file:///m/${path}`), workspace.check(`file:///m/${path}`)]));

  test('is the same after any edits as one read afresh', () => {
    const edit = fc.record({
      path: fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[])),
      kind: fc.constantFrom('change', 'close', 'load', 'remove', 'open'),
      find: fc.constantFrom('"demo"', 'local.issuer', 'StringEquals', 'app', 'data.aws'),
      put: fc.constantFrom('"x"', 'demo:*', '', '"'),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 8 }), (edits) => {
        const workspace = workspaceOf(parts);
        const now: Record<string, string | undefined> = { ...parts };
        for (const { path, kind, find, put } of edits) {
          const at = `file:///m/${path}`;
          if (kind === 'close') workspace.close(at);
          else if (kind === 'remove') {
            workspace.close(at);
            workspace.remove(at);
            now[path] = undefined;
          } else {
            const text = (now[path] ?? parts[path]).replace(find, put);
            now[path] = text;
            if (kind === 'load') workspace.close(at);
            workspace[kind](at, text);
          }
          if (put === '') workspace.takeDirty();
        }
        const fresh = workspaceOf(
          Object.fromEntries(Object.entries(now).filter((entry): entry is [string, string] => entry[1] !== undefined)),
        );
        expect(plain(workspace)).toEqual(plain(fresh));
      }),
      { numRuns: runs(40) },
    );
  });

  test('tells which files an edit of one of them concerns', () => {
    const workspace = workspaceOf(parts);
    workspace.takeDirty();
    workspace.change('file:///m/rest.tf', rest.replace('namespace = "demo"', 'namespace = "other"'));
    const dirty = workspace.takeDirty();
    for (const path of ['rest.tf', 'roles.tf']) expect(dirty).toContain(`file:///m/${path}`);
  });

  test('is read when the parser comes', async () => {
    const { setHclParser } = await import('../../server/src/core/syntax/hcl/parser');
    setHclParser(undefined);
    try {
      let wanted = 0;
      const workspace = new Workspace({ wantsHcl: () => void wanted++ });
      workspace.load('file:///n/plain.tf', 'x = 1\n');
      expect([[...workspace.wiring.files()], wanted]).toEqual([[], 0]);
      workspace.load(uri, whole);
      expect([workspace.wiring.facts(uri), wanted, workspace.waitsForHcl]).toEqual([[], 1, true]);
      setHclParser(parse);
      expect(workspace.wiring.facts(uri).length).toBeGreaterThan(5);
      expect(workspace.waitsForHcl).toBe(false);
    } finally {
      setHclParser(parse);
    }
  });
});
