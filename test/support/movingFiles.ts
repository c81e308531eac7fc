/** A small repository in which two accounts use IRSA: one with a manifest and a policy of JSON, one in Terraform. */

const provider = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

export const manifest = 'k8s/orders.yaml';
export const trust = 'iam/orders-role/trust.json';
export const terraform = 'infra/main.tf';

export const movingFiles = {
  [manifest]: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: orders
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/orders-role
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      serviceAccountName: orders
      containers:
        - name: orders
          image: example.com/orders:1
`,
  [trust]: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": { "StringEquals": { "token.actions.githubusercontent.com:sub": "repo:example/shop:ref:refs/heads/main" } }
    },
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/${provider}" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "${provider}:sub": "system:serviceaccount:shop:orders",
          "${provider}:aud": "sts.amazonaws.com"
        }
      }
    }
  ]
}
`,
  [terraform]: `data "aws_iam_policy_document" "cart" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/${provider}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${provider}:sub"
      values   = ["system:serviceaccount:shop:cart"]
    }
  }
}

resource "aws_iam_role" "cart" {
  name               = "cart-role"
  assume_role_policy = data.aws_iam_policy_document.cart.json
}

resource "kubernetes_service_account_v1" "cart" {
  metadata {
    name      = "cart"
    namespace = "shop"
    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.cart.arn
    }
  }
}
`,
  'pod-roles.yaml': `clusters:
  - {name: demo, account: "111122223333", region: eu-west-1, issuer: ${provider}, paths: ["**"]}
`,
} as const;
