import { describe, expect, it } from 'vitest';
import { accessByGrant } from '../../server/src/core/trust/access';
import { hostOf, planLines, stepped, type Files } from './host';

/*
 * Terraform written by hand: modules that are called with the provider, and roles with for_each. Each trust policy also has GitHub
 * Actions and a second cluster's issuer, which stay to the letter.
 */

const others = `  statement {
    sid     = "GitHub" # deploys
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/app:*"]
    }
  }

  statement {
    sid     = "OtherCluster"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/OTHER"]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.eu-west-1.amazonaws.com/id/OTHER:sub"
      values   = ["system:serviceaccount:ops:robot"]
    }
  }
`;

const irsa = (provider: string, issuer: string, subject: string): string => `
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [${provider}]
    }

    condition {
      test     = "StringEquals"
      variable = "\${${issuer}}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "\${${issuer}}:sub"
      values   = ["system:serviceaccount:${subject}"]
    }
  }
`;

const pods = (cluster: string, namespace: string, name: string): string => `
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-name"
      values   = [${cluster}]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = [${namespace}]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [${name}]
    }
  }
`;

const clusterFile = `resource "aws_eks_cluster" "this" {
  name     = "demo"
  role_arn = "arn:aws:iam::111122223333:role/cluster"
}

resource "aws_iam_openid_connect_provider" "eks" {
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
`;

/** What the files of a step add up to: expand is exact, undo gives the files back, contract leaves the others. */
function moves(files: Files, expanded: Files, accounts: readonly string[]): void {
  const request = { direction: 'to-pod-identity' } as const;
  expect(planLines(files, request).filter((line) => !line.startsWith('ops/robot'))).toEqual(accounts.map((each) => expect.stringContaining(each) as string)); // prettier-ignore
  const own = accounts.map((each) => {
    const [namespace = '', name = ''] = /^(\S+)\/(\S+)/.exec(each)!.slice(1);
    return { namespace, name };
  });
  const { result, files: after } = stepped(files, { ...request, accounts: own, step: 'expand' });
  expect(result.refused).toEqual([]);
  expect(result.proofs.every(({ proof }) => proof.keeps.kind === 'included' && proof.addsNobody.kind === 'included')).toBe(true);
  expect(after).toEqual({ ...files, ...expanded });
  expect(planLines(after, { ...request, accounts: own }).every((line) => line.includes(': moving '))).toBe(true);
  expect(stepped(after, { ...request, accounts: own, step: 'expand' }).result.change.edits).toEqual([]);
  expect(stepped(after, { ...request, accounts: own, step: 'undo' }).files).toEqual(files);
  const { result: last, files: end } = stepped(after, { ...request, accounts: own, step: 'contract' });
  expect(last.refused).toEqual([]);
  const text = Object.values(end).join('\n');
  expect(text).toContain(others);
  expect(text).not.toContain('system:serviceaccount:$');
  expect(planLines(end, { ...request, accounts: own }).every((line) => line.includes(': done '))).toBe(true);
  const { wiring } = hostOf(end).view;
  for (const { namespace, name } of own) {
    const verdicts = [...wiring.grants()]
      .filter((grant) => grant.namespace === namespace && grant.serviceAccount === name)
      .map((grant) => accessByGrant(grant, undefined));
    expect(verdicts).toEqual([expect.objectContaining({ mechanism: 'pod-identity', decision: 'allowed' })]);
    // Nor does the role allow the account's token any more.
    expect(verdicts[0]).not.toHaveProperty('other');
  }
}

const moduleMain = (statements: string): string => `data "aws_iam_policy_document" "trust" {
${others}${irsa('var.oidc_provider_arn', 'var.oidc_provider_url', '${var.namespace}:${var.service_account}')}${statements}}

resource "aws_iam_role" "this" {
  name               = var.role_name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`;
