import { expect, it } from 'vitest';
import { hostOf, planLines, stepped, type Files } from './host';
import { plan } from '../../server/src/core/migrate/chunk';
import { terraform } from './repositories';

const cluster = (name: string): string => `resource "aws_eks_cluster" "${name}" {
  name = "${name}"
}

resource "aws_iam_openid_connect_provider" "${name}" {
  url            = aws_eks_cluster.${name}.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}
`;

/** A role that IRSA gives an account, with the provider of its cluster made in the same folder. */
const role = `data "aws_iam_policy_document" "app" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.demo.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "\${replace(aws_iam_openid_connect_provider.demo.url, "https://", "")}:sub"
      values   = ["system:serviceaccount:shop:app"]
    }
  }
}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.app.json
}

resource "kubernetes_service_account" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.app.arn
      "team"                       = "a"
    }
  }
}
`;

const back = { direction: 'to-irsa' } as const;
const line = (state: string): string[] => [`shop/app → app: ${state} can-move`];

/** The files once the account uses EKS Pod Identity alone. */
function contracted(files: Files): Files {
  const { result, files: expanded } = stepped(files, { step: 'expand' });
  expect(result.refused).toEqual([]);
  const { result: last, files: after } = stepped(expanded, { step: 'contract' });
  expect(last.refused).toEqual([]);
  return after;
}

it('takes back its own contract with the provider that the files make for the cluster', () => {
  const moved = contracted({ 'main.tf': cluster('demo') + cluster('other') + role });
  expect(moved['main.tf']).not.toContain('AssumeRoleWithWebIdentity');
  expect(planLines(moved, back)).toEqual(line('not-started'));
  const { result, files: expanded } = stepped(moved, { ...back, step: 'expand' });
  expect(result.refused).toEqual([]);
  expect(result.proofs.map(({ proof }) => [proof.keeps.kind, proof.addsNobody.kind])).toEqual([['included', 'included']]);
  expect(expanded['main.tf']).toContain('identifiers = [aws_iam_openid_connect_provider.demo.arn]');
  expect(expanded['main.tf']).toContain('"${replace(aws_iam_openid_connect_provider.demo.url, "https://", "")}:sub"');
  expect(stepped(expanded, { ...back, step: 'expand' }).files).toEqual(expanded);
  expect(stepped(expanded, { ...back, step: 'undo' }).files).toEqual(moved);
  const { result: last, files: done } = stepped(expanded, { ...back, step: 'contract' });
  expect(last.refused).toEqual([]);
  expect(done['main.tf']).not.toContain('pods.eks.amazonaws.com');
  expect(done['main.tf']).not.toContain('aws_eks_pod_identity_association');
  expect(planLines(done, back)).toEqual(line('done'));
});

it('knows the provider by the name that the cluster is looked up with', () => {
  const looked = role.replaceAll('aws_iam_openid_connect_provider.demo', 'data.aws_iam_openid_connect_provider.demo');
  const source = `data "aws_eks_cluster" "demo" {
  name = var.cluster_name
}

data "aws_iam_openid_connect_provider" "demo" {
  url = data.aws_eks_cluster.demo.identity[0].oidc[0].issuer
}
`;
  const moved = contracted({ 'main.tf': source + looked, 'variables.tf': 'variable "cluster_name" {\n  type = string\n}\n' });
  const named = {
    ...moved,
    'main.tf': moved['main.tf']!.replace('= data.aws_eks_cluster.demo.name\n  namespace', '= var.cluster_name\n  namespace'),
  };
  expect(named['main.tf']).not.toBe(moved['main.tf']);
  for (const files of [moved, named])
    expect(stepped(files, { ...back, step: 'expand' }).files['main.tf']).toContain('[data.aws_iam_openid_connect_provider.demo.arn]');
});

it('knows that of the module that makes the cluster, unless it may make none', () => {
  const moved = contracted(terraform);
  expect(planLines(moved, back)).toEqual(['shop/orders → orders: not-started can-move']);
  const path = 'infra/main.tf';
  const { files: expanded } = stepped(moved, { ...back, step: 'expand' });
  expect(expanded[path]).toContain('identifiers = [module.eks.oidc_provider_arn]');
  expect(expanded[path]).toContain('"${module.eks.oidc_provider}:sub"');
  const without = { ...moved, [path]: moved[path]!.replace('cluster_name = "demo"', 'cluster_name = "demo"\n  enable_irsa  = false') };
  expect(planLines(without, back)[0]).toMatch(/unknown \[.*no-issuer!/);
});

it('takes no provider of another cluster, none of two, and none that may not be there', () => {
  const files = { 'main.tf': cluster('demo') + role };
  const moved = contracted(files)['main.tf']!;
  const provider = (text: string): string => /resource "aws_iam_openid_connect_provider"[^}]*}\n/.exec(text)![0];
  for (const text of [
    moved.replace('url            = aws_eks_cluster.demo', 'url            = aws_eks_cluster.other'),
    moved + provider(moved).replace('"demo" {', '"twin" {'),
    moved.replace('"aws_iam_openid_connect_provider" "demo" {', '"aws_iam_openid_connect_provider" "demo" {\n  count = var.irsa ? 1 : 0'),
    moved.replace('= aws_eks_cluster.demo.name\n  namespace', '= "other"\n  namespace'),
  ]) {
    const [first] = plan(hostOf({ 'main.tf': text }), back).accounts;
    expect([text !== moved, first!.outcome === 'can-move']).toEqual([true, false]);
    expect(first!.reasons.map(({ code }) => code)).toContain('no-issuer');
    expect(stepped({ 'main.tf': text }, { ...back, step: 'expand' }).files['main.tf']).toBe(text);
  }
});
