/** The workspace that this product grew from: one role, one account, one workload, and a trust policy that can never match. */
export const article = {
  'demo/trust-policy.json': `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::[ACCOUNT_ID]:oidc-provider/[OIDC_ID]"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringLike": {
          "[OIDC_ID]:aud": "system:serviceaccount:demo-namespace:*"
        }
      }
    }
  ]
}
`,
  'demo/service-account.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::[ACCOUNT_ID]:role/demo-role
`,
  'demo/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api-deployment
  namespace: demo-namespace
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      serviceAccountName: demo-sa
      containers:
        - name: api
          image: example/api:1
`,
} as const;