const moduleVariables = (added: string): string => `variable "role_name" {}

# The cluster's provider.
variable "oidc_provider_arn" {
  type = string
}

variable "oidc_provider_url" {
  type = string
}
${added}
variable "namespace" {
  type = string
}

variable "service_account" {
  type = string
}
`;
const declared = `
variable "cluster_name" {
  description = "Name of the EKS cluster, for EKS Pod Identity"
  type        = string
}
`;
const association = (cluster: string, namespace: string, name: string, role = 'aws_iam_role.this.arn', label = 'this', each = '') => `
resource "aws_eks_pod_identity_association" "${label}" {
${each}  cluster_name    = ${cluster}
  namespace       = ${namespace}
  service_account = ${name}
  role_arn        = ${role}
}
`;
const providerUrl = 'replace(aws_iam_openid_connect_provider.eks.url, "https://", "")';
const calls = (argument: string): string => `module "orders" {
  source = "../modules/irsa"

  role_name         = "orders"
  oidc_provider_arn = aws_iam_openid_connect_provider.eks.arn
  oidc_provider_url = ${providerUrl}
${argument}  namespace         = "shop"
  service_account   = "orders"
}

module "teams" {
  source   = "../modules/irsa"
  for_each = toset(["red", "blue"])

  role_name         = each.key
  oidc_provider_arn = aws_iam_openid_connect_provider.eks.arn
  oidc_provider_url = ${providerUrl}
${argument}  namespace         = "team-\${each.key}"
  service_account   = "app"
}
`;
const inModule = pods('var.cluster_name', 'var.namespace', 'var.service_account');
const ofModule = association('var.cluster_name', 'var.namespace', 'var.service_account');
const shared: Files = {
  'live/eks.tf': clusterFile,
  'live/roles.tf': calls(''),
  'modules/irsa/main.tf': moduleMain(''),
  'modules/irsa/variables.tf': moduleVariables(''),
};
const sharedAccounts = ['shop/orders', 'team-blue/app', 'team-red/app'];

describe('a module that is called for each service account', () => {
  it('gets a variable for the cluster, given by every call, and gives it back', () => {
    moves(
      shared,
      {
        'live/roles.tf': calls('  cluster_name      = aws_eks_cluster.this.name\n'),
        'modules/irsa/main.tf': moduleMain(inModule) + ofModule,
        'modules/irsa/variables.tf': moduleVariables(declared),
      },
      sharedAccounts,
    );
  });

  it('uses the variable that every call gives the name of the cluster, whatever it is called', () => {
    const files = {
      ...shared,
      'live/roles.tf': calls('  eks_name          = aws_eks_cluster.this.name\n'),
      'modules/irsa/variables.tf': `${moduleVariables('')}\nvariable "eks_name" {}\n`,
    };
    moves(
      files,
      {
        'modules/irsa/main.tf':
          moduleMain(pods('var.eks_name', 'var.namespace', 'var.service_account')) +
          association('var.eks_name', 'var.namespace', 'var.service_account'),
      },
      sharedAccounts,
    );
  });

  it('is given the cluster through the modules that call it', () => {
    const orders = (argument: string): string => `module "irsa" {
  source            = "../irsa"
  role_name         = "orders"
  oidc_provider_arn = var.oidc
  oidc_provider_url = var.issuer
${argument}  namespace         = "shop"
  service_account   = "orders"
}
`;
    const live = (argument: string): string => `module "orders" {
  source = "../modules/orders"
  oidc   = aws_iam_openid_connect_provider.eks.arn
  issuer = ${providerUrl}${argument}
}
`;
    const variables = (added: string): string => `variable "oidc" {}
variable "issuer" {}
${added}`;
    moves(
      {
        ...shared,
        'live/roles.tf': live(''),
        'modules/orders/main.tf': orders(''),
        'modules/orders/variables.tf': variables(''),
      },
      {
        'live/roles.tf': live('\n\n  cluster_name = aws_eks_cluster.this.name'),
        'modules/orders/main.tf': orders('  cluster_name      = var.cluster_name\n'),
        'modules/orders/variables.tf': variables(declared),
        'modules/irsa/main.tf': moduleMain(inModule) + ofModule,
        'modules/irsa/variables.tf': moduleVariables(declared),
      },
      ['shop/orders'],
    );
  });

  it('asks for the cluster where a call does not tell it', () => {
    const unknown = { ...shared, 'live/roles.tf': calls('').replaceAll('aws_iam_openid_connect_provider.eks.arn', 'local.arns["eks"]') };
    expect(planLines(unknown).every((line) => line.includes('cluster-unknown!'))).toBe(true);
    const { 'live/roles.tf': _, ...uncalled } = shared;
    expect(planLines(uncalled).some((line) => line.includes('can-move'))).toBe(false);
  });

  it('keeps a variable of another text, and one that is still used', () => {
    const request = { direction: 'to-pod-identity', step: 'undo' } as const;
    const { files: expanded } = stepped(shared, { ...request, step: 'expand' });
    const used = { ...expanded, 'modules/irsa/outputs.tf': 'output "cluster" {\n  value = var.cluster_name\n}\n' };
    expect(stepped(used, request).files['live/roles.tf']).toBe(expanded['live/roles.tf']);
    const own = { ...expanded, 'modules/irsa/variables.tf': expanded['modules/irsa/variables.tf']!.replace(', for EKS Pod Identity', '') };
    expect(stepped(own, request).files['modules/irsa/variables.tf']).toBe(own['modules/irsa/variables.tf']);
  });
});

