import { describe, expect, it } from 'vitest';
import { findingsOf } from '../support/fixtureWorkspace';
import { planLines, stepped, workspaceOf, type Files } from './host';

const eks = `data "aws_caller_identity" "current" {}

module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "demo"
}
`;

const call = (more: string, version = '~> 5.30'): string => `
module "orders" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version = "${version}"

${more}
  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["shop:orders"]
    }
  }
}
`;

const policies = `  role_name = "orders"

  role_policy_arns = {
    s3 = aws_iam_policy.orders.arn
  }
`;

const annotated = `
resource "kubernetes_service_account" "orders" {
  metadata {
    name      = "orders"
    namespace = "shop"
    annotations = {
      "eks.amazonaws.com/role-arn" = module.orders.iam_role_arn
    }
  }
}
`;

const files = (text: string): Files => ({ 'main.tf': eks + text });
const expand = (text: string) => stepped(files(text), { step: 'expand' });
const added = (text: string): string => {
  const { files: after } = expand(text);
  return after['main.tf']!.split('\n').filter((line) => !files(text)['main.tf']!.includes(line) || line === '}').join('\n'); // prettier-ignore
};
const refusal = (text: string): string =>
  expand(text)
    .result.refused.map(({ reason }) => reason)
    .join();
const rulesIn = (all: Files): string[] => findingsOf(workspaceOf(all), Object.keys(all)).map(({ rule, level }) => `${level} ${rule}`);

const newCall = `
module "orders_pod_identity" {
  source  = "terraform-aws-modules/eks-pod-identity/aws"
  version = "~> 1.12"

  name            = "orders-pod-identity"
  use_name_prefix = false

  additional_policy_arns = {
    s3 = aws_iam_policy.orders.arn
  }

  trust_policy_conditions = [
    {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    },
    {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-name"
      values   = [module.eks.cluster_name]
    },
    {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = ["shop"]
    },
    {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = ["orders"]
    },
  ]

  associations = {
    shop_orders = {
      cluster_name    = module.eks.cluster_name
      namespace       = "shop"
      service_account = "orders"
    }
  }
}
`;

describe('a role whose module takes no further statements', () => {
  const before = files(call(policies) + annotated);

  it('gets another role beside it, which takes its place in the last step', () => {
    expect(planLines(before)).toEqual(['shop/orders → orders: not-started can-move [new-role]']);
    const { files: between, result } = stepped(before, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(between['main.tf']).toBe(eks + call(policies) + newCall + annotated);
    expect(planLines(between)).toEqual(['shop/orders → orders: moving can-move [new-role]']);
    expect(stepped(between, { step: 'expand' }).files).toEqual(between);
    const { files: after } = stepped(between, { step: 'contract' });
    const bare = annotated.replace(/ {4}annotations = \{[^}]*\}\n/, '');
    expect(after['main.tf']).toBe(eks + newCall + bare);
    expect(planLines(after)).toEqual(['shop/orders → orders-pod-identity: done can-move']);
    expect(stepped(between, { step: 'undo' }).files).toEqual(before);
  });

  it('is moving between the steps, without a warning', () => {
    expect(rulesIn(stepped(before, { step: 'expand' }).files)).toEqual(['info association-hides-annotation']);
  });

  it('is a warning where the two roles have other policies', () => {
    const { files: between } = stepped(before, { step: 'expand' });
    const at = between['main.tf']!.lastIndexOf('aws_iam_policy.orders.arn');
    const other = `${between['main.tf']!.slice(0, at)}aws_iam_policy.admin.arn${between['main.tf']!.slice(at + 'aws_iam_policy.orders.arn'.length)}`;
    expect(rulesIn({ 'main.tf': other })).toEqual(['warning association-hides-annotation']);
    expect(stepped({ 'main.tf': other }, { step: 'contract' }).files).toEqual({ 'main.tf': other });
  });

  it('moves where no file has the annotation', () => {
    const alone = files(call(policies));
    expect(planLines(alone)).toEqual(['shop/orders → orders: not-started can-move [account-not-in-files new-role]']);
    const { files: between } = stepped(alone, { step: 'expand' });
    expect(planLines(between)).toEqual(['shop/orders → orders: moving can-move [new-role]']);
    expect(stepped(between, { step: 'contract' }).files['main.tf']).toBe(eks + newCall);
    expect(stepped(between, { step: 'undo' }).files).toEqual(alone);
  });

  it('says that there is another role, and who gives the old one to others', () => {
    const output = '\noutput "role_arn" {\n  value = module.orders.iam_role_arn\n}\n';
    const { result, files: between } = expand(call(policies) + output);
    expect(result.next.join('\n')).toMatch(/module\.orders_pod_identity beside module\.orders\. New pods get the new role/);
    expect(result.next.join('\n')).toContain('Outputs give the old role to others: main.tf:');
    expect(stepped(between, { step: 'contract' }).result.refused[0]!.reason).toMatch(
      /^main\.tf:\d+ \(output role_arn\) still uses module\.orders\./,
    );
  });
});

