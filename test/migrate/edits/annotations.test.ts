import { describe, expect, it } from 'vitest';
import { moveAddon } from '../../../server/src/core/migrate/edits/addons';
import { addAnnotation, removeAnnotation } from '../../../server/src/core/migrate/edits/annotations';
import type { ServiceAccountFact } from '../../../server/src/core/model/facts';
import type { SourceDocument } from '../../../server/src/core/syntax/sourceFile';
import { open, written } from './support';

const arn = 'arn:aws:iam::111122223333:role/orders';

function accountIn(text: string, name: string): { account: ServiceAccountFact; document: SourceDocument } | undefined {
  const { documents, facts } = open(text, name);
  const accounts = facts.filter((fact): fact is ServiceAccountFact => fact.kind === 'serviceAccount');
  const account = accounts.find(({ roleArn }) => roleArn) ?? accounts[0];
  return account && { account, document: documents.find(({ ref }) => ref === account.doc)! };
}

function remove(text: string, name: string): string {
  const found = accountIn(text, name);
  return found ? written(text, removeAnnotation(found.account, found.document)) : '[no account]';
}

function add(
  text: string,
  name: string,
  values: Parameters<typeof addAnnotation>[2] = { 'eks.amazonaws.com/role-arn': { text: arn } },
): string {
  const found = accountIn(text, name);
  return found ? written(text, addAnnotation(found.account, found.document, values)) : '[no account]';
}

/** Files with `‹…›` around what leaves, `‹…›→…` where something takes its place. */
const removals: readonly { id: string; file: string; text: string; again?: false }[] = [
  {
    id: 'manifest, with all companions',
    file: 'sa.yaml',
    text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: orders
  namespace: shop
‹  annotations:
    # the role
    eks.amazonaws.com/role-arn: ${arn} # for S3
    eks.amazonaws.com/audience: sts.amazonaws.com
    eks.amazonaws.com/sts-regional-endpoints: "true"
    eks.amazonaws.com/token-expiration: "86400"
›  labels:
    app: orders
`,
  },
  {
    id: 'manifest, beside other annotations, CRLF',
    file: 'sa.yaml',
    text: `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  annotations:\n    a: b\n‹    eks.amazonaws.com/role-arn: ${arn}\n›    c: d\n  name: orders\n  namespace: shop\n`.replaceAll(
      '\n',
      '\r\n',
    ),
  },
  {
    id: 'manifest in flow style',
    file: 'sa.yaml',
    text: `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: orders, namespace: shop‹, annotations: {eks.amazonaws.com/role-arn: "${arn}"}›}\n`,
  },
  {
    id: 'manifest in JSON',
    file: 'sa.json',
    text: `{
  "apiVersion": "v1",
  "kind": "ServiceAccount",
  "metadata": {
    "name": "orders",
    "annotations": {
      "a": "b"‹,
      "eks.amazonaws.com/role-arn": "${arn}"›
    }
  }
}
`,
  },
  {
    id: 'Helm values',
    file: 'charts/orders/values.yaml',
    text: `serviceAccount:
  create: true
‹  annotations:
    eks.amazonaws.com/role-arn: ${arn}
›  name: orders
image: x
`,
  },
  {
    id: 'Helm values that have nothing else',
    file: 'charts/orders/values.yaml',
    text: `serviceAccount:
  annotations:‹
    eks.amazonaws.com/role-arn: ${arn}›→ {}
image: x
`,
  },
  {
    id: 'Helm template beside a part of a template',
    file: 'charts/orders/templates/sa.yaml',
    text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "orders.name" . }}
  annotations:
‹    eks.amazonaws.com/role-arn: {{ .Values.role }}
›    {{- toYaml .Values.annotations | nindent 4 }}
`,
    again: false,
  },
  {
    id: 'Argo CD parameters',
    file: 'app.yaml',
    text: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: orders }
spec:
  destination: { namespace: shop }
  source:
    chart: orders
    repoURL: https://example.com
    helm:
      releaseName: orders
      parameters:
        - name: replicas
          value: "2"
‹        - name: serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn
          value: ${arn}
