import { describe, expect, it } from 'vitest';
import { clusterSpelling } from '../../../server/src/core/migrate/edits/spellings';
import { writeAssociation } from '../../../server/src/core/migrate/edits/associations';
import type { RoleFact } from '../../../server/src/core/model/facts';
import { allow, allowWeb, open, orders, policiesOf, remove, valueNamed, written } from './support';

const irsa6 = `module "orders_irsa" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts"
  version = "~> 6.0"

  name = "orders"

  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["shop:orders", "shop:cart"]
    }
    second = {
      provider_arn               = var.second_provider_arn
      namespace_service_accounts = ["shop:orders"]
    }
  }
}
`;

const irsa5 = irsa6.replace('iam-role-for-service-accounts"', 'iam-role-for-service-accounts-eks"').replace('~> 6.0', '~> 5.0');

describe('the module iam-role-for-service-accounts', () => {
  const expanded = allow(irsa6, 'main.tf', [{ ...orders, cluster: { expression: 'module.eks.cluster_name' } }]);

  it('takes the statement by a document below it', () => {
    expect(expanded).toBe(
      `${irsa6.replace(/\}\n$/, '')}  source_trust_policy_documents = [data.aws_iam_policy_document.orders_irsa_pod_identity_trust.json]
}

data "aws_iam_policy_document" "orders_irsa_pod_identity_trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-name"
      values   = [module.eks.cluster_name]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = ["shop"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = ["orders"]
    }
  }
}
`,
    );
  });

  it('is read with both mechanisms then', () => {
    const [{ fact }] = policiesOf(expanded, 'main.tf') as [ReturnType<typeof policiesOf>[number]];
    expect(fact.concerns).toBe('both');
    expect(fact.policy.open).toBe(false);
    expect(fact.policy.statements).toHaveLength(3);
  });

  it('gives the first text again when the statement leaves', () => {
    expect(remove(expanded, 'main.tf', () => [{ kind: 'statement', statement: 0 }])).toBe(irsa6);
  });

  it('loses its providers when the documents stay', () => {
    const contracted = remove(expanded, 'main.tf', () => [
      { kind: 'statement', statement: 1 },
      { kind: 'statement', statement: 2 },
    ]);
    expect(contracted).not.toContain('oidc_providers');
    const [{ fact }] = policiesOf(contracted, 'main.tf') as [ReturnType<typeof policiesOf>[number]];
    expect(fact.concerns).toBe('pod-identity');
    expect(fact.policy.statements).toHaveLength(1);
  });

  it('keeps other accounts and other clusters', () => {
    const without = remove(irsa6, 'main.tf', (fact) => [valueNamed(fact, 'system:serviceaccount:shop:orders')]);
    expect(without).toBe(irsa6.replace('["shop:orders", "shop:cart"]', '["shop:cart"]'));
    expect(remove(irsa6, 'main.tf', () => [{ kind: 'statement', statement: 0 }])).toBe(irsa6.replace(/ {4}main = \{[^}]*\}\n/, ''));
  });
});