describe('what decides the permissions of the new role', () => {
  it.each([
    [
      '  attach_external_dns_policy = true\n',
      '  attach_external_dns_policy    = true\n  external_dns_hosted_zone_arns = ["arn:aws:route53:::hostedzone/*"]\n',
    ],
    [
      '  attach_ebs_csi_policy = true\n  ebs_csi_kms_cmk_ids   = [var.key]\n',
      '  attach_aws_ebs_csi_policy = true\n  aws_ebs_csi_kms_arns      = [var.key]\n',
    ],
    [
      '  attach_velero_policy  = true\n  velero_s3_bucket_arns = [var.bucket]\n',
      '  velero_s3_bucket_path_arns = [for arn in [var.bucket] : "${arn}/*"]\n',
    ],
    [
      '  attach_vpc_cni_policy = true\n  vpc_cni_enable_ipv4   = true\n',
      '  attach_aws_vpc_cni_policy = true\n  aws_vpc_cni_enable_ipv4   = true\n',
    ],
    [
      '  attach_cert_manager_policy = false\n  role_policy_arns = [aws_iam_policy.a.arn, "arn:aws:iam::aws:policy/B"]\n',
      '  additional_policy_arns = {\n    a = aws_iam_policy.a.arn\n    B = "arn:aws:iam::aws:policy/B"\n  }\n',
    ],
    ['  role_policy_arns = { a = var.a }\n  role_permissions_boundary_arn = var.boundary\n', '  permissions_boundary_arn = var.boundary\n'],
  ])('goes over: %s', (input, output) => {
    const { files: after, result } = expand(call(`  role_name = "orders"\n${input}`));
    expect(result.refused).toEqual([]);
    expect(after['main.tf']).toContain(output);
  });

  it.each([
    ['  attach_karpenter_controller_policy = true\n', 'no policy for attach_karpenter_controller_policy'],
    ['  attach_mountpoint_s3_csi_policy = true\n  mountpoint_s3_csi_kms_arns = [var.k]\n', 'no input for mountpoint_s3_csi_kms_arns'],
    ['  attach_external_secrets_policy = true\n  external_secrets_kms_key_arns = []\n', 'external_secrets_kms_key_arns is empty'],
    ['  role_policy_arns = { a = var.a }\n  allow_self_assume_role = true\n', 'allow_self_assume_role'],
    ['  role_policy_arns = { a = var.a }\n  something_new = true\n', 'something_new'],
    ['  role_policy_arns = { a = var.a }\n  count = 3\n', 'called with count'],
    ['  role_policy_arns = { a = var.a }\n  for_each = var.accounts\n', 'for_each'],
    ['', 'no file of this folder gives it a policy'],
  ])('is refused with its name: %s', (input, reason) => {
    expect(refusal(call(`  role_name = "orders"\n${input}`))).toContain(reason);
  });

  it('is copied where a resource attaches it', () => {
    const attached = `
resource "aws_iam_role_policy_attachment" "orders" {
  role       = module.orders.iam_role_name
  policy_arn = aws_iam_policy.orders.arn
}
`;
    const before = files(call('  role_name = "orders"\n') + attached);
    const { files: between } = stepped(before, { step: 'expand' });
    expect(between['main.tf']).toContain(attached + attached.replace('"orders"', '"orders_pod_identity"').replace('module.orders.', 'module.orders_pod_identity.')); // prettier-ignore
    expect(planLines(between)).toEqual(['shop/orders → orders: moving can-move [new-role]']);
    expect(stepped(between, { step: 'undo' }).files).toEqual(before);
    const { files: after } = stepped(between, { step: 'contract' });
    expect(after['main.tf']).not.toContain('module.orders.');
    const lost = between['main.tf']!.replace(/\nresource "aws_iam_role_policy_attachment" "orders_pod_identity"[^]*?\n\}\n/, '');
    expect(stepped({ 'main.tf': lost }, { step: 'contract' }).files['main.tf']).toBe(lost);
  });

  it('is refused where a policy names the role', () => {
    const bucket = `
data "aws_iam_policy_document" "bucket" {
  statement {
    principals {
      type        = "AWS"
      identifiers = [module.orders.iam_role_arn]
    }
  }
}
`;
    expect(refusal(call(policies) + bucket)).toMatch(/main\.tf:\d+ \(data aws_iam_policy_document bucket\) uses it/);
  });
});

