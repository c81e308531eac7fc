import { describe, expect, it } from 'vitest';
import { judge } from '../../server/src/core/trust/judge';
import { policyFromText } from '../../server/src/core/readers/policyDocument';
import { plan, resultText, step } from '../../server/src/core/migrate/chunk';
import { hostOf, planLines, stepped, type Files } from './host';
import {
  account,
  github,
  irsaStatement,
  issuer,
  manifest,
  otherIssuer,
  plainJson,
  roleArn,
  settings,
  terraform,
  terraformAndHelm,
  trust,
} from './repositories';

/** AWS data with associations. */
const snapshot = (more: object): string =>
  JSON.stringify({
    version: 1,
    accounts: [
      {
        id: account,
        partition: 'aws',
        takenAt: '2026-11-20T10:00:00Z',
        roles: [],
        policies: [],
        providers: [],
        clusters: [],
        associations: [],
        partial: [],
        regions: ['eu-west-1'],
        ...more,
      },
    ],
  });

const cluster = { arn: `arn:aws:eks:eu-west-1:${account}:cluster/demo`, name: 'demo', region: 'eu-west-1', issuer };
const associationOf = (serviceAccount: string, role = serviceAccount): object => ({
  id: `a-${serviceAccount}`,
  clusterName: 'demo',
  region: 'eu-west-1',
  namespace: 'shop',
  serviceAccount,
  roleArn: roleArn(role),
});

const may = (text: string, subject: string, of: string): string => {
  const [namespace, serviceAccount] = subject.split('/');
  return judge(policyFromText(text), { mechanism: 'irsa', issuer: of, namespace, serviceAccount, roleAccount: account }).decision;
};

describe('several accounts on one policy', () => {
  const files: Files = {
    'pod-roles.yaml': settings(),
    'k8s/orders.yaml': manifest('orders', roleArn('shop')),
    'k8s/cart.yaml': manifest('cart', roleArn('shop')),
    'k8s/reports.yaml': manifest('reports', roleArn('shop')),
    'pod-roles.snapshot.json': snapshot({
      clusters: [cluster],
      associations: ['orders', 'cart', 'reports'].map((name) => associationOf(name, 'shop')),
    }),
    'iam/shop.json': trust(
      irsaStatement(['orders', 'cart', 'reports'].map((name) => `system:serviceaccount:shop:${name}`)),
      github,
      irsaStatement('system:serviceaccount:shop:orders', otherIssuer),
    ),
  };

  it('are one edit that composes, and take one statement', () => {
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(result.accounts).toEqual(['shop/cart', 'shop/orders', 'shop/reports']);
    const policy = JSON.parse(after['iam/shop.json']!) as { Statement: { Condition: { StringEquals: Record<string, unknown> } }[] };
    expect(policy.Statement).toHaveLength(4);
    expect(policy.Statement[3]!.Condition.StringEquals['aws:RequestTag/kubernetes-service-account']).toEqual(['cart', 'orders', 'reports']);
  });

  it('one of them leaves, and the others, GitHub and the other cluster stay to the letter', () => {
    const { files: expanded } = stepped(files, { step: 'expand' });
    const { result, files: after } = stepped(expanded, { step: 'contract', accounts: [{ namespace: 'shop', name: 'orders' }] });
    expect(result.refused).toEqual([]);
    expect(result.accounts).toEqual(['shop/orders']);
    const text = after['iam/shop.json']!;
    const [before, now] = [expanded['iam/shop.json']!, text].map((each) => each.split('\n'));
    expect(before!.filter((line) => !now!.includes(line)).map((line) => line.trim())).toEqual(['"system:serviceaccount:shop:orders",']);
    expect(before!.length - now!.length).toBe(1);
    expect(text).toContain(JSON.stringify(github, null, 2).split('\n').slice(1, -1).map((line) => `    ${line}`).join('\n')); // prettier-ignore
    expect(may(text, 'shop/orders', issuer)).toBe('denied');
    expect(may(text, 'shop/orders', otherIssuer)).toBe('allowed');
    expect(may(text, 'shop/cart', issuer)).toBe('allowed');
    expect(after['k8s/cart.yaml']).toBe(files['k8s/cart.yaml']);
    expect(after['k8s/orders.yaml']).toBe(files['k8s/orders.yaml']!.replace(/ *eks\.amazonaws\.com\/role-arn.*\n/, ''));
  });

  it('all of them leave with their statement', () => {
    const { files: expanded } = stepped(files, { step: 'expand' });
    const { files: after } = stepped(expanded, { step: 'contract' });
    const policy = JSON.parse(after['iam/shop.json']!) as { Statement: object[] };
    expect(policy.Statement.slice(0, 2)).toEqual([github, irsaStatement('system:serviceaccount:shop:orders', otherIssuer)]);
    expect(policy.Statement).toHaveLength(3);
  });

  it('undo takes one of them back', () => {
    const { files: expanded } = stepped(files, { step: 'expand' });
    const { result, files: after } = stepped(expanded, { step: 'undo', accounts: [{ namespace: 'shop', name: 'cart' }] });
    expect(result.refused).toEqual([]);
    expect(result.script).toContain('aws eks delete-pod-identity-association');
    const policy = JSON.parse(after['iam/shop.json']!) as { Statement: { Condition: { StringEquals: Record<string, unknown> } }[] };
    expect(policy.Statement[3]!.Condition.StringEquals['aws:RequestTag/kubernetes-service-account']).toEqual(['orders', 'reports']);
    expect(stepped(expanded, { step: 'undo' }).files['iam/shop.json']).toBe(files['iam/shop.json']);
  });
});

describe('a wildcard', () => {
  const files: Files = {
    'pod-roles.yaml': settings(),
    'k8s/orders.yaml': manifest('orders', roleArn('shop')),
    'k8s/cart.yaml': manifest('cart', roleArn('shop')),
    'iam/shop.json': trust(irsaStatement('system:serviceaccount:shop:*', issuer, 'StringLike')),
    'pod-roles.snapshot.json': snapshot({ clusters: [cluster], associations: [associationOf('orders', 'shop')] }),
  };

  it('stays, and the plan says so of each account', () => {
    expect(planLines(files)).toEqual([
      'shop/cart → shop: not-started can-move [wildcard-subject]',
      'shop/orders → shop: moving can-move [wildcard-subject]',
    ]);
    const { files: expanded } = stepped(files, { step: 'expand' });
    const { result, files: after } = stepped(expanded, { step: 'contract', accounts: [{ namespace: 'shop', name: 'orders' }] });
    expect(result.refused).toEqual([]);
    expect(after['k8s/orders.yaml']).not.toContain('role-arn');
    expect(after['iam/shop.json']).toBe(expanded['iam/shop.json']);
  });

  it('has each account take an association of its own', () => {
    const { result } = stepped(files, { step: 'expand' });
    expect(result.script).toContain('--service-account cart');
    expect(result.script).not.toContain('--service-account orders');
  });
});

