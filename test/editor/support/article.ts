/** The workspace of the article that the project grew from, with its mistake in the trust policy. */
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

export const mistakenKey = `${issuer}:aud`;
export const rightKey = `${issuer}:sub`;

/** The trust policy with a condition line of one's own. */
export function trustPolicy(condition: string): string {
  return `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}"
      },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringLike": {
          ${condition}
        }
      }
    }
  ]
}
`;
}

export const mistake = `"${mistakenKey}": "system:serviceaccount:demo-namespace:*"`;
export const mended = `"${rightKey}": "system:serviceaccount:demo-namespace:*"`;

export const serviceAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/demo-role
`;

export const deployment = `apiVersion: apps/v1
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
          image: nginx
`;

export function articleFiles(condition: string): Record<string, string> {
  return {
    'k8s/sa.yaml': serviceAccount,
    'k8s/deploy.yaml': deployment,
    'iam/demo-role/trust.json': trustPolicy(condition),
  };
}