describe('the name of the new role', () => {
  it.each([
    ['role_name = "${var.env}-orders"', 'name            = "${var.env}-orders-pod-identity"'],
    ['role_name = local.name', 'name            = "${local.name}-pod-identity"'],
    ['role_name_prefix = "orders-"', 'name = "orders"\n'],
    [`role_name = "${'r'.repeat(52)}"`, `name = "${'r'.repeat(37)}"\n`],
    ['role_path = "/eks/"', 'name = "orders"\n  path = "/eks/"\n'],
  ])('is free beside the old one: %s', (input, output) => {
    expect(added(call(`  ${input}\n  role_policy_arns = { a = var.a }\n`))).toContain(output);
  });

  it('begins the names of policies that the module makes, which are the same in each call of it', () => {
    expect(added(call('  role_name = "orders"\n  attach_efs_csi_policy = true\n'))).toContain(
      'policy_name_prefix        = "orders-pod-identity-"',
    );
  });
});

describe('the version of the module eks-pod-identity', () => {
  it.each([
    ['~> 5.40', '~> 1.12'],
    ['>= 6.28', '~> 2.8'],
    ['~> 6.0', '~> 1.12'],
  ])('suits the AWS provider: %s', (constraint, version) => {
    const text = `\nterraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "${constraint}" }\n  }\n}\n`;
    expect(expand(text + call(policies)).files['main.tf']).toContain(`version = "${version}"`);
  });

  it('is refused where the AWS provider is too old', () => {
    const text = '\nterraform {\n  required_providers {\n    aws = { source = "hashicorp/aws", version = "~> 4.0" }\n  }\n}\n';
    expect(refusal(text + call(policies))).toContain('needs version 5.30 or newer of the AWS provider');
  });
});

describe('other accounts of the role', () => {
  const two = call(policies).replace('["shop:orders"]', '["shop:orders", "shop:cart"]');

  it('keep it when one moves, and get the new role when they move together', () => {
    const { files: between } = stepped(files(two), { step: 'expand', accounts: [{ namespace: 'shop', name: 'orders' }] });
    const { files: after } = stepped(between, { step: 'contract', accounts: [{ namespace: 'shop', name: 'orders' }] });
    expect(after['main.tf']).toContain('namespace_service_accounts = ["shop:cart"]');
    const both = stepped(files(two), { step: 'expand' });
    expect(both.result.refused).toEqual([]);
    expect(both.files['main.tf']).toContain('values   = ["cart", "orders"]');
    expect(stepped(both.files, { step: 'contract' }).files['main.tf']).not.toContain('module "orders" {');
    expect(stepped(both.files, { step: 'undo' }).files).toEqual(files(two));
  });

  it('of other clusters keep it', () => {
    const clusters = call(policies).replace('    main = {', '    other = {\n      provider_arn               = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AA"\n      namespace_service_accounts = ["shop:orders"]\n    }\n    main = {'); // prettier-ignore
    expect(planLines(files(clusters))).toEqual([expect.stringContaining(' unknown [')]);
    expect(expand(clusters).files).toEqual(files(clusters));
    // With the issuer of the account's cluster, only its provider leaves.
    const settings =
      'clusters:\n  - name: blue\n    account: "111122223333"\n    issuer: oidc.eks.eu-west-1.amazonaws.com/id/AA\n    paths: ["**"]\n';
    const known = { ...files(clusters.replace('module.eks.oidc_provider_arn', '"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/BB"')), 'pod-roles.yaml': settings }; // prettier-ignore
    const { files: between, result } = stepped(known, { step: 'expand' });
    expect(result.refused).toEqual([]);
    const { files: after } = stepped(between, { step: 'contract' });
    expect(after['main.tf']).toContain('module "orders" {');
    expect([after['main.tf']!.includes('/id/AA"'), after['main.tf']!.includes('/id/BB"')]).toEqual([false, true]);
  });
});

