import { describe, expect, it } from 'vitest';
import { openWorkspace, uriOf } from '../support/fixtureWorkspace';
import { account, trust } from './build';

type Files = Readonly<Record<string, string>>;

/** What one may write in a root module; each is right where nothing is said. */
interface Root {
  readonly subject?: string;
  readonly service?: string;
  readonly mail?: string;
}

/** A root module: a chart's values through a template, a module called for each of two, associations for each of two. Its role names are those of every root. */
const root = (cluster: string, { subject = 'shop:orders', service = 'pods.eks.amazonaws.com', mail = 'mail' }: Root = {}): string => `
module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  cluster_name = "${cluster}"
}
module "orders_irsa" {
  source    = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name = "orders"
  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["${subject}"]
    }
  }
}
module "app" {
  source            = "../modules/app"
  for_each          = { billing = "shop", mail = "${mail}" }
  name              = each.key
  trusted_namespace = each.value
  namespace         = each.key == "mail" ? "mail" : "shop"
  provider_arn      = module.eks.oidc_provider_arn
  issuer            = module.eks.oidc_provider
}
resource "helm_release" "orders" {
  name      = "orders"
  namespace = "shop"
  chart     = "\${path.module}/../charts/orders"
  values    = [templatefile("\${path.module}/values.yaml.tftpl", { role_arn = module.orders_irsa.iam_role_arn, account = "orders" })]
}
locals {
  pods = {
    reports = { namespace = "shop", service_account = "reports" }
    audit   = { namespace = "audit", service_account = "audit" }
  }
}
resource "aws_iam_role" "pods" {
  for_each = local.pods
  name     = "\${each.key}-pods"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "${service}" }, Action = ["sts:AssumeRole", "sts:TagSession"] }]
  })
}
resource "aws_eks_pod_identity_association" "pods" {
  for_each        = local.pods
  cluster_name    = module.eks.cluster_name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.pods[each.key].arn
}
`;

const template = 'serviceAccount:\n  name: ${account}\n  annotations:\n    eks.amazonaws.com/role-arn: ${role_arn}\n';

const appModule = `
variable "name" { type = string }
variable "namespace" { type = string }
variable "trusted_namespace" { type = string }
variable "provider_arn" { type = string }
variable "issuer" { type = string }
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [var.provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${var.issuer}:sub"
      values   = ["system:serviceaccount:\${var.trusted_namespace}:\${var.name}"]
    }
    condition {
      test     = "StringEquals"
      variable = "\${var.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}
resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "kubernetes_service_account_v1" "this" {
  metadata {
    name        = var.name
    namespace   = var.namespace
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.this.arn }
  }
}
`;

const chartAccount = `{{- if .Values.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Values.serviceAccount.name | default .Release.Name }}
  namespace: {{ .Release.Namespace }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
`;