const roles = (document: string, resource: string, statements: string, subject: string, added: string): string => `locals {
  accounts = {
    orders = { space = "shop", name = "orders" }
    cart   = { space = "web", name = "cart" }
  }
  others = { orders = "x", cart = "y" }
}

data "aws_iam_policy_document" "trust" {
  for_each = ${document}

${others}${irsa('aws_iam_openid_connect_provider.eks.arn', providerUrl, subject)}${statements}}

resource "aws_iam_role" "app" {
  for_each = ${resource}

  name               = each.key
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}
${added}`;
const repeated = '  for_each = local.accounts\n\n';

describe('roles with for_each', () => {
  const subject = '${each.value.space}:${each.value.name}';
  const files: Files = { 'eks.tf': clusterFile, 'roles.tf': roles('local.accounts', 'local.accounts', '', subject, '') };

  it('get associations with the same for_each', () => {
    const statement = pods('aws_eks_cluster.this.name', 'each.value.space', 'each.value.name');
    const made = association(
      'aws_eks_cluster.this.name',
      'each.value.space',
      'each.value.name',
      'aws_iam_role.app[each.key].arn',
      'app',
      repeated,
    );
    moves(files, { 'roles.tf': roles('local.accounts', 'local.accounts', statement, subject, made) }, ['shop/orders', 'web/cart']);
  });

  it('have names with the key in them', () => {
    const own = 'team-${each.key}:app';
    const statement = pods('aws_eks_cluster.this.name', '"team-${each.key}"', '"app"');
    const made = association('aws_eks_cluster.this.name', '"team-${each.key}"', '"app"', 'aws_iam_role.app[each.key].arn', 'app', repeated);
    moves(
      { ...files, 'roles.tf': roles('local.accounts', 'local.accounts', '', own, '') },
      { 'roles.tf': roles('local.accounts', 'local.accounts', statement, own, made) },
      ['team-cart/app', 'team-orders/app'],
    );
  });

  it('are left where the document repeats otherwise, over several lines, or for one account', () => {
    const refusals = (text: string): (string | undefined)[] =>
      stepped({ ...files, 'roles.tf': text }, { step: 'expand' }).result.refused.map(({ reason }) => reason);
    expect(refusals(roles('local.accounts', 'local.others', '', subject, ''))).toContainEqual(
      "The trust policy's document and the role have different for_each or count: write the association manually.",
    );
    const lines = '{\n    orders = { space = "shop", name = "orders" }\n  }';
    expect(refusals(roles('local.accounts', lines, '', subject, ''))).toContainEqual(expect.stringContaining('on several lines'));
    expect(refusals(roles('local.accounts', 'local.accounts', '', 'shop:orders', ''))).toContainEqual(
      expect.stringContaining('one and the same service account'),
    );
  });
});

describe('an add-on whose role comes from a module that others use', () => {
  const addon = (role: string, wide: string): string => `
resource "aws_eks_addon" "csi" {
  cluster_name${wide} = aws_eks_cluster.this.name
  addon_name${wide}   = "aws-ebs-csi-driver"
${role}}
`;
  const module = `
module "csi" {
  source            = "../modules/irsa"
  role_name         = "csi"
  oidc_provider_arn = aws_iam_openid_connect_provider.eks.arn
  oidc_provider_url = ${providerUrl}
  namespace         = "kube-system"
  service_account   = "ebs-csi-controller-sa"
}
`;
  const role = '  service_account_role_arn = module.csi.role_arn\n';
  const output = 'output "role_arn" {\n  value = aws_iam_role.this.arn\n}\n';
  const files: Files = {
    ...shared,
    'live/addons.tf': module + addon(role, '            '),
    'modules/irsa/outputs.tf': output,
  };

  it('has the association of the module, and loses its role for IRSA in the end', () => {
    const request = { direction: 'to-pod-identity' } as const;
    const { result, files: after } = stepped(files, { ...request, step: 'expand' });
    expect(result.refused.map(({ account }) => account)).not.toContain('kube-system/ebs-csi-controller-sa');
    expect(after['live/addons.tf']).toContain(addon(role, '            '));
    expect(stepped(after, { ...request, step: 'undo' }).files).toEqual(files);
    const { files: end } = stepped(after, { ...request, step: 'contract' });
    expect(end['live/addons.tf']).toContain(addon('', ''));
    expect(end['modules/irsa/main.tf']).not.toContain('var.oidc_provider_arn');
  });
});