it('iam-assumable-role-with-oidc and eks-iam-role get another role, too', () => {
  const oidc = `
module "orders" {
  source                        = "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc"
  version                       = "~> 4.0"
  create_role                   = true
  role_name                     = "orders"
  provider_url                  = replace(module.eks.cluster_oidc_issuer_url, "https://", "")
  role_policy_arns              = var.policies
  oidc_fully_qualified_subjects = ["system:serviceaccount:shop:orders"]
}
`;
  const { files: after, result } = expand(oidc);
  expect(result.refused).toEqual([]);
  expect(after['main.tf']).toContain('additional_policy_arns = { for i, arn in var.policies : tostring(i) => arn }');
  expect(refusal(oidc.replace('role_policy_arns ', 'number_of_role_policy_arns = 1\n  role_policy_arns '))).toContain(
    'number_of_role_policy_arns',
  );
  const cloudposse = `
module "orders" {
  source  = "cloudposse/eks-iam-role/aws"
  version = "2.2.1"

  service_account_name        = "orders"
  service_account_namespace   = "shop"
  eks_cluster_oidc_issuer_url = module.eks.cluster_oidc_issuer_url
  aws_iam_policy_document     = [data.aws_iam_policy_document.orders.json]

  context = module.this.context
}
`;
  const made = expand(cloudposse);
  expect(made.result.refused).toEqual([]);
  expect(made.files['main.tf']).toContain(`  name   = "orders"
  create = module.this.enabled

  attach_custom_policy    = true
  source_policy_documents = [data.aws_iam_policy_document.orders.json]
`);
  expect(made.files['main.tf']).toContain('  tags = module.this.tags\n');
  expect(stepped(made.files, { step: 'undo' }).files).toEqual(files(cloudposse));
});

it('an add-on gets the new role by its own association', () => {
  const addon = `
resource "aws_eks_addon" "ebs" {
  cluster_name             = module.eks.cluster_name
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = module.orders.iam_role_arn
}
`;
  const ebs = call('  role_name             = "ebs"\n  attach_ebs_csi_policy = true\n').replace(
    'shop:orders',
    'kube-system:ebs-csi-controller-sa',
  );
  const { files: after, result } = expand(ebs + addon);
  expect(result.refused).toEqual([]);
  expect(after['main.tf']).toContain('role_arn        = module.orders_pod_identity.iam_role_arn');
  expect(after['main.tf']).not.toContain('associations =');
  expect(planLines(after)).toEqual(['kube-system/ebs-csi-controller-sa → ebs: moving can-move [new-role]']);
  expect(stepped(after, { step: 'contract' }).files['main.tf']).not.toContain('module "orders" {');
});

