import { describe, expect, it } from 'vitest';
import { plan } from '../../server/src/core/migrate/chunk';
import { hostOf, planLines, stepped, type Files } from './host';
import { irsaStatement, settings, trust } from './repositories';

const app = `variable "cluster_name" {}
variable "oidc_provider" {}
variable "service_account" {
  default = "app"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/\${var.oidc_provider}"]
    }

    condition {
      test     = "StringEquals"
      variable = "\${var.oidc_provider}:sub"
      values   = ["system:serviceaccount:shop:\${var.service_account}"]
    }
  }
}

resource "aws_iam_role" "app" {
  name               = "\${var.cluster_name}-app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "helm_release" "app" {
  name       = "app"
  namespace  = "shop"
  repository = "https://charts.example.com"
  chart      = "app"

  set {
    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
    value = aws_iam_role.app.arn
  }
}
`;

/** A module with a provider of its own, which is called as well: its texts are read from both folders. */
const files: Files = {
  'modules/app/main.tf': app,
  'modules/platform/main.tf': `variable "cluster_name" {}

provider "helm" {}

module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = var.cluster_name
}

module "app" {
  source        = "../app"
  cluster_name  = module.eks.cluster_name
  oidc_provider = module.eks.oidc_provider
}
`,
  'live/main.tf': 'module "platform" {\n  source       = "../modules/platform"\n  cluster_name = "demo"\n}\n',
};

describe('a module that is read from two folders', () => {
  it('has one association, which is in the way of no step', () => {
    const { result, files: expanded } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(planLines(expanded)).toEqual(['shop/app → aws_iam_role.app.arn: moving can-move [identity-unknown]']);
    const [account] = plan(hostOf(expanded), { direction: 'to-pod-identity' }).accounts;
    expect(account!.places.filter(({ label }) => label === 'association')).toHaveLength(1);
    expect(stepped(expanded, { step: 'undo' }).files).toEqual(files);
    const { result: done, files: contracted } = stepped(expanded, { step: 'contract' });
    expect(done.refused).toEqual([]);
    expect(contracted['modules/app/main.tf']).not.toMatch(/role-arn|WebIdentity/);
  });

  it('has another one where a second text gives the account another role', () => {
    const { files: expanded } = stepped(files, { step: 'expand' });
    const other = `resource "aws_iam_role" "other" {
  name               = "other"
  assume_role_policy = "{}"
}

resource "aws_eks_pod_identity_association" "other" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "app"
  role_arn        = aws_iam_role.other.arn
}
`;
    expect(planLines({ ...expanded, 'live/other.tf': other })[0]).toContain('association-exists!');
  });
});

describe('a module that makes the cluster, too', () => {
  const own = (profile: string): Files => ({
    'modules/platform/main.tf': `variable "cluster_name" {}

provider "kubernetes" {}

resource "aws_eks_cluster" "this" {
  name = var.cluster_name
}

resource "aws_iam_openid_connect_provider" "this" {
  url = aws_eks_cluster.this.identity[0].oidc[0].issuer
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.this.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "\${replace(aws_iam_openid_connect_provider.this.url, "https://", "")}:sub"
      values   = ["system:serviceaccount:shop:app"]
    }
  }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "kubernetes_service_account" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn
    }
  }
}
${profile}`,
    'main.tf': 'module "platform" {\n  source       = "./modules/platform"\n  cluster_name = "demo"\n}\n',
  });

  it('has one row for its account, the one with the cluster', () => {
    const { result, files: expanded } = stepped(own(''), { step: 'expand' });
    expect(result.refused).toEqual([]);
    const { accounts } = plan(hostOf(expanded), { direction: 'to-pod-identity' });
    expect(accounts.map(({ shown, cluster, state }) => [shown, cluster, state])).toEqual([['shop/app', 'demo', 'moving']]);
    expect(stepped(expanded, { step: 'undo' }).files).toEqual(own(''));
    const { result: done, files: contracted } = stepped(expanded, { step: 'contract' });
    expect(done.refused).toEqual([]);
    expect(planLines(contracted)).toEqual(['shop/app → app: done can-move']);
  });

  it('has a Fargate profile for all pods of the namespace, which its association would tell of', () => {
    const profile = (selector: string): string =>
      `\nresource "aws_eks_fargate_profile" "shop" {\n  cluster_name = aws_eks_cluster.this.name\n\n  selector {\n    ${selector}\n  }\n}\n`;
    const taken = own(profile('namespace = "shop"'));
    expect(planLines(taken)).toEqual(['shop/app → app: not-started unknown [fargate!]']);
    expect(stepped(taken, { step: 'expand' }).files).toEqual(taken);
    expect(planLines(own(profile('namespace = "web"')))).toEqual(['shop/app → app: not-started can-move']);
    expect(planLines(own(profile('namespace = "shop"\n    labels    = { fargate = "true" }')))).toEqual([
      'shop/app → app: not-started can-move',
    ]);
  });
});

describe("an annotation whose value a template's caller fills in", () => {
  const subject = 'system:serviceaccount:shop:app';
  const template: Files = {
    'pod-roles.yaml': settings(),
    'iam.tf': `resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode(${trust(irsaStatement([subject])).trim()})
}
`,
    'templates/app.yaml.tpl': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: \${role_arn}
`,
  };

  it('is told, and is in the way of the last step only', () => {
    expect(planLines(template)).toEqual(['shop/app → app: not-started can-move [identity-unknown]']);
    const { result, files: expanded } = stepped(template, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(planLines(expanded)).toEqual(['shop/app → app: moving can-move [identity-unknown]']);
    expect(stepped(expanded, { step: 'undo' }).files).toEqual(template);
    expect(stepped(expanded, { step: 'contract' }).result.refused).toEqual([
      {
        account: 'shop/app',
        reason: 'The annotation at templates/app.yaml.tpl:7 requests ${role_arn}, which may be this role. Remove that annotation first.',
      },
    ]);
    const without = {
      ...expanded,
      'templates/app.yaml.tpl': 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: shop}\n',
    };
    expect(stepped(without, { step: 'contract' }).result.refused).toEqual([]);
  });

  it('is not that of an account with another name', () => {
    const other = { ...template, 'templates/app.yaml.tpl': template['templates/app.yaml.tpl']!.replace('name: app', 'name: web') };
    expect(planLines(other)).toEqual(['shop/app → app: not-started can-move [account-not-in-files]']);
  });
});

it('shows where an expression in a name begins and ends', () => {
  const named = (name: string): Files => ({
    'pod-roles.yaml': settings(),
    'iam.tf': `variable "env" {}\n\nresource "aws_iam_role" "app" {\n  name               = ${name}\n  assume_role_policy = jsonencode(${trust(irsaStatement(['system:serviceaccount:shop:app'])).trim()})\n}\n`,
  });
  const lines = (name: string): string[] => planLines(named(name)).map((line) => line.replace(/:[^:]*$/, ''));
  expect(lines('"${var.env}-app"')).toEqual(['shop/app → ${var.env}-app']);
  expect(lines('var.env')).toEqual(['shop/app → var.env']);
});
