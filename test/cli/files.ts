/** A ServiceAccount whose annotation is no role's ARN: one finding of role-arn-malformed. */
export const wrongAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: wrong
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:user/someone
`;

/** A ServiceAccount without a mistake. */
export const rightAccount = account('app', 'demo', 'arn:aws:iam::111122223333:role/app');

/** An unquoted number, which Kubernetes refuses: `--fix` can quote it. */
export const fixableAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app
    eks.amazonaws.com/token-expiration: 3600
`;

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

export function account(name: string, namespace: string | undefined, roleArn: string | undefined): string {
  return [
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata:',
    `  name: ${name}`,
    ...(namespace === undefined ? [] : [`  namespace: ${namespace}`]),
    ...(roleArn === undefined ? [] : ['  annotations:', `    eks.amazonaws.com/role-arn: ${roleArn}`]),
    '',
  ].join('\n');
}

export function deployment(name: string, namespace: string, serviceAccount: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  template:
    spec:
      serviceAccountName: ${serviceAccount}
      containers:
        - name: app
          image: app
`;
}

/** A trust policy that admits one subject (or what a pattern takes in, under StringLike). */
export function trust(subject: string, options: { account?: string; operator?: string; audience?: string } = {}): string {
  const { account: id = '111122223333', operator = 'StringEquals', audience = 'sts.amazonaws.com' } = options;
  return `${JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${issuer}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { [operator]: { [`${issuer}:sub`]: subject, [`${issuer}:aud`]: audience } },
        },
      ],
    },
    null,
    2,
  )}\n`;
}