describe('modules whose newer versions take statements', () => {
  const irsa = (version: string): string => call(policies.replace('role_name', 'name').replace('role_policy_arns', 'policies'), version).replace('-accounts-eks"', '-accounts"'); // prettier-ignore

  it.each([
    ['~> 6.0', true],
    ['>= 6.2.0', true],
    ['6.8.2', true],
    ['6.2.1', false],
    ['~> 6.4.0', false],
    ['>= 6.0, < 6.6.0', false],
  ])('iam-role-for-service-accounts %s', (version, takes) => {
    const { result } = expand(irsa(version));
    expect(result.refused.map(({ reason }) => reason)).toEqual(takes ? [] : [expect.stringMatching(/^Version 6\.6\.0 of the module /)]);
  });

  const addon = (version: string): string => `
module "orders" {
  source  = "aws-ia/eks-blueprints-addon/aws"
  version = "${version}"

  chart     = "orders"
  namespace = "shop"

  set = [
    {
      name  = "serviceAccount.name"
      value = "orders"
    },
  ]

  set_irsa_names = ["serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"]

  create_role = true
  role_name   = "orders"
  role_policies = {
    s3 = aws_iam_policy.orders.arn
  }

  oidc_providers = {
    this = {
      provider_arn    = module.eks.oidc_provider_arn
      service_account = "orders"
    }
  }
}
`;

  it('eks-blueprints-addon takes them by trust_policy_statements', () => {
    expect(refusal(addon('1.1.1'))).toMatch(/^Version 1\.2\.0 of the module aws-ia\/eks-blueprints-addon\/aws is the first/);
    const { files: between, result } = expand(addon('~> 1.0'));
    expect(result.refused).toEqual([]);
    expect(between['main.tf']).toContain('trust_policy_statements = [');
    expect(planLines(between)).toEqual([expect.stringMatching(/^shop\/orders → .*: moving can-move$/)]);
    expect(stepped(between, { step: 'undo' }).files).toEqual(files(addon('~> 1.0')));
    const { files: after } = stepped(between, { step: 'contract' });
    expect(after['main.tf']).not.toMatch(/set_irsa_names|oidc_providers/);
    expect(planLines(after)).toEqual([expect.stringMatching(/^shop\/orders → .*: done can-move$/)]);
  });
});

describe('the module karpenter', () => {
  const karpenter = (version: string, more = ''): string => `
module "karpenter" {
  source  = "terraform-aws-modules/eks/aws//modules/karpenter"
  version = "${version}"

  cluster_name = module.eks.cluster_name
${more}
  enable_irsa            = true
  irsa_oidc_provider_arn = module.eks.oidc_provider_arn
}
`;

  it('makes the association by its own inputs', () => {
    const account = annotated.replaceAll('orders', 'karpenter').replace('"shop"', '"karpenter"');
    const before = files(karpenter('~> 20.11') + account);
    const { files: between, result } = stepped(before, { step: 'expand' });
    expect(result.refused).toEqual([]);
    const inputs = `
  create_pod_identity_association = true
  namespace                       = "karpenter"
  service_account                 = "karpenter"
}
`;
    expect(between['main.tf']).toBe(eks + karpenter('~> 20.11').slice(0, -2) + inputs + account);
    expect(planLines(between)[0]).toMatch(/^karpenter\/karpenter → .*: moving can-move/);
    expect(stepped(between, { step: 'undo' }).files).toEqual(before);
    const { files: after } = stepped(between, { step: 'contract' });
    expect(after['main.tf']).toContain(`  cluster_name = module.eks.cluster_name\n${inputs}`);
    expect(planLines(after)[0]).toMatch(/^karpenter\/karpenter → .*: done can-move/);
  });

  it.each([
    ['~> 20.11', '  create_pod_identity_association = true\n', 'kube-system/karpenter'],
    ['~> 20.11', '', undefined],
    ['~> 21.0', '', 'kube-system/karpenter'],
    ['~> 21.0', '  create_pod_identity_association = false\n', undefined],
  ])('has an association by default from version 21 on: %s %s', (version, more, expected) => {
    const bare = karpenter(version, more).replace(/ {2}enable_irsa[^]*?arn\n/, '');
    const other = '\nresource "aws_eks_pod_identity_association" "other" {\n  cluster_name    = "demo"\n  namespace       = "shop"\n  service_account = "web"\n  role_arn        = var.role\n}\n'; // prettier-ignore
    const accounts = planLines(files(bare + other)).map((each) => each.split(' ')[0]);
    expect(accounts.filter((each) => each !== 'shop/web')).toEqual(expected === undefined ? [] : [expected]);
    expect(accounts).toContain('shop/web');
  });

  it.each(['19.16.0', '~> 19.0', '< 20.0.0'])(
    'has no statement for EKS Pod Identity before version 20, and no output for its role: %s',
    (version) => {
      const before = files(karpenter(version) + annotated.replaceAll('orders', 'karpenter').replace('"shop"', '"karpenter"'));
      expect(planLines(before)).toEqual([
        expect.stringMatching(/^karpenter\/karpenter → .*: not-started cannot-move \[.*policy-not-editable!/),
      ]);
      const { files: after } = stepped(before, { step: 'expand' });
      expect(after).toEqual(before);
    },
  );
});