const chart = (name: string): Files => ({
  [`charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`,
  [`charts/${name}/values.yaml`]: 'serviceAccount:\n  create: true\n  name: ""\n  annotations: {}\n',
  [`charts/${name}/templates/serviceaccount.yaml`]: chartAccount,
});

const application = (namespace: string): string => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: payments, namespace: argocd}
spec:
  source:
    repoURL: https://github.com/demo/platform.git
    path: charts/payments
    helm: {releaseName: payments, valueFiles: [values-prod.yaml]}
  destination: {server: https://kubernetes.default.svc, namespace: ${namespace}}
`;

const overlay = (more = ''): string => `namespace: search\n${more}resources: [../../base]\n`;

const right: Files = {
  'cluster-a/main.tf': root('cluster-a'),
  'cluster-a/values.yaml.tftpl': template,
  'cluster-b/main.tf': root('cluster-b'),
  'cluster-b/values.yaml.tftpl': template,
  'modules/app/main.tf': appModule,
  ...chart('orders'),
  ...chart('payments'),
  'charts/payments/values-prod.yaml':
    'serviceAccount:\n  name: payments\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/payments\n',
  'argocd/payments.yaml': application('payments'),
  'iam/payments.json': trust('payments:payments'),
  'iam/search.json': trust('search:search'),
  'kustomize/base/sa.yaml': account('search', undefined, 'search'),
  'kustomize/base/kustomization.yaml': 'resources: [sa.yaml]\n',
  'kustomize/overlays/prod/kustomization.yaml': overlay(),
};

/** What is found in all files, infos aside, with the file on the other side of it. */
function found(files: Files): string[] {
  const workspace = openWorkspace(new Map(Object.entries(files)));
  return Object.keys(files)
    .flatMap((path) => workspace.check(uriOf(path)).map((finding) => ({ path, ...finding })))
    .filter(({ level }) => level !== 'info')
    .map(({ path, rule, related }) =>
      [path, rule, ...(related ?? []).map(({ at }) => `→ ${at.doc.uri.slice(uriOf('').length)}`)].join(' '),
    );
}

const mistakes: readonly (readonly [what: string, files: Files, expected: string])[] = [
  ...['cluster-a', 'cluster-b'].flatMap((cluster): (typeof mistakes)[number][] => [
    [
      `the subject in ${cluster}`,
      { [`${cluster}/main.tf`]: root(cluster, { subject: 'shop:order' }) },
      `${cluster}/values.yaml.tftpl subject-mismatch → ${cluster}/main.tf`,
    ],
    [
      `the account in the values of ${cluster}`,
      { [`${cluster}/values.yaml.tftpl`]: template.replace('${account}', '${account}s') },
      `${cluster}/values.yaml.tftpl subject-mismatch → ${cluster}/main.tf`,
    ],
    [
      `one instance of a module in ${cluster}`,
      { [`${cluster}/main.tf`]: root(cluster, { mail: 'mial' }) },
      'modules/app/main.tf subject-mismatch → modules/app/main.tf',
    ],
    [
      `the principal of the associations' roles in ${cluster}`,
      { [`${cluster}/main.tf`]: root(cluster, { service: 'pod.eks.amazonaws.com' }) },
      `${cluster}/main.tf action-mismatch`,
    ],
  ]),
  [
    'the namespace of the Argo CD application',
    { 'argocd/payments.yaml': application('payment') },
    'charts/payments/values-prod.yaml subject-mismatch → iam/payments.json',
  ],
  [
    'the trust policy of the application',
    { 'iam/payments.json': trust('payments:payment') },
    'charts/payments/values-prod.yaml subject-mismatch → iam/payments.json',
  ],
  [
    'the overlay',
    { 'kustomize/overlays/prod/kustomization.yaml': overlay('namePrefix: prod-\n') },
    'kustomize/base/sa.yaml subject-mismatch → iam/search.json',
  ],
  [
    'the trust policy of the overlay',
    { 'iam/search.json': trust('serach:search') },
    'kustomize/base/sa.yaml subject-mismatch → iam/search.json',
  ],
];

/** A mismatch is told on both sides, each with the other. */
function onBothSides(expected: string): string[] {
  const [path, rule, , other] = expected.split(' ');
  return other === undefined ? [expected] : [expected, `${other} ${rule} → ${path}`];
}

describe('one repository with two clusters, an application and an overlay', () => {
  it('has nothing wrong', () => {
    expect(found(right)).toEqual([]);
  });

  it.each(mistakes)('with a mistake in %s, has that alone, on both sides', (_, wrong, expected) => {
    expect(found({ ...right, ...wrong }).sort()).toEqual(onBothSides(expected).sort());
  });

  it('with all of one side at once, has each', () => {
    const all = mistakes.filter(([what]) => /subject in|Argo|overlay$/.test(what) && !what.startsWith('the trust'));
    expect(found(Object.assign({}, right, ...all.map(([, files]) => files)) as Files).sort()).toEqual(
      all.flatMap(([, , each]) => onBothSides(each)).sort(),
    );
  });
});
