/** Evidence as AWS and Kubernetes write it: for one pod, one role, one moment. */
export interface Asked {
  readonly role?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly namespace?: string;
  readonly account?: string;
  readonly requestId?: string;
}

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
export const ordersRole = 'arn:aws:iam::111122223333:role/orders-role';

const full = (asked: Asked): Required<Asked> => ({
  role: ordersRole,
  issuer,
  audience: 'sts.amazonaws.com',
  namespace: 'shop',
  account: 'orders',
  requestId: '11111111-2222-4333-8444-555555555555',
  ...asked,
});

/** CloudTrail's event of AssumeRoleWithWebIdentity. Source: a public sample. */
export function webIdentityEvent(asked: Asked, errorCode: string | undefined = 'AccessDenied'): string {
  const { role, issuer: host, audience, namespace, account, requestId } = full(asked);
  const provider = `arn:aws:iam::111122223333:oidc-provider/${host}`;
  return JSON.stringify(
    {
      eventVersion: '1.08',
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: `${provider}:${audience}:system:serviceaccount:${namespace}:${account}`,
        userName: `system:serviceaccount:${namespace}:${account}`,
        identityProvider: provider,
      },
      eventTime: '2026-11-29T08:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRoleWithWebIdentity',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '203.0.113.10',
      userAgent: 'Boto3/1.34.100 md/Botocore#1.34.100 ua/2.0 os/linux#5.10 lang/python#3.12',
      ...(errorCode === undefined ? {} : { errorCode, errorMessage: 'An unknown error occurred' }),
      requestParameters: { roleArn: role, roleSessionName: 'botocore-session-1700000000' },
      responseElements:
        errorCode === undefined
          ? {
              credentials: {
                accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
                sessionToken: `IQoJb3JpZ2luX2VjE${'Zz9'.repeat(80)}`,
                expiration: 'Nov 29, 2026, 9:00:00 AM',
              },
              assumedRoleUser: {
                assumedRoleId: 'AROAEXAMPLEEXAMPLE:botocore-session-1700000000',
                arn: 'arn:aws:sts::111122223333:assumed-role/orders-role/botocore-session-1700000000',
              },
            }
          : null,
      requestID: requestId,
      eventID: '99999999-2222-4333-8444-555555555555',
      readOnly: true,
      resources: [{ accountId: '111122223333', type: 'AWS::IAM::Role', ARN: role }],
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
      tlsDetails: { clientProvidedHostHeader: 'sts.eu-west-1.amazonaws.com' },
    },
    undefined,
    2,
  );
}

/** CloudTrail's event of EKS Pod Identity's AssumeRole. Source: aws-samples/amazon-eks-security-immersion-day. */
export function podIdentityEvent(asked: Asked, errorCode: string | undefined = 'AccessDenied'): string {
  const { role, namespace, account, requestId } = full(asked);
  const tag = (key: string, value: string) => ({ key, value });
  return JSON.stringify(
    {
      eventVersion: '1.08',
      userIdentity: { type: 'AWSService', invokedBy: 'pods.eks.amazonaws.com' },
      eventTime: '2026-11-29T08:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      awsRegion: 'eu-west-1',
      userAgent: 'pods.eks.amazonaws.com',
      ...(errorCode === undefined ? {} : { errorCode, errorMessage: 'An unknown error occurred' }),
      requestParameters: {
        roleArn: role,
        roleSessionName: 'eks-prod-orders-7c9d-7a1b2c3d-0000-4000-8000-123456789abc',
        durationSeconds: 21600,
        tags: [
          tag('eks-cluster-arn', 'arn:aws:eks:eu-west-1:111122223333:cluster/prod'),
          tag('eks-cluster-name', 'prod'),
          tag('kubernetes-namespace', namespace),
          tag('kubernetes-service-account', account),
          tag('kubernetes-pod-name', 'orders-7c9d'),
          tag('kubernetes-pod-uid', '7a1b2c3d-0000-4000-8000-123456789abc'),
        ],
        transitiveTagKeys: ['eks-cluster-arn'],
      },
      responseElements: null,
      requestID: requestId,
      recipientAccountId: '111122223333',
    },
    undefined,
    2,
  );
}