describe('what does not move', () => {
  const codes = (files: Files): string[] => planLines(files);

  it('a role in another account', () => {
    const other = plainJson['k8s/orders.yaml']!.replaceAll(account, '444455556666');
    const policy = plainJson['iam/orders.json']!.replaceAll(account, '444455556666');
    expect(codes({ ...plainJson, 'k8s/orders.yaml': other, 'iam/orders.json': policy })).toEqual([
      'shop/orders → orders: not-started cannot-move [cross-account-role!]',
    ]);
  });

  it('a cluster that is not EKS', () => {
    const own = 'k8s-oidc.example.com';
    const files = Object.fromEntries(Object.entries(plainJson).map(([path, text]) => [path, text.replaceAll(issuer, own)]));
    expect(codes(files)).toEqual(['shop/orders → orders: not-started cannot-move [self-managed-cluster!]']);
  });

  it('pods on Windows, and on Fargate', () => {
    const windows = plainJson['k8s/orders.yaml']!.replace(
      '      containers:',
      '      nodeSelector:\n        kubernetes.io/os: windows\n      containers:',
    );
    expect(codes({ ...plainJson, 'k8s/orders.yaml': windows })).toEqual(['shop/orders → orders: not-started cannot-move [windows!]']);
    const fargate = plainJson['k8s/orders.yaml']!.replace(
      '      containers:',
      '      nodeSelector:\n        eks.amazonaws.com/compute-type: fargate\n      containers:',
    );
    expect(codes({ ...plainJson, 'k8s/orders.yaml': fargate })).toEqual(['shop/orders → orders: not-started cannot-move [fargate!]']);
  });

  it('pods that a Fargate profile of the cluster selects, whatever spells the cluster', () => {
    const profile = (cluster: string, namespace = 'shop'): string =>
      `resource "aws_eks_fargate_profile" "shop" {\n  cluster_name = ${cluster}\n  selector {\n    namespace = "${namespace}"\n  }\n}\n`;
    expect(codes({ ...plainJson, 'iam/fargate.tf': profile('"demo"') })).toEqual([
      'shop/orders → orders: not-started cannot-move [fargate!]',
    ]);
    for (const other of [profile('"another"'), profile('"demo"', 'default'), profile('var.cluster')])
      expect(codes({ ...plainJson, 'iam/fargate.tf': other })).toEqual(['shop/orders → orders: not-started can-move']);
    const deployed = `${terraform['infra/main.tf']!}
resource "kubernetes_deployment" "orders" {
  metadata {
    name      = "orders"
    namespace = "shop"
  }
  spec {
    template {
      spec {
        service_account_name = "orders"
        container {
          name = "app"
        }
      }
    }
  }
}
`;
    expect(codes({ 'infra/main.tf': deployed })).toEqual([expect.stringMatching(/not-started can-move$/)]);
    expect(codes({ 'infra/main.tf': deployed, 'infra/fargate.tf': profile('module.eks.cluster_name') })).toEqual([
      expect.stringMatching(/not-started cannot-move \[fargate!\]$/),
    ]);
  });

  it('an entry that two files of eksctl have for one cluster would get two associations', () => {
    const config = (cluster: string, name: string): string =>
      `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: ${cluster}, region: eu-west-1}\niam:\n  withOIDC: true\n  serviceAccounts:\n    - metadata: {name: ${name}, namespace: shop}\n      attachPolicyARNs: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n`;
    const twice = { 'blue.yaml': config('demo', 'orders'), 'copy.yaml': config('demo', 'orders') };
    const states = (files: Files): string[] => codes(files).map((line) => line.replace(/^.*: /, ''));
    expect(states(twice)).toEqual(['not-started unknown [association-exists!]', 'not-started unknown [association-exists!]']);
    expect(stepped(twice, { step: 'expand' }).files).toEqual(twice);
    for (const other of [config('green', 'orders'), config('demo', 'cart')])
      expect(states({ ...twice, 'copy.yaml': other })).toEqual(['not-started can-move', 'not-started can-move']);
  });

  it('an account without known workloads in a namespace that a Fargate profile takes as a whole is unknown', () => {
    const eksctl = (iam: string, profiles: string): Files => ({
      'cluster.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: {name: ${iam}, namespace: kube-system}
      wellKnownPolicies: {awsLoadBalancerController: true}
fargateProfiles:
  - name: all
    selectors: [${profiles}]
`,
    });
    const files = eksctl('lb', '{namespace: default}, {namespace: kube-*}');
    expect(codes(files)).toEqual(['kube-system/lb → role created by eksctl: not-started unknown [fargate!]']);
    expect(stepped(files, { step: 'expand' }).files).toEqual(files);
    // One document of eksctl is of one cluster, whatever its name is.
    const unnamed = { 'cluster.yaml': files['cluster.yaml']!.replace('name: demo', 'name: ${CLUSTER_NAME}') };
    expect(codes(unnamed)).toEqual([expect.stringMatching(/ unknown \[.*fargate!/)]);
    // Labels select some pods only; the pods of VPC CNI are a DaemonSet's, as those of a workload in the files may be.
    const daemon = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: lb
  namespace: kube-system
spec:
  template:
    spec:
      serviceAccountName: lb
`;
    for (const silent of [
      eksctl('lb', '{namespace: kube-system, labels: {fargate: enabled}}'),
      eksctl('lb', '{namespace: default}'),
      eksctl('aws-node', '{namespace: kube-system}'),
      { ...files, 'ds.yaml': daemon },
    ])
      expect(codes(silent).map((line) => line.replace(/^.*: /, ''))).toEqual(['not-started can-move']);
  });

  it('pods that a Fargate profile of AWS selects, in the cluster that the issuer tells', () => {
    const withProfile = (namespace: string, more: object = {}): Files => ({
      ...plainJson,
      'pod-roles.snapshot.json': snapshot({
        clusters: [{ ...cluster, fargateProfiles: [{ name: 'p', selectors: [{ namespace, labels: {} }] }], ...more }],
      }),
    });
    expect(codes(withProfile('sho*'))).toEqual(['shop/orders → orders: not-started cannot-move [fargate!]']);
    const [{ reasons } = { reasons: [] }] = plan(hostOf(withProfile('shop')), { direction: 'to-pod-identity' }).accounts;
    expect(reasons[0]?.message).toBe(
      "A Fargate profile of cluster demo (snapshot of 2026-11-20) selects Deployment shop/orders, and EKS Pod Identity isn't available on AWS Fargate.",
    );
    for (const other of [
      withProfile('default'),
      withProfile('shop', { fargateProfiles: [] }),
      withProfile('shop', { fargateProfiles: undefined }),
    ])
      expect(codes(other)).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('pods that mount a token for AWS by themselves, and not those whose token is for Vault or a service mesh', () => {
    const withToken = (audience: string): Files => ({
      ...plainJson,
      'k8s/orders.yaml': plainJson['k8s/orders.yaml']!.replace(
        '      containers:',
        `      volumes: [{name: own, projected: {sources: [{serviceAccountToken: {audience: ${audience}, path: token}}]}}]\n      containers:`,
      ),
    });
    for (const audience of ['sts.amazonaws.com', 'my-audience'])
      expect(codes(withToken(audience))).toEqual(['shop/orders → orders: not-started cannot-move [operator-needs-token!]']);
    for (const audience of ['vault', 'istio-ca', 'https://kubernetes.default.svc.cluster.local'])
      expect(codes(withToken(audience))).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('an AWS CLI that is too old, and not one that is new enough or of an unknown version', () => {
    const withImage = (image: string): Files => ({
      ...plainJson,
      'k8s/orders.yaml': plainJson['k8s/orders.yaml']!.replace('example/app:1', image),
    });
    for (const image of ['amazon/aws-cli:2.14.6', 'public.ecr.aws/aws-cli/aws-cli:2.9.0', 'amazon/aws-cli:1.29.85'])
      expect(codes(withImage(image))).toEqual(['shop/orders → orders: not-started cannot-move [sdk-too-old!]']);
    for (const image of [
      'amazon/aws-cli:2.15.0',
      'amazon/aws-cli:latest',
      'amazon/aws-cli:1.30.0',
      'example/aws-cli:1.0.0',
      'amazon/aws-cli:2.100.1',
    ])
      expect(codes(withImage(image))).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('an account that cannot assume its role now', () => {
    expect(codes({ ...plainJson, 'iam/orders.json': plainJson['iam/orders.json']!.replace('shop:orders', 'shop:order') })).toEqual([
      'shop/order → the role: not-started unknown [account-not-in-files role-not-found!]',
      'shop/orders → orders: not-started cannot-move [denied-now!]',
    ]);
  });

  it('a role whose policy is in no file, and one of several', () => {
    const { 'iam/orders.json': policy, ...rest } = plainJson;
    expect(codes(rest)).toEqual(['shop/orders → orders: not-started unknown [role-not-found!]']);
    expect(codes({ ...rest, 'dev/orders.json': policy!, 'stage/orders.json': policy!.replace('main', 'stage') })[0]).toMatch(
      /role-not-found!/,
    );
  });

  it('an account whose cluster is told nowhere, until the user names it', () => {
    const { 'pod-roles.yaml': _, ...files } = plainJson;
    expect(codes(files)).toEqual(['shop/orders → orders: not-started unknown [cluster-unknown!]']);
    expect(planLines(files, { direction: 'to-pod-identity', cluster: 'demo' })).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('an account that has an association with another role', () => {
    const files = {
      ...plainJson,
      'pod-roles.snapshot.json': snapshot({ clusters: [cluster], associations: [associationOf('orders', 'other')] }),
    };
    expect(codes(files)[0]).toMatch(/^shop\/orders → orders: not-started cannot-move \[.*association-exists!/);
  });

  it('a policy that would grow over the quota', () => {
    const long = trust(irsaStatement(['orders', ...Array.from({ length: 32 }, (_, i) => `service-account-number-${i}`)].map((name) => `system:serviceaccount:shop:${name}`))); // prettier-ignore
    expect(codes({ ...plainJson, 'iam/orders.json': long }).filter((line) => line.startsWith('shop/orders'))).toEqual([
      'shop/orders → orders: not-started cannot-move [quota!]',
    ]);
  });

  it('one of several clusters, where no file tells which', () => {
    const policy = trust(
      irsaStatement('system:serviceaccount:shop:orders'),
      irsaStatement('system:serviceaccount:shop:orders', otherIssuer),
    );
    const { 'pod-roles.yaml': _, ...rest } = plainJson;
    const files: Files = { ...rest, 'iam/orders.json': policy };
    expect(codes(files)).toEqual(['shop/orders → orders: not-started unknown [several-clusters! cluster-unknown!]']);
    expect(codes({ ...files, 'pod-roles.yaml': settings() })).toEqual(['shop/orders → orders: not-started can-move [several-clusters]']);
  });

  it('an account without a name or a namespace', () => {
    const both = trust(irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:cart:orders']));
    const without = plainJson['k8s/orders.yaml']!.replaceAll('  namespace: shop\n', '');
    const files = { ...plainJson, 'k8s/orders.yaml': without, 'iam/orders.json': both };
    expect(codes(files).at(-1)).toMatch(/^orders → orders: not-started unknown \[identity-unknown!/);
  });
});

describe('one text that makes many roles', () => {
  const module = `variable "namespace" {
  type = string
}
variable "name" {
  type = string
}
variable "cluster_name" {
  type = string
}

resource "aws_iam_role" "this" {
  name = "role-\${var.name}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${account}:oidc-provider/${issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "${issuer}:sub" = "system:serviceaccount:\${var.namespace}:\${var.name}" } }
    }]
  })
}

resource "kubernetes_service_account" "this" {
  metadata {
    name        = var.name
    namespace   = var.namespace
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.this.arn }
  }
}
`;
  const call = (name: string): string =>
    `module "${name}" {\n  source       = "./irsa"\n  namespace    = "shop"\n  name         = "${name}"\n  cluster_name = "demo"\n}\n`;
  const files: Files = { 'main.tf': call('orders') + call('cart'), 'irsa/main.tf': module, 'pod-roles.yaml': settings() };

  it('moves them together, each by its own names', () => {
    expect(planLines(files)).toEqual(['shop/cart → role-cart: not-started can-move', 'shop/orders → role-orders: not-started can-move']);
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(result.proofs).toHaveLength(2);
    expect(after['irsa/main.tf']).toContain('"aws:RequestTag/kubernetes-service-account" = var.name');
    expect(after['irsa/main.tf']!.match(/aws_eks_pod_identity_association/g)).toHaveLength(1);
    expect(planLines(after)).toEqual(['shop/cart → role-cart: moving can-move', 'shop/orders → role-orders: moving can-move']);
    expect(stepped(after, { step: 'undo' }).files).toEqual(files);
    const { files: done } = stepped(after, { step: 'contract' });
    expect(planLines(done)).toEqual(['shop/cart → role-cart: done can-move', 'shop/orders → role-orders: done can-move']);
  });

  it('does not move one of them behind the other one’s back', () => {
    const { result, files: after } = stepped(files, { step: 'expand', accounts: [{ namespace: 'shop', name: 'cart' }] });
    expect(after).toEqual(files);
    expect(result.refused).toEqual([{ account: 'shop/cart', reason: expect.stringMatching(/aren't part of this step/) as string }]);
  });
});

describe('the way back', () => {
  const files: Files = {
    'pod-roles.yaml': settings(),
    'k8s/orders.yaml': manifest('orders', roleArn('orders')).replace(/ *eks\.amazonaws\.com\/role-arn.*\n/, ''),
    'pod-roles.snapshot.json': snapshot({ clusters: [cluster], associations: [associationOf('orders')] }),
    'iam/orders.json': trust({
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    }),
  };
  const back = { direction: 'to-irsa' } as const;

  it('adds the statement and the annotation, and then takes the association away', () => {
    expect(planLines(files, back)).toEqual(['shop/orders → orders: not-started can-move [open-to-others]']);
    const { result, files: after } = stepped(files, { ...back, step: 'expand' });
    expect(result.refused).toEqual([]);
    for (const { proof } of result.proofs) expect(proof).toEqual({ keeps: { kind: 'included' }, addsNobody: { kind: 'included' } });
    expect(may(after['iam/orders.json']!, 'shop/orders', issuer)).toBe('allowed');
    expect(may(after['iam/orders.json']!, 'shop/other', issuer)).toBe('denied');
    expect(after['k8s/orders.yaml']).toContain(`eks.amazonaws.com/role-arn: ${roleArn('orders')}`);
    expect(stepped(after, { ...back, step: 'expand' }).files).toEqual(after);
    expect(stepped(after, { ...back, step: 'undo' }).files).toEqual(files);
    const contracted = stepped(after, { ...back, step: 'contract' });
    expect(contracted.result.refused).toEqual([]);
    expect(contracted.result.script).toContain('delete-pod-identity-association');
  });
});

describe('a role that AWS alone has', () => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [irsaStatement('system:serviceaccount:shop:orders'), github] });
  const role = { arn: roleArn('orders'), name: 'orders', path: '/', trustPolicy: policy, detail: false };
  const { 'iam/orders.json': _, ...rest } = plainJson;
  const files: Files = { ...rest, 'pod-roles.snapshot.json': snapshot({ clusters: [cluster], roles: [role] }) };

  it('is changed by a script, with the whole new policy', () => {
    expect(planLines(files)).toEqual(['shop/orders → orders: not-started can-move']);
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(after).toEqual(files);
    expect(result.proofs[0]!.proof).toEqual({ keeps: { kind: 'included' }, addsNobody: { kind: 'included' } });
    const written = /--policy-document '(.*)'$/m.exec(result.script!)![1]!;
    const { Statement } = JSON.parse(written) as { Statement: object[] };
    expect(Statement.slice(0, 2)).toEqual([irsaStatement('system:serviceaccount:shop:orders'), github]);
    expect(Statement).toHaveLength(3);
  });
});

it('overlays that share an annotation are not torn apart', () => {
  const files: Files = {
    'base/sa.yaml': manifest('orders', roleArn('orders')).replaceAll('  namespace: shop\n', ''),
    'base/kustomization.yaml': 'resources: [sa.yaml]\n',
    'overlays/dev/kustomization.yaml': 'namespace: dev\nresources: [../../base]\n',
    'overlays/prod/kustomization.yaml': 'namespace: prod\nresources: [../../base]\n',
    'iam/orders.json': trust(irsaStatement(['system:serviceaccount:dev:orders', 'system:serviceaccount:prod:orders'])),
    'pod-roles.yaml': settings('roles:\n  orders: iam/orders.json\n'),
    'pod-roles.snapshot.json': snapshot({
      clusters: [cluster],
      associations: ['dev', 'prod'].map((namespace) => ({ ...associationOf('orders'), id: `a-${namespace}`, namespace })),
    }),
  };
  expect(planLines(files)).toEqual(['dev/orders → orders: moving can-move', 'prod/orders → orders: moving can-move']);
  const { files: expanded } = stepped(files, { step: 'expand' });
  const alone = stepped(expanded, { step: 'contract', accounts: [{ namespace: 'dev', name: 'orders' }] });
  expect(alone.files).toEqual(expanded);
  expect(alone.result.refused).toEqual([{ account: 'dev/orders', reason: expect.stringMatching(/Move them together/) as string }]);
  const both = stepped(expanded, { step: 'contract' });
  expect(both.result.refused).toEqual([]);
  expect(both.files['base/sa.yaml']).not.toContain('role-arn');
});

it('a step that fails its proof is not made, and one that is not proven only if the user says so', () => {
  const request = { direction: 'to-pod-identity', step: 'expand' } as const;
  const thief = { kind: 'not-included', witness: { words: 'system:serviceaccount:shop:thief' } } as const;
  for (const unproven of [false, true]) {
    const { change, refused } = step(hostOf(plainJson, { includes: () => thief }), { ...request, unproven });
    expect(change).toEqual({ edits: [], creates: [] });
    expect(refused).toEqual([{ account: 'shop/orders', reason: 'system:serviceaccount:shop:thief would lose access.' }]);
  }
  const unknown = hostOf(plainJson, { includes: () => ({ kind: 'unknown', because: 'aws:SourceIp decides.' }) });
  expect(step(unknown, request).refused).toEqual([
    { account: 'shop/orders', reason: "It isn't proven that all others keep their access: aws:SourceIp decides." },
  ]);
  const forced = step(unknown, { ...request, unproven: true });
  expect([forced.refused, forced.change.edits.length > 0]).toEqual([[], true]);
  expect(resultText(forced)).toContain('Not proven for 1 of 1 trust policies.');
});

it('makes no statement for an account of a namespace that is written as a pattern', () => {
  const { result } = stepped({ ...terraform, 'infra/main.tf': terraform['infra/main.tf']!.replace('shop:orders"]', '*:orders"]').replace('StringEquals', 'StringLike') }, { step: 'expand' }); // prettier-ignore
  expect(result.refused).toEqual([]);
  expect(result.accounts).toEqual(['shop/orders']);
});

describe('operators that take the token themselves', () => {
  const store = (auth: string): string => `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: store
  namespace: shop
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-west-1
${auth}`;

  it('External Secrets with a service account, and not with its own', () => {
    const auth = '      auth:\n        jwt:\n          serviceAccountRef:\n            name: orders\n';
    expect(planLines({ ...plainJson, 'k8s/store.yaml': store(auth) })).toEqual([
      'shop/orders → orders: not-started cannot-move [operator-needs-token!]',
    ]);
    expect(planLines({ ...plainJson, 'k8s/store.yaml': store('') })).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('the Secrets Store CSI driver, unless it uses Pod Identity', () => {
    const mounting = plainJson['k8s/orders.yaml']!.replace(
      '      containers:',
      '      volumes:\n        - name: secrets\n          csi:\n            driver: secrets-store.csi.k8s.io\n            volumeAttributes:\n              secretProviderClass: orders\n      containers:',
    );
    const provider = (more: string): string =>
      `apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata:\n  name: orders\n  namespace: shop\nspec:\n  provider: aws\n  parameters:\n${more}    objects: "[]"\n`;
    const plan = (more: string): string[] => planLines({ ...plainJson, 'k8s/orders.yaml': mounting, 'k8s/class.yaml': provider(more) });
    expect(plan('')).toEqual(['shop/orders → orders: not-started cannot-move [operator-needs-token!]']);
    expect(plan('    usePodIdentity: "false"\n')).toEqual(['shop/orders → orders: not-started cannot-move [operator-needs-token!]']);
    expect(plan('    usePodIdentity: "true"\n')).toEqual(['shop/orders → orders: not-started can-move']);
  });

  it('a pod that mounts the token itself', () => {
    const mounting = plainJson['k8s/orders.yaml']!.replace(
      '      containers:',
      '      volumes:\n        - name: token\n          projected:\n            sources:\n              - serviceAccountToken:\n                  audience: sts.amazonaws.com\n                  path: token\n      containers:',
    );
    expect(planLines({ ...plainJson, 'k8s/orders.yaml': mounting })).toEqual([
      'shop/orders → orders: not-started cannot-move [operator-needs-token!]',
    ]);
  });
});

describe('an add-on', () => {
  const files: Files = {
    'main.tf': `resource "aws_eks_cluster" "main" {
  name     = "demo"
  role_arn = "arn:aws:iam::${account}:role/cluster"
}

resource "aws_eks_addon" "ebs" {
  cluster_name             = aws_eks_cluster.main.name
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = aws_iam_role.ebs.arn
}

resource "aws_iam_role" "ebs" {
  name = "ebs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${account}:oidc-provider/${issuer}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "${issuer}:sub" = "system:serviceaccount:kube-system:ebs-csi-controller-sa" } }
    }]
  })
}
`,
    'pod-roles.yaml': settings(),
  };

  it('gets an association of its own in one edit, since EKS takes no two mechanisms', () => {
    expect(planLines(files)).toEqual(['kube-system/ebs-csi-controller-sa → ebs: not-started can-move [addon-association]']);
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(after['main.tf']).toContain('pod_identity_association {');
    expect(after['main.tf']).not.toContain('service_account_role_arn');
    expect(planLines(after)).toEqual(['kube-system/ebs-csi-controller-sa → ebs: moving can-move']);
    const { result: last, files: done } = stepped(after, { step: 'contract' });
    expect(last.refused).toEqual([]);
    expect(done['main.tf']).not.toContain('AssumeRoleWithWebIdentity');
    expect(planLines(done)).toEqual(['kube-system/ebs-csi-controller-sa → ebs: done can-move']);
  });
});

describe('a module that takes further statements as documents', () => {
  const files: Files = {
    'main.tf': `module "eks" {
  source       = "terraform-aws-modules/eks/aws"
  version      = "~> 20.0"
  cluster_name = "demo"
}

module "orders" {
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts"
  version = "~> 6.0"
  name    = "orders"

  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["shop:orders"]
    }
  }
}
`,
  };

  it('gets one, and gives it back', () => {
    expect(planLines(files)).toEqual([expect.stringMatching(/^shop\/orders → .*: not-started can-move \[account-not-in-files\]$/)]);
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(after['main.tf']).toContain('source_trust_policy_documents = [data.aws_iam_policy_document.');
    expect(planLines(after)).toEqual([expect.stringMatching(/: moving can-move/)]);
    expect(stepped(after, { step: 'expand' }).files).toEqual(after);
    const undone = stepped(after, { step: 'undo' });
    expect(undone.result.refused).toEqual([]);
    expect(undone.files).toEqual(files);
    expect(stepped(after, { step: 'contract' }).result.next[0]).toMatch(/^No file has the annotations of shop\/orders\. Remove them/);
  });
});

it('an association under the same count as its role is as sure as that', () => {
  const counted: Files = {
    'infra/main.tf': terraform['infra/main.tf']!.replace(
      'resource "aws_iam_role" "orders" {',
      'variable "enabled" {\n  type = bool\n}\n\nresource "aws_iam_role" "orders" {\n  count              = var.enabled ? 1 : 0',
    ).replace('= aws_iam_role.orders.arn', '= aws_iam_role.orders[0].arn'),
  };
  const { result, files } = stepped(counted, { step: 'expand' });
  expect(result.refused).toEqual([]);
  expect(files['infra/main.tf']!.match(/count\s+= var\.enabled/g)).toHaveLength(2);
  const { result: last } = stepped(files, { step: 'contract' });
  expect(last.refused).toEqual([]);
  const other = files['infra/main.tf']!.replace(
    /(aws_eks_pod_identity_association" "orders" \{\n\s+count\s+= )var\.enabled/,
    '$1var.other',
  );
  expect(stepped({ 'infra/main.tf': other }, { step: 'contract' }).result.refused).toHaveLength(1);
});

describe('hostile texts', () => {
  const texts: Files = {
    'k8s/a.yaml':
      'kind: ServiceAccount\napiVersion: v1\nmetadata: {name: "a\u202e\\n::error::x", namespace: shop, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/${jndi}"}}\n',
    'k8s/b.yaml': manifest('orders', roleArn('orders')).replace('metadata:', 'metadata: &a\n  x: *a'),
    'iam/orders.json': '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":["' + `${'x'.repeat(9000)}"]},"Action":"sts:AssumeRoleWithWebIdentity"},`, // prettier-ignore
    'main.tf': 'resource "aws_iam_role" "x" {\n  assume_role_policy = jsonencode({ Statement = [for a in var.x : { Effect = "Allow" ',
  };

  it.each(['expand', 'contract', 'undo'] as const)('change nothing by %s, and nothing throws', (step) => {
    const files = { ...texts, 'pod-roles.yaml': settings() };
    expect(stepped(files, { step }).files).toEqual(files);
    expect(stepped(files, { step, direction: 'to-irsa' }).files).toEqual(files);
    expect(planLines(files).filter((line) => / can-move/.test(line))).toEqual([]);
  });
});

it('expressions that no file tells are the same before and after', () => {
  const files: Files = {
    'main.tf': `variable "namespace" {
  type = string
}
variable "cluster_name" {
  type = string
}
variable "oidc_provider_arn" {
  type = string
}

data "aws_caller_identity" "current" {}

resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = var.oidc_provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = { "\${trimprefix(var.oidc_provider_arn, "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:oidc-provider/")}:sub" = "system:serviceaccount:\${var.namespace}:orders" }
        }
      },
    ]
  })
}

resource "kubernetes_service_account" "orders" {
  metadata {
    name      = "orders"
    namespace = var.namespace
    annotations = {
      "eks.amazonaws.com/role-arn" = aws_iam_role.orders.arn
    }
  }
}
`,
  };
  expect(planLines(files)).toEqual(['var.namespace/orders → orders: not-started can-move']);
  const { result, files: after } = stepped(files, { step: 'expand' });
  expect(result.refused).toEqual([]);
  expect(result.proofs.map(({ proof }) => [proof.keeps.kind, proof.addsNobody.kind])).toEqual([['included', 'included']]);
  expect(after['main.tf']).toMatch(/"aws:RequestTag\/kubernetes-namespace" += var\.namespace/);
  expect(after['main.tf']).toMatch(/namespace +=+ var\.namespace\n +service_account = "orders"/);
  expect(planLines(after)).toEqual(['var.namespace/orders → orders: moving can-move']);
  expect(stepped(after, { step: 'expand' }).files).toEqual(after);
  expect(stepped(after, { step: 'undo' }).files).toEqual(files);
  const { result: last, files: done } = stepped(after, { step: 'contract' });
  expect(last.refused).toEqual([]);
  expect(done['main.tf']).not.toMatch(/AssumeRoleWithWebIdentity|role-arn/);
});

describe('accounts that a trust policy names, and no annotation ties to it', () => {
  const both = trust(irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart']), github);
  const shared: Files = { ...plainJson, 'iam/orders.json': both };

  it('move with the role that the annotation of another account of the policy names', () => {
    expect(planLines(shared)).toEqual([
      'shop/cart → orders: not-started can-move [account-not-in-files]',
      'shop/orders → orders: not-started can-move',
    ]);
    const { result } = stepped(shared, { step: 'expand' });
    expect(result.refused).toEqual([]);
    expect(result.script).toContain(`--service-account cart --role-arn ${roleArn('orders')}`);
  });

  it('do not where annotations name several roles of that name', () => {
    const files: Files = {
      ...shared,
      'iam/orders.json': both.replace(
        '"system:serviceaccount:shop:cart"',
        '"system:serviceaccount:shop:cart", "system:serviceaccount:shop:payments"',
      ),
      'k8s/payments.yaml': manifest('payments', roleArn('team/orders')),
    };
    expect(planLines(files)).toContainEqual(expect.stringMatching(/^shop\/cart → the role: .* role-not-found!/));
  });

  it('are unknown where an annotation gives them another role, which an association would override', () => {
    const files: Files = {
      ...plainJson,
      'k8s/orders.yaml': manifest('orders', roleArn('old')),
      'infra/role.tf': terraformAndHelm['infra/role.tf']!,
    };
    const { 'iam/orders.json': _, ...rest } = files;
    expect(planLines(rest)).toContainEqual('shop/orders → orders: not-started unknown [account-not-in-files association-exists!]');
    expect(stepped(rest, { step: 'expand' }).files).toEqual(rest);
  });

  it('are unknown where two roles of one cluster name them', () => {
    const role = terraformAndHelm['infra/role.tf']!;
    const files: Files = {
      'pod-roles.yaml': settings(),
      'infra/a.tf': role,
      'infra/b.tf': role.replaceAll('"orders"', '"old"'),
    };
    expect(planLines(files)).toEqual([
      'shop/orders → orders: not-started unknown [account-not-in-files association-exists!]',
      'shop/orders → old: not-started unknown [account-not-in-files association-exists!]',
    ]);
    const apart = role.replaceAll('"orders"', '"old"').replaceAll(issuer, otherIssuer);
    expect(planLines({ ...files, 'infra/b.tf': apart })).not.toContainEqual(expect.stringContaining('association-exists'));
  });

  it('cannot where an operator takes their token', () => {
    const store = `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: aws
spec:
  provider:
    aws:
      service: SecretsManager
      auth:
        jwt:
          serviceAccountRef:
            name: orders
            namespace: shop
`;
    const files: Files = { 'pod-roles.yaml': settings(), 'infra/role.tf': terraformAndHelm['infra/role.tf']!, 'k8s/store.yaml': store };
    expect(planLines(files)).toEqual(['shop/orders → orders: not-started cannot-move [account-not-in-files operator-needs-token!]']);
  });
});

it('an annotated account whose token an Issuer takes for a role that it names cannot move', () => {
  const files: Files = {
    ...plainJson,
    'k8s/issuer.yaml': `apiVersion: cert-manager.io/v1
kind: Issuer
metadata:
  name: acme
  namespace: shop
spec:
  acme:
    solvers:
      - dns01:
          route53:
            region: eu-west-1
            role: ${roleArn('orders')}
            auth:
              kubernetes:
                serviceAccountRef:
                  name: orders
`,
  };
  for (const line of planLines(files)) expect(line).toMatch(/^shop\/orders → orders: not-started cannot-move \[.*operator-needs-token!/);
  expect(stepped(files, { step: 'expand' }).files).toEqual(files);
});

it('says what to do next in words that hold for the command line and the editor', () => {
  const { result, files } = stepped(terraform, { step: 'expand' });
  const next = [result, stepped(files, { step: 'contract' }).result, stepped(files, { step: 'undo' }).result].flatMap((each) => each.next);
  expect(next).toContain('When all work, run the contract step.');
  expect(next.filter((sentence) => sentence.includes('--'))).toEqual([]);
  const unknown = plan(hostOf({ ...plainJson, 'iam/orders.json': '{}' }), { direction: 'to-pod-identity' });
  expect(unknown.accounts[0]?.reasons.map(({ message }) => message)).toEqual([expect.not.stringContaining('--')]);
});

describe('a statement that has others beside the account', () => {
  const provider = (of: string): string => `arn:aws:iam::${account}:oidc-provider/${of}`;
  const orders = 'system:serviceaccount:shop:orders';
  const aws = snapshot({ clusters: [cluster], associations: [associationOf('orders')] });
  /** Expand, then contract once AWS has the association. */
  const contracted = (...statements: readonly object[]) => {
    const { result, files } = stepped({ ...plainJson, 'iam/orders.json': trust(...statements) }, { step: 'expand' });
    expect(result.refused).toEqual([]);
    const before = { ...files, 'pod-roles.snapshot.json': aws };
    return { before, ...stepped(before, { step: 'contract' }) };
  };

  it.each([
    [
      'another cluster that uses the same names',
      {
        Effect: 'Allow',
        Principal: { Federated: [provider(issuer), provider(otherIssuer)] },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEqualsIfExists: { [`${issuer}:sub`]: orders, [`${otherIssuer}:sub`]: orders } },
      },
    ],
    [
      'the users of an AWS account',
      {
        Effect: 'Allow',
        Principal: { Federated: provider(issuer), AWS: `arn:aws:iam::${account}:root` },
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRole'],
        Condition: { StringEqualsIfExists: { [`${issuer}:sub`]: orders } },
      },
    ],
  ])('stays where it allows %s', (_, statement) => {
    const { before, result, files } = contracted(statement);
    expect(files).toEqual(before);
    expect(result.refused).toEqual([{ account: 'shop/orders', reason: expect.stringMatching(/would lose access/) as string }]);
  });

  it('loses the names under our issuer alone', () => {
    const { result, files } = contracted({
      Effect: 'Allow',
      Principal: { Federated: [provider(issuer), provider(otherIssuer)] },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEqualsIfExists: { [`${issuer}:sub`]: [orders, `${orders}-2`], [`${otherIssuer}:sub`]: [orders, `${orders}-2`] },
      },
    });
    expect(result.accounts).toEqual(['shop/orders']);
    const text = files['iam/orders.json']!;
    expect([may(text, 'shop/orders', issuer), may(text, 'shop/orders', otherIssuer), may(text, 'shop/orders-2', issuer)]).toEqual([
      'denied',
      'allowed',
      'allowed',
    ]);
  });

  it('leaves with a provider whose tokens it never allowed', () => {
    const { result, files } = contracted({
      ...irsaStatement(orders),
      Principal: { Federated: [provider(issuer), provider(otherIssuer)] },
    });
    expect(result.refused).toEqual([]);
    expect(files['iam/orders.json']).not.toContain('Federated');
  });

  it('stays in an undo where it is for another cluster, too', () => {
    const pods = (clusters: readonly string[]): object => ({
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: {
          'aws:RequestTag/eks-cluster-name': clusters,
          'aws:RequestTag/kubernetes-namespace': 'shop',
          'aws:RequestTag/kubernetes-service-account': 'orders',
        },
      },
    });
    for (const [clusters, stays] of [
      [['demo', 'prod'], true],
      [['prod'], true],
      [['demo'], false],
    ] as const) {
      const files: Files = {
        ...plainJson,
        'iam/orders.json': trust(irsaStatement(orders), pods(clusters)),
        'pod-roles.snapshot.json': aws,
      };
      const after = stepped(files, { step: 'undo' }).files['iam/orders.json']!;
      expect([clusters, after.includes('pods.eks.amazonaws.com')]).toEqual([clusters, stays]);
    }
  });
});

it('a pattern beside the exact name in one list stays, and the plan says so', () => {
  const subjects = ['system:serviceaccount:shop:*', 'system:serviceaccount:shop:orders'];
  const files: Files = { ...plainJson, 'iam/orders.json': trust(irsaStatement(subjects, issuer, 'StringLike')) };
  expect(planLines(files)).toEqual(['shop/orders → orders: not-started can-move [wildcard-subject]']);
  const aws = snapshot({ clusters: [cluster], associations: [associationOf('orders')] });
  const expanded = stepped(files, { step: 'expand' }).files;
  const { result, files: after } = stepped({ ...expanded, 'pod-roles.snapshot.json': aws }, { step: 'contract' });
  expect(result.refused).toEqual([]);
  expect(after['iam/orders.json']).toContain('system:serviceaccount:shop:*');
  expect(after['iam/orders.json']).not.toContain('system:serviceaccount:shop:orders');
  expect(after['k8s/orders.yaml']).not.toContain('role-arn');
});

it('knows of other roles of one name, however many there are', () => {
  const role = (i: number): string => terraformAndHelm['infra/role.tf']!.replaceAll('"orders"', `"orders${i}"`);
  const files: Files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`infra/role${i}.tf`, role(i)]));
  const lines = planLines({ 'pod-roles.yaml': settings(), ...files });
  expect(lines).toHaveLength(40);
  for (const line of lines) expect(line).toContain('unknown [account-not-in-files association-exists!]');
});

describe('the cluster of an association', () => {
  const files = (cluster: string): Files => ({
    'pod-roles.yaml': settings(),
    'iam/eks.tf': cluster,
    'iam/orders.tf': `resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = jsonencode(${trust(irsaStatement('system:serviceaccount:shop:orders')).trim()})
}
`,
    'k8s/orders.yaml': manifest('orders', roleArn('orders')),
  });
  const made = `resource "aws_eks_cluster" "main" {\n  name     = "demo"\n  role_arn = "arn:aws:iam::${account}:role/cluster"\n}\n`;
  const written = (cluster: string): string => {
    const { result, files: after } = stepped(files(cluster), { step: 'expand' });
    expect(result.refused).toEqual([]);
    return /cluster_name\s*= (.*)/.exec(after['iam/orders.tf']!)![1]!;
  };

  it.each([
    ['is its resource in the same folder', made, 'aws_eks_cluster.main.name'],
    ['is its name where the cluster has another one', made.replace('"demo"', '"other"'), '"demo"'],
    ['is its name where the resource is made by condition', made.replace('{\n', '{\n  count = 1\n'), '"demo"'],
    ['is its name where two resources have it', made + made.replace('"main"', '"second"'), '"demo"'],
    ['is its name where the cluster itself uses the role', made.replace(/"arn.*"/, 'aws_iam_role.orders.arn'), '"demo"'],
  ])('%s', (_, cluster, expected) => {
    expect(written(cluster)).toBe(expected);
  });

  it('is moved and back by its resource', () => {
    const { files: after } = stepped(files(made), { step: 'expand' });
    expect(stepped(after, { step: 'undo' }).files).toEqual(files(made));
    expect(stepped(after, { step: 'contract' }).result.refused).toEqual([]);
  });

  it('has the region of its issuer in the script', () => {
    const { result } = stepped({ ...plainJson, 'pod-roles.yaml': '' }, { step: 'expand', cluster: 'demo' });
    expect(result.script).toContain('--region eu-west-1');
  });

  it('is in one Terraform configuration with the policy: one apply does both in order', () => {
    const next = (all: Files): string => stepped(all, { step: 'expand' }).result.next.join('\n');
    expect(next(files(made))).toContain('Run terraform apply once.');
    expect(next(plainJson)).toContain('Deploy the trust policies first, then the associations.');
  });
});

it('undo deletes an association only if it gives the role, also for an account that only the trust policy names', () => {
  const files: Files = {
    ...plainJson,
    'iam/orders.json': trust(irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart'])),
  };
  const { files: expanded } = stepped(files, { step: 'expand' });
  const { result } = stepped(expanded, { step: 'undo' });
  expect(result.accounts).toEqual(['shop/cart', 'shop/orders']);
  const deletions = result.script!.split('\n').filter((line) => line.includes('delete-pod-identity-association'));
  expect(deletions, result.script).toHaveLength(2);
  for (const line of deletions) expect(line).toContain(`= ${roleArn('orders')} ]; then `);
});

it('two associations at the end of a template in JSON are taken out at once, and the file is as it was', () => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'orders',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart'])],
      },
    },
  };
  const template = (text: string): Files => ({
    'pod-roles.yaml': settings(),
    'k8s/orders.yaml': manifest('orders', roleArn('orders')),
    'k8s/cart.yaml': manifest('cart', roleArn('orders')),
    'cfn/role.json': text,
  });
  const text = JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: { Role: role } }, null, 2);
  for (const files of [text, text.replaceAll('\n', '\r\n'), `${text}\n`].map(template)) {
    const { result, files: expanded } = stepped(files, { step: 'expand' });
    expect(result.accounts).toEqual(['shop/cart', 'shop/orders']);
    expect(stepped(expanded, { step: 'undo' })).toMatchObject({ files, result: { refused: [] } });
  }
});

it('one of two accounts leaves a template in JSON whose references are one value each', () => {
  const files = (type: string): Files => ({
    'pod-roles.yaml': settings(),
    'k8s/orders.yaml': manifest('orders', roleArn('orders')),
    'k8s/cart.yaml': manifest('cart', roleArn('orders')),
    'cfn/role.json': `${JSON.stringify(
      {
        AWSTemplateFormatVersion: '2010-09-09',
        Parameters: { Cluster: { Type: type } },
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'orders',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [
                  irsaStatement(['system:serviceaccount:shop:orders', 'system:serviceaccount:shop:cart']),
                  { Effect: 'Allow', Principal: { AWS: { Ref: 'Cluster' } }, Action: 'sts:AssumeRole' },
                ],
              },
            },
          },
        },
      },
      undefined,
      2,
    )}\n`,
  });
  const expanded = stepped(files('String'), { step: 'expand' }).files;
  expect(expanded['cfn/role.json']).toContain('"aws:SourceAccount": { "Ref": "AWS::AccountId" }');
  const { result, files: one } = stepped(expanded, { step: 'undo', accounts: [{ namespace: 'shop', name: 'orders' }] });
  expect(result).toMatchObject({ refused: [], accounts: ['shop/orders'] });
  expect(one['cfn/role.json']).toContain('"aws:RequestTag/kubernetes-service-account": [\n                    "cart"\n                  ]');
  expect(stepped(one, { step: 'undo' }).files).toEqual(files('String'));
});

describe('a patch file of a kustomization that only names its account after contract', () => {
  const files = (patch: string, entry = 'patches:\n  - path: sa.yaml\n'): Files => ({
    'pod-roles.yaml': settings(),
    'iam/orders.json': plainJson['iam/orders.json']!,
    'base/sa.yaml': 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n',
    'base/kustomization.yaml': 'resources:\n  - sa.yaml\n',
    'prod/kustomization.yaml': `resources:\n  - ../base\n${entry}`,
    'prod/sa.yaml': `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n${patch}`,
    'eks.yaml': `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: demo
  region: eu-west-1
iam:
  podIdentityAssociations:
    - {namespace: shop, serviceAccountName: orders, roleARN: ${roleArn('orders')}}
`,
  });
  const annotation = `  annotations:\n    eks.amazonaws.com/role-arn: ${roleArn('orders')}\n`;
  const contract = (before: Files): string => {
    const { files: after } = stepped(before, { step: 'expand' });
    const { result } = stepped(after, { step: 'contract' });
    expect(result.accounts).toEqual(['shop/orders']);
    return result.next.join('\n');
  };

  it('is named', () => {
    expect(contract(files(annotation))).toContain('\nprod/sa.yaml only names its service account now and changes nothing: remove it and its entry in the kustomization if you like.\n'); // prettier-ignore
  });

  it('is not where it does more, or is a manifest', () => {
    expect(contract(files(`${annotation}    team: a\n`))).not.toContain('only names');
    expect(contract(files(`  labels: {team: a}\n${annotation}`))).not.toContain('only names');
    expect(contract({ ...files(annotation, ''), 'prod/kustomization.yaml': 'resources:\n  - sa.yaml\n' })).not.toContain('only names');
  });
});