›`,
    again: false,
  },
  {
    id: 'Argo CD values as a text',
    file: 'app.yaml',
    text: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: orders }
spec:
  destination: { namespace: shop }
  source:
    chart: orders
    repoURL: https://example.com
    helm:
      values: |
        serviceAccount:
          name: orders
‹          annotations:
            eks.amazonaws.com/role-arn: ${arn}
›        replicas: 2
`,
    again: false,
  },
  {
    id: 'strategic merge patch',
    file: 'overlays/prod/sa-patch.yaml',
    text: `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n‹  annotations:\n    eks.amazonaws.com/role-arn: ${arn}\n›`,
  },
  {
    id: 'JSON operations of a kustomization',
    file: 'overlays/prod/kustomization.yaml',
    text: `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base]
patches:
  - target: { kind: ServiceAccount, name: orders }
    patch: |-
      - op: add
        path: /metadata/labels/a
        value: b
‹      - op: add
        path: /metadata/annotations/eks.amazonaws.com~1role-arn
        value: ${arn}
›images: []
`,
    again: false,
  },
  {
    id: 'a patch in a kustomization that is for the annotation alone, the only one',
    file: 'overlays/prod/kustomization.yaml',
    text: `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base]

‹patches:
  - patch: |
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: orders
        annotations:
          # made in iam/orders.tf
          eks.amazonaws.com/role-arn: ${arn}
    target:
      kind: ServiceAccount
      name: orders
›images: []
`,
    again: false,
  },
  {
    id: 'a patch in a kustomization that is for the annotation alone, between others, CRLF',
    file: 'overlays/prod/kustomization.yaml',
    text: `resources: [../../base]
patches:
  - path: deployment.yaml
‹  # the role
  - target: { kind: ServiceAccount, name: orders }
    patch: |-
      - op: replace
        path: /metadata/annotations/eks.amazonaws.com~1role-arn
        value: ${arn}
›  - path: service.yaml
kind: Kustomization
`.replaceAll('\n', '\r\n'),
    again: false,
  },
  {
    id: 'a patch in a kustomization that does more, with a comment',
    file: 'overlays/prod/kustomization.yaml',
    text: `kind: Kustomization
resources: [../../base]
patchesStrategicMerge:
  - |-
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: orders
‹      annotations:
        # made in iam/orders.tf
        eks.amazonaws.com/role-arn: ${arn}
›      labels: { a: b }
`,
    again: false,
  },
  {
    id: 'an operation that writes all annotations, beside others',
    file: 'overlays/prod/kustomization.yaml',
    text: `kind: Kustomization
resources: [../../base]
patches:
  - target: { kind: ServiceAccount, name: orders }
    patch: |-
‹      - op: add
        path: /metadata/annotations
        value:
          eks.amazonaws.com/role-arn: ${arn}
›      - op: add
        path: /metadata/labels/a
        value: b
`,
    again: false,
  },
  {
    id: 'an operation that makes the map on which others count',
    file: 'overlays/prod/kustomization.yaml',
    text: `kind: Kustomization
resources: [../../base]
patches:
  - target: { kind: ServiceAccount, name: orders }
    patch: |-
      - op: add
        path: /metadata/annotations
        value:‹
          eks.amazonaws.com/role-arn: ${arn}›→ {}
      - op: add
        path: /metadata/annotations/a
        value: b
`,
    again: false,
  },
  {
    id: 'one of the annotations that an operation writes',
    file: 'overlays/prod/sa.yaml',
    text: `- op: add
  path: /metadata/annotations
  value:
    a: b
‹    eks.amazonaws.com/role-arn: ${arn}
›`,
    again: false,
  },
  {
    id: 'an operation of a patch file',
    file: 'overlays/prod/sa.yaml',
    text: `‹- op: add
  path: /metadata/annotations
  value:
    eks.amazonaws.com/role-arn: ${arn}
›- { op: add, path: /metadata/labels/a, value: b }
`,
    again: false,
  },
  {
    id: 'Argo CD values as a text that have nothing else, with a comment',
    file: 'app.yaml',
    text: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: orders }
spec:
  destination: { namespace: shop }
  source:
    chart: orders
    repoURL: https://example.com
    helm:
      values: |
        serviceAccount:
          annotations:‹
            # made in iam/orders.tf
            eks.amazonaws.com/role-arn: ${arn}›→ {}
        replicas: 2
