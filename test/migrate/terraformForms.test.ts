import { describe, expect, it } from 'vitest';
import { planLines, stepped } from './host';

const lookup = 'data.aws_eks_cluster.this.identity[0].oidc[0].issuer';
const request = { direction: 'to-pod-identity', cluster: 'demo' } as const;

/** One role and one account, with the issuer of a cluster that is looked up. */
const source = (issuer: string, subject = '"system:serviceaccount:shop:app"'): string => `variable "cluster_name" {
  type = string
}

data "aws_eks_cluster" "this" {
  name = var.cluster_name
}

data "aws_caller_identity" "current" {}

locals {
  issuer = ${issuer}
}

resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:oidc-provider/\${local.issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "\${local.issuer}:sub" = ${subject}, "\${local.issuer}:aud" = "sts.amazonaws.com" } }
    }]
  })
}

resource "kubernetes_service_account" "app" {
  metadata {
    name        = "app"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn }
  }
}
`;
const plain = source(`replace(${lookup}, "https://", "")`);

const forms: Readonly<Record<string, string>> = {
  replace: plain,
  trimprefix: source(`trimprefix(${lookup}, "https://")`),
  split: source(`split("//", ${lookup})[1]`),
  element: source(`element(split("https://", ${lookup}), 1)`),
  'a literal issuer': source('"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"'),
  'the expression in place': plain.replaceAll('${local.issuer}', `\${replace(${lookup}, "https://", "")}`),
  'format for the provider': plain.replace(
    /"arn:aws:iam::.*}"/,
    'format("arn:aws:iam::%s:oidc-provider/%s", data.aws_caller_identity.current.account_id, local.issuer)',
  ),
  'format for the keys': plain.replace(/"\$\{local\.issuer\}:(sub|aud)" =/g, '(format("%s:$1", local.issuer)) ='),
  'format for the subject': source(`trimprefix(${lookup}, "https://")`, 'format("system:serviceaccount:%s:%s", "shop", "app")'),
  'locals in the subject': `${source(`trimprefix(${lookup}, "https://")`, '"system:serviceaccount:${local.space}:${local.app}"')}\nlocals {\n  space = "shop"\n  app   = "app"\n}\n`,
  'a variable for the issuer': plain.replaceAll('local.issuer}', 'var.oidc_provider}'),
  'outputs of the module eks': plain
    .replaceAll('local.issuer}', 'module.eks.oidc_provider}')
    .replace(/"arn:aws:iam::.*}"/, 'module.eks.oidc_provider_arn'),
};

describe.each(Object.entries(forms))('Terraform with %s', (_, text) => {
  it('moves, proven, and leaves IRSA', () => {
    const files = { 'main.tf': text };
    expect(planLines(files, request)).toEqual(['shop/app → app: not-started can-move']);
    const { result, files: expanded } = stepped(files, { ...request, step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(result.proofs.map(({ proof }) => [proof.keeps.kind, proof.addsNobody.kind])).toEqual([['included', 'included']]);
    expect(expanded['main.tf']).toMatch(/"aws:RequestTag\/kubernetes-namespace" += (?:"shop"|local\.space)\n/);
    expect(stepped(expanded, { ...request, step: 'undo' }).files).toEqual(files);
    const { result: last, files: after } = stepped(expanded, { ...request, step: 'contract' });
    expect(last.refused).toEqual([]);
    expect(after['main.tf']).not.toContain('AssumeRoleWithWebIdentity');
  });
});

describe('a Statement that is an object, and no list', () => {
  const text = (statement: string): string => plain.replace(/Statement = \[\{[^]*?\n {4}\}\]/, `Statement = ${statement}`);
  const lines = `{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:oidc-provider/\${local.issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "\${local.issuer}:sub" = "system:serviceaccount:shop:app" } }
    }`;
  const pods = `{
      Effect = "Allow"
      Principal = {
        Service = "pods.eks.amazonaws.com"
      }
      Action = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = data.aws_caller_identity.current.account_id
          "aws:RequestTag/eks-cluster-name"           = data.aws_eks_cluster.this.name
          "aws:RequestTag/kubernetes-namespace"       = "shop"
          "aws:RequestTag/kubernetes-service-account" = "app"
        }
      }
    }`;

  it.each([
    ['on lines of its own', lines],
    ['on one line', lines.replace(/\n\s*/g, ', ').replace('{, ', '{ ').replace(/, \}$/, ' }').replace(/ +=/g, ' =')],
  ])('is the same again after undo, %s', (_, statement) => {
    const files = { 'main.tf': text(statement) };
    expect(files['main.tf']).not.toBe(plain);
    const { files: expanded, result } = stepped(files, { ...request, step: 'expand' });
    expect(result).toMatchObject({ accounts: ['shop/app'], refused: [] });
    expect(stepped(expanded, { ...request, step: 'undo' }).files).toEqual(files);
    if (statement !== lines) return;
    // As terraform fmt has it.
    const both = `[${pods.replace(/\}$/, '  }')}, ${lines}]`;
    expect(expanded['main.tf']).toContain(`Statement = ${both}\n  })\n}\n`);
    const contracted = stepped(expanded, { ...request, step: 'contract' }).files['main.tf'];
    expect(contracted).toContain(`Statement = [${pods}]\n`);
  });
});
