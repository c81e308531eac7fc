import type { Files } from './host';

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
export const otherIssuer = 'oidc.eks.us-east-1.amazonaws.com/id/AAAAAAAA39D4633E53DE1B71EXAMPLE0';
export const account = '111122223333';

const provider = (of: string): string => `arn:aws:iam::${account}:oidc-provider/${of}`;

/** A manifest of an account with its annotation, and a Deployment that uses it. */
export const manifest = (name: string, role: string, namespace = 'shop'): string => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: ${namespace}
  annotations:
    # keep
    team: payments
    eks.amazonaws.com/role-arn: ${role}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  template:
    spec:
      serviceAccountName: ${name}
      containers:
        - name: app
          image: example/app:1
`;

export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

/** A statement for IRSA of a list of subjects. */
export const irsaStatement = (subjects: string | readonly string[], of = issuer, operator = 'StringEquals'): object => ({
  Effect: 'Allow',
  Principal: { Federated: provider(of) },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { [operator]: { [`${of}:sub`]: subjects } },
});

/** A trust policy as JSON text. */
export const trust = (...statements: readonly object[]): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;

/** GitHub Actions beside ours. */
export const github = {
  Effect: 'Allow',
  Principal: { Federated: provider('token.actions.githubusercontent.com') },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*:ref:refs/heads/main' },
  },
};

/** The settings that name the cluster, and what else is given. */
export const settings = (more = ''): string => `clusters:
  - name: demo
    account: '${account}'
    region: eu-west-1
    issuer: ${issuer}
    paths: ['**']
${more}`;

export const plainJson: Files = {
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  'iam/orders.json': trust(irsaStatement('system:serviceaccount:shop:orders'), github),
};

export const terraform: Files = {
  'infra/main.tf': `module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "demo"
}

data "aws_iam_policy_document" "orders" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [module.eks.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "\${module.eks.oidc_provider}:sub"
      values   = ["system:serviceaccount:shop:orders"]
    }
  }
}

resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = data.aws_iam_policy_document.orders.json
}

resource "kubernetes_service_account" "orders" {
  metadata {
    name      = "orders"
    namespace = "shop"
    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn
    }
  }
}
`,
};

/** A role in Terraform, and its account in the values of a chart. */
export const terraformAndHelm: Files = {
  'infra/role.tf': `resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = "${provider(issuer)}" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "${issuer}:sub" = "system:serviceaccount:shop:orders"
            "${issuer}:aud" = "sts.amazonaws.com"
          }
        }
      },
    ]
  })
}
`,
  'charts/orders/Chart.yaml': 'apiVersion: v2\nname: orders\nversion: 1.0.0\n',
  'charts/orders/values.yaml': `serviceAccount:
  create: true
  name: orders
  annotations:
    eks.amazonaws.com/role-arn: ${roleArn('orders')}
`,
  'charts/orders/templates/sa.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Values.serviceAccount.name }}
  namespace: {{ .Release.Namespace }}
  {{- with .Values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`,
  'apps/orders.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: orders
spec:
  source:
    repoURL: https://git.example.com/shop.git
    path: charts/orders
  destination:
    namespace: shop
`,
  'pod-roles.yaml': settings(),
};

export const cloudFormation: Files = {
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  'template.yaml': `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  ClusterName:
    Type: String
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Federated: ${provider(issuer)}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                ${issuer}:sub: system:serviceaccount:shop:orders
                ${issuer}:aud: sts.amazonaws.com
`,
};

export const ack: Files = {
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  'iam/role.yaml': `apiVersion: iam.services.k8s.aws/v1alpha1
kind: Role
metadata:
  name: orders
  namespace: infra
spec:
  name: orders
  assumeRolePolicyDocument: |
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "Federated": "${provider(issuer)}" },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:shop:orders" } }
        }
      ]
    }
`,
};

export const crossplane: Files = {
  'pod-roles.yaml': settings(),
  'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  'iam/role.yaml': `apiVersion: iam.aws.upbound.io/v1beta1
kind: Role
metadata:
  name: orders
spec:
  forProvider:
    assumeRolePolicy: |
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": { "Federated": "${provider(issuer)}" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:shop:orders" } }
          }
        ]
      }
`,
};

export const eksctl: Files = {
  'cluster.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: eu-west-1
iam:
  withOIDC: true
  serviceAccounts:
    - metadata:
        name: orders
        namespace: shop
      attachPolicyARNs:
        - arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
`,
};