`,
    again: false,
  },
  {
    id: 'Terraform kubernetes_service_account',
    file: 'main.tf',
    text: `resource "kubernetes_service_account" "orders" {
  metadata {
    name      = "orders"
    namespace = "shop"
‹    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn
    }
›  }
}
`,
  },
  {
    id: 'Terraform kubernetes_service_account_v1, beside others',
    file: 'main.tf',
    text: `resource "kubernetes_service_account_v1" "orders" {
  metadata {
    name      = "orders"
    namespace = "shop"
    annotations = {
      "a" = "b"
‹      "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn # role
›    }
  }
}
`,
  },
  {
    id: 'Terraform kubernetes_annotations, which is nothing else',
    file: 'main.tf',
    text: `resource "kubernetes_namespace" "shop" {
  metadata {
    name = "shop"
  }
}
‹
resource "kubernetes_annotations" "orders" {
  api_version = "v1"
  kind        = "ServiceAccount"
  metadata {
    name      = "orders"
    namespace = "shop"
  }
  annotations = {
    "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn
  }
}
›`,
    again: false,
  },
  {
    id: 'Flux HelmRelease',
    file: 'release.yaml',
    text: `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: orders
  namespace: shop
spec:
  chart: { spec: { chart: orders } }
  values:
    serviceAccount:
      name: orders
‹      annotations:
        eks.amazonaws.com/role-arn: ${arn}
›    replicas: 2
`,
  },
  {
    id: 'Pulumi ServiceAccount',
    file: 'Pulumi.yaml',
    text: `name: app
runtime: yaml
resources:
  sa:
    type: kubernetes:core/v1:ServiceAccount
    properties:
      metadata:
        name: orders
        namespace: shop
‹        annotations:
          eks.amazonaws.com/role-arn: \${role.arn}
›  role:
    type: aws:iam:Role
`,
    again: false,
  },
  {
    id: 'Terraform helm_release, set blocks',
    file: 'main.tf',
    text: `resource "helm_release" "orders" {
  name      = "orders"
  chart     = "./chart"
  namespace = "shop"

  set {
    name  = "replicas"
    value = "2"
  }
‹
  set {
    name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
    value = aws_iam_role.orders.arn
  }
›
  depends_on = [aws_iam_role.orders]
}
`,
    again: false,
  },
  {
    id: 'Terraform helm_release, set list',
    file: 'main.tf',
    text: `resource "helm_release" "orders" {
  name      = "orders"
  chart     = "./chart"
  namespace = "shop"
  set = [
    {
      name  = "replicas"
      value = "2"
    },
‹    {
      name  = "serviceAccount.annotations.eks\\\\.amazonaws\\\\.com/role-arn"
      value = aws_iam_role.orders.arn
    },
›  ]
}
`,
    again: false,
  },
  {
    id: 'Terraform helm_release, yamlencode',
    file: 'main.tf',
    text: `resource "helm_release" "orders" {
  name      = "orders"
  chart     = "./chart"
  namespace = "shop"
  values = [yamlencode({
    serviceAccount = {
      name = "orders"
‹      annotations = {
        "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn
      }
›    }
  })]
}
`,
    again: false,
  },
  {
    id: 'Terraform helm_release, YAML in a heredoc',
    file: 'main.tf',
    text: `resource "helm_release" "orders" {
  name      = "orders"
  chart     = "./chart"
  namespace = "shop"
  values = [<<-EOT
    serviceAccount:
      create: true
‹      annotations:
        eks.amazonaws.com/role-arn: \${aws_iam_role.orders.arn}
›    replicas: 2
  EOT
  ]
}
`,
    again: false,
  },
  {
    id: 'eksctl',
    file: 'cluster.yaml',
    text: `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: prod, region: eu-west-1 }
iam:
  withOIDC: true
  serviceAccounts:
‹  # ours
  - metadata:
      name: orders
      namespace: shop
    attachRoleARN: ${arn}
›  - metadata:
      name: cart
      namespace: shop
    roleOnly: true
    attachRoleARN: ${arn}
`,
    again: false,
  },
  {
    id: 'eksctl, the only account',
    file: 'cluster.yaml',
    text: `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: prod, region: eu-west-1 }
iam:
  withOIDC: true
‹  serviceAccounts:
    - metadata: { name: orders, namespace: shop }
      attachRoleARN: ${arn}