/** What `aws cloudtrail lookup-events` prints around an event. */
export function lookup(...events: readonly string[]): string {
  return JSON.stringify(
    {
      Events: events.map((each) => ({
        EventId: '99999999-2222-4333-8444-555555555555',
        EventName: 'AssumeRoleWithWebIdentity',
        ReadOnly: 'true',
        Username: 'x',
        Resources: [],
        CloudTrailEvent: JSON.stringify(JSON.parse(each)),
      })),
    },
    undefined,
    4,
  );
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of a pod, as kubelet writes it. Its signature is a secret that tests look for. */
export function token(asked: Asked, signature = 'c2lnbmF0dXJl'.repeat(28).slice(0, 342)): string {
  const { issuer: host, audience, namespace, account } = full(asked);
  const claims = {
    aud: [audience],
    exp: 1790000000,
    iat: 1789913600,
    iss: `https://${host}`,
    jti: '4f1d0c1e-0000-4000-8000-000000000001',
    'kubernetes.io': {
      namespace,
      node: { name: 'ip-10-0-1-2', uid: 'u' },
      pod: { name: 'orders-7c9d', uid: 'u' },
      serviceaccount: { name: account, uid: 'u' },
    },
    nbf: 1789913600,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
  return `${base64url({ alg: 'RS256', kid: '0123456789abcdef' })}.${base64url(claims)}.${signature}`;
}

/** `kubectl get pod -o yaml`. */
export function podYaml(
  env: Readonly<Record<string, string>>,
  options: { readonly labels?: Readonly<Record<string, string>>; readonly account?: string } = {},
): string {
  const pairs = Object.entries(env);
  return `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubernetes.io/psp: eks.privileged
  creationTimestamp: "2026-11-29T07:00:00Z"
  labels:
    app: orders
${Object.entries(options.labels ?? {})
  .map(([key, value]) => `    ${key}: "${value}"\n`)
  .join('')}  name: orders-7c9d
  namespace: shop
spec:
  containers:
  - ${pairs.length === 0 ? 'image: orders:1' : `env:\n${pairs.map(([name, value]) => `    - name: ${name}\n      value: ${value}`).join('\n')}\n    image: orders:1`}
    name: app
    volumeMounts:
    - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
      name: kube-api-access-x
  nodeName: ip-10-0-1-2
  serviceAccount: ${options.account ?? 'orders'}
  serviceAccountName: ${options.account ?? 'orders'}
  volumes:
  - name: kube-api-access-x
    projected:
      sources:
      - serviceAccountToken:
          expirationSeconds: 3607
          path: token
status:
  phase: Running
`;
}

export const irsaEnvironment = {
  AWS_ROLE_ARN: ordersRole,
  AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
  AWS_REGION: 'eu-west-1',
};
export const podIdentityEnvironment = {
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
};

/** `kubectl describe pod`, shortened. */
export function podDescription(env: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(env);
  return `Name:             orders-7c9d
Namespace:        shop
Priority:         0
Service Account:  orders
Node:             ip-10-0-1-2/10.0.1.2
Labels:           app=orders
                  pod-template-hash=7c9d
Annotations:      <none>
Status:           Running
Containers:
  app:
    Container ID:   containerd://1
    Image:          orders:1
    State:          Running
    Environment:${pairs.length === 0 ? '    <none>' : `\n${pairs.map(([name, value]) => `      ${name}:  ${value}`).join('\n')}`}
    Mounts:
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-x (ro)
Conditions:
  Type              Status
  Ready             True
Volumes:
  kube-api-access-x:
    Type:                    Projected (a volume that contains injected data from multiple sources)
Events:          <none>
`;
}

/** `kubectl get serviceaccount -o yaml`. */
export function accountYaml(role: string | undefined): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
${role === undefined ? '' : `  annotations:\n    eks.amazonaws.com/role-arn: ${role}\n`}  creationTimestamp: "2026-11-01T07:00:00Z"
  name: orders
  namespace: shop
  resourceVersion: "1"
  uid: 11111111-0000-4000-8000-000000000000
`;
}

export const denied =
  'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity';
export const goDenied = (requestId: string) =>
  `operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 403, RequestID: ${requestId}, api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity`;