describe('other modules', () => {
  it.each([
    ['iam-role-for-service-accounts-eks', irsa5, 'version 5'],
    [
      'iam-assumable-role-with-oidc',
      `module "r" {\n  source = "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc"\n  create_role = true\n  role_name = "r"\n  provider_url = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"\n  oidc_fully_qualified_subjects = ["system:serviceaccount:shop:orders"]\n}\n`,
      'iam-assumable-role-with-oidc takes no more statements',
    ],
    [
      'cloudposse/eks-iam-role',
      `module "r" {\n  source = "cloudposse/eks-iam-role/aws"\n  eks_cluster_oidc_issuer_url = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"\n  service_account_name = "orders"\n  service_account_namespace = "shop"\n}\n`,
      'eks-iam-role takes no more statements',
    ],
  ])('%s is refused with what to do', (_, text, reason) => {
    const after = allow(text, 'main.tf');
    expect(after).toMatch(/^\[/);
    expect(after).toContain(reason);
    expect(after).toContain('trust_policy_statements');
  });

  it('eks-pod-identity takes the IRSA statement meanwhile', () => {
    const text = `module "orders" {\n  source = "terraform-aws-modules/eks-pod-identity/aws"\n  name   = "orders"\n}\n`;
    const account = {
      namespace: { text: 'shop' },
      serviceAccount: { text: 'orders' },
      provider: { expression: 'module.eks.oidc_provider_arn' },
      issuer: { expression: 'module.eks.oidc_provider' },
      audience: 'sts.amazonaws.com',
    };
    const once = allowWeb(text, 'main.tf', [account]);
    expect(once).toBe(`module "orders" {
  source = "terraform-aws-modules/eks-pod-identity/aws"
  name   = "orders"
  trust_policy_statements = [
    {
      effect  = "Allow"
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals = [
        {
          type        = "Federated"
          identifiers = [module.eks.oidc_provider_arn]
        },
      ]
      condition = [
        {
          test     = "StringEquals"
          variable = "\${module.eks.oidc_provider}:aud"
          values   = ["sts.amazonaws.com"]
        },
        {
          test     = "StringEquals"
          variable = "\${module.eks.oidc_provider}:sub"
          values   = ["system:serviceaccount:shop:orders"]
        },
      ]
    },
  ]
}
`);
    const twice = allowWeb(once, 'main.tf', [{ ...account, serviceAccount: { text: 'cart' } }]);
    expect(twice.match(/serviceaccount:shop/g)).toHaveLength(2);
    expect(open(twice, 'main.tf').documents[0]!.tree().problems).toEqual([]);
  });
});

describe('a role that is there or not', () => {
  const role = (count: string) =>
    `resource "aws_iam_role" "orders" {\n  ${count}\n  name = "orders"\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Federated = var.provider }, Action = "sts:AssumeRoleWithWebIdentity" }] })\n}\n`;
  const associate = (text: string): string => {
    const { documents, facts } = open(text, 'main.tf');
    const found = facts.find((fact): fact is RoleFact => fact.kind === 'role')!;
    const made = writeAssociation({ account: orders, role: found, document: documents[0]!, siblings: [] });
    return 'refused' in made ? `[${made.refused}]` : written(text, { made: made.made.edits });
  };

  it('gets its association with the same condition', () => {
    expect(associate(role('count = var.enabled ? 1 : 0'))).toContain(
      'resource "aws_eks_pod_identity_association" "orders" {\n  count = var.enabled ? 1 : 0\n\n  cluster_name    = "prod"\n  namespace       = "shop"\n  service_account = "orders"\n  role_arn        = aws_iam_role.orders[0].arn\n}',
    );
  });

  it.each(['count = var.n', 'count = 2', 'for_each = var.roles', 'count = var.enabled ? 2 : 0'])('is refused for %s', (count) => {
    expect(associate(role(count))).toMatch(/^\[The role is made with/);
  });
});

describe("the cluster's name", () => {
  const policy = (provider: string) =>
    `data "aws_iam_policy_document" "trust" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type        = "Federated"\n      identifiers = [${provider}]\n    }\n    condition {\n      test     = "StringEquals"\n      variable = "x:sub"\n      values   = ["system:serviceaccount:shop:orders"]\n    }\n  }\n}\n`;
  const spelled = (text: string, more: readonly string[] = []) => {
    const [found] = policiesOf(text, 'main.tf');
    const siblings = more.map((each, i) => open(each, `other${i}.tf`).documents[0]!);
    const { cluster, accountId } = clusterSpelling(found!.fact, found!.document, siblings);
    return [cluster, accountId].map((each) => (each && 'expression' in each ? each.expression : '-')).join(' ');
  };

  it.each([
    [
      'module.eks.oidc_provider_arn',
      ['module "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "~> 20.0"\n}\n'],
      'module.eks.cluster_name -',
    ],
    [
      'module.eks.oidc_provider_arn',
      ['module "eks" {\n  source  = "terraform-aws-modules/eks/aws"\n  version = "18.31.2"\n}\n'],
      'module.eks.cluster_id -',
    ],
    ['module.eks.oidc_provider_arn', ['module "eks" {\n  source = "./modules/eks"\n}\n'], '- -'],
    [
      'module.eks.oidc_provider_arn',
      ['module "eks" {\n  source = "./modules/eks"\n}\noutput "c" {\n  value = module.eks.cluster_name\n}\n'],
      'module.eks.cluster_name -',
    ],
    ['module.eks.oidc_provider_arn', ['output "c" {\n  value = module.eks.cluster_name_prefix\n}\n'], '- -'],
    [
      'aws_iam_openid_connect_provider.this.arn',
      ['resource "aws_iam_openid_connect_provider" "this" {\n  url = aws_eks_cluster.main.identity[0].oidc[0].issuer\n}\n'],
      'aws_eks_cluster.main.name -',
    ],
    [
      'aws_iam_openid_connect_provider.this.arn',
      [
        'data "tls_certificate" "c" {\n  url = data.aws_eks_cluster.main.identity.0.oidc.0.issuer\n}\nresource "aws_iam_openid_connect_provider" "this" {\n  url = data.tls_certificate.c.url\n}\n',
      ],
      'data.aws_eks_cluster.main.name -',
    ],
    [
      'data.aws_iam_openid_connect_provider.this.arn',
      [
        'data "aws_iam_openid_connect_provider" "this" {\n  url = local.issuer\n}\nlocals {\n  issuer = module.eks.cluster_oidc_issuer_url\n}\nmodule "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n',
      ],
      'module.eks.cluster_name -',
    ],
    ['var.oidc_provider_arn', ['variable "oidc_provider_arn" {}\n'], '- -'],
    [
      'var.oidc_provider_arn',
      ['variable "oidc_provider_arn" {}\nvariable "cluster_name" {}\ndata "aws_caller_identity" "current" {}\n'],
      'var.cluster_name data.aws_caller_identity.current.account_id',
    ],
    ['var.oidc_provider_arn', ['data "aws_caller_identity" "current" {\n  provider = aws.other\n}\n'], '- -'],
    ['local.a', ['locals {\n  a = local.b\n  b = local.a\n}\n'], '- -'],
  ])('of %s', (provider, more, expected) => {
    expect(spelled(policy(provider), more)).toBe(expected);
  });

  it('is that of the one cluster or parameter of a template', () => {
    const template = (more: string) =>
      `AWSTemplateFormatVersion: "2010-09-09"\n${more}Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n          - Effect: Allow\n            Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE" }\n            Action: sts:AssumeRoleWithWebIdentity\n`;
    const of = (text: string) => {
      const [found] = policiesOf(text, 'cfn.yaml');
      return clusterSpelling(found!.fact, found!.document, []);
    };
    expect(of(template('Parameters:\n  EksClusterName: { Type: String }\n'))).toEqual({
      accountId: { expression: '!Ref AWS::AccountId' },
      cluster: { expression: '!Ref EksClusterName' },
    });
    expect(of(template(''))).toEqual({ accountId: { expression: '!Ref AWS::AccountId' } });
    expect(of(`${template('')}  A:\n    Type: AWS::EKS::Cluster\n  B:\n    Type: AWS::EKS::Cluster\n`)).toEqual({
      accountId: { expression: '!Ref AWS::AccountId' },
    });
    const one = `${template('')}  A:\n    Type: AWS::EKS::Cluster\n`;
    expect(of(one).cluster).toEqual({ expression: '!Ref A' });
    expect(allow(one, 'cfn.yaml', [{ ...orders, ...of(one) }])).toContain(
      'aws:SourceAccount: !Ref AWS::AccountId\n                aws:RequestTag/eks-cluster-name: !Ref A\n',
    );
  });
});