›`,
    again: false,
  },
];

const before = (marked: string): string => marked.replace(/›→[^\r\n]*/g, '›').replace(/[‹›]/g, '');
const after = (marked: string): string => marked.replace(/‹[^›]*›(?:→)?/g, '');

describe.each(removals)('an annotation leaves: $id', ({ file, text }) => {
  it('with nothing else', () => {
    expect(remove(before(text), file)).toBe(after(text));
  });
});

describe.each(removals.filter(({ again }) => again !== false))('an annotation comes back: $id', ({ file, text }) => {
  it('and leaves again', () => {
    const back = add(after(text), file, {
      'eks.amazonaws.com/role-arn': file.endsWith('.tf') ? { expression: 'aws_iam_role.orders.arn' } : { text: arn },
    });
    expect(back.startsWith('[')).toBe(false);
    expect(accountIn(back, file)!.account.roleArn!.value!.value).toBe(accountIn(before(text), file)!.account.roleArn!.value!.value);
    expect(remove(back, file)).toBe(after(text));
  });
});

describe('an annotation stays', () => {
  it.each([
    [
      'in a branch of a template',
      'charts/x/templates/sa.yaml',
      `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  annotations:\n    {{- if .Values.role }}\n    eks.amazonaws.com/role-arn: {{ .Values.role }}\n    {{- end }}\n    a: b\n`,
    ],
    [
      'where an anchor shares it',
      'sa.yaml',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: orders\n    namespace: shop\n    annotations: &all\n      eks.amazonaws.com/role-arn: ${arn}\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: cart\n    namespace: shop\n    annotations: *all\n`,
    ],
    [
      'where a patch file has nothing else: kustomize rejects an empty one',
      'sa.yaml',
      `- op: add\n  path: /metadata/annotations/eks.amazonaws.com~1role-arn\n  value: ${arn}\n`,
    ],
    ['on an account without it', 'sa.yaml', `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n`],
  ])('%s', (_, file, text) => {
    expect(remove(text, file)).toMatch(/^\[/);
  });

  it('with another value, and refuses values that are none', () => {
    const text = `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/other\n`;
    expect(add(text, 'sa.yaml')).toMatch(/another value/);
    expect(add(text, 'sa.yaml', { 'eks.amazonaws.com/audience': { text: 'a"\nb: c' } })).toMatch(/not a valid value/);
    expect(add(text, 'sa.yaml', { 'x: y': { text: arn } })).toMatch(/not an annotation/);
    expect(add(text, 'sa.yaml', { 'eks.amazonaws.com/audience': { expression: 'var.x' } })).toMatch(/no place/);
  });
});

describe("an add-on's role becomes its association", () => {
  function move(text: string, name: string): string {
    const found = accountIn(text, name)!;
    return written(text, moveAddon(found.account, found.document));
  }

  it('in Terraform, as a block', () => {
    const text = `resource "aws_eks_addon" "ebs" {\n  cluster_name             = "prod"\n  addon_name               = "aws-ebs-csi-driver"\n  service_account_role_arn = module.ebs.iam_role_arn # role\n}\n`;
    const moved = move(text, 'main.tf');
    expect(moved).toBe(
      `resource "aws_eks_addon" "ebs" {\n  cluster_name = "prod"\n  addon_name   = "aws-ebs-csi-driver"\n  pod_identity_association {\n    role_arn        = module.ebs.iam_role_arn\n    service_account = "ebs-csi-controller-sa"\n  } # role\n}\n`,
    );
    const facts = open(moved, 'main.tf').facts.filter(({ kind }) => kind === 'podIdentityAssociation');
    expect(facts).toHaveLength(1);
  });

  it('in an argument of the module eks', () => {
    const text = `module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n  name   = "prod"\n  addons = {\n    aws-ebs-csi-driver = {\n      most_recent              = true\n      service_account_role_arn = module.ebs.arn\n    }\n  }\n}\n`;
    const moved = move(text, 'main.tf');
    expect(moved).toBe(
      text.replace(
        'service_account_role_arn = module.ebs.arn',
        'pod_identity_association = [{\n        role_arn        = module.ebs.arn\n        service_account = "ebs-csi-controller-sa"\n      }]',
      ),
    );
    expect(open(moved, 'main.tf').facts.filter(({ kind }) => kind === 'podIdentityAssociation')).toHaveLength(1);
  });

  it('in eksctl', () => {
    const text = `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  name: prod\n  region: eu-west-1\naddons:\n- name: aws-ebs-csi-driver\n  serviceAccountRoleARN: ${arn}\n  version: latest\n`;
    const moved = move(text, 'c.yaml');
    expect(moved).toBe(
      text.replace(
        `serviceAccountRoleARN: ${arn}`,
        `podIdentityAssociations:\n  - namespace: kube-system\n    serviceAccountName: ebs-csi-controller-sa\n    roleARN: ${arn}`,
      ) + '- name: eks-pod-identity-agent\n',
    );
    expect(open(moved, 'c.yaml').facts.filter(({ kind }) => kind === 'podIdentityAssociation')).toHaveLength(1);
  });
});
