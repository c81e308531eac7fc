import { describe, expect, test } from 'vitest';
import { accounts, only, read, workloads } from './support';
import { associations, cluster, providers, subjects } from './formats';

const program = `
name: demo
runtime: yaml
config:
  namespace: {type: string, default: shop}
variables:
  issuer:
    fn::select: [1, {fn::split: ['https://', '\${cluster.identities[0].oidcs[0].issuer}']}]
  trust:
    fn::invoke:
      function: aws:iam:getPolicyDocument
      arguments:
        statements:
          - actions: ['sts:AssumeRoleWithWebIdentity']
            principals: [{type: Federated, identifiers: ['\${oidc.arn}']}]
            conditions:
              - {test: StringEquals, variable: '\${issuer}:sub', values: ['system:serviceaccount:shop:cart']}
              - {test: StringEquals, variable: '\${issuer}:aud', values: ['sts.amazonaws.com']}
resources:
  cluster:
    type: aws:eks:Cluster
    properties: {name: demo, roleArn: 'arn:aws:iam::111122223333:role/cluster'}
  oidc:
    type: aws:iam/openIdConnectProvider:OpenIdConnectProvider
    properties:
      url: \${cluster.identities[0].oidcs[0].issuer}
      clientIdLists: [sts.amazonaws.com]
      thumbprintLists: []
  orders:
    type: aws:iam:Role
    properties:
      name: orders-role
      managedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
      assumeRolePolicy:
        fn::toJSON:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Principal: {Federated: '\${oidc.arn}'}
              Action: sts:AssumeRoleWithWebIdentity
              Condition:
                StringEquals:
                  \${issuer}:sub: system:serviceaccount:shop:orders
                  \${oidc.url}:aud: sts.amazonaws.com
  cart:
    type: aws:iam:Role
    properties:
      assumeRolePolicy: \${trust.json}
  ordersAccount:
    type: kubernetes:core/v1:ServiceAccount
    properties:
      metadata:
        name: orders
        namespace: shop
        annotations:
          eks.amazonaws.com/role-arn: \${orders.arn}
  cartAccount:
    type: kubernetes:core/v1:ServiceAccount
    properties:
      metadata: {name: cart, namespace: \${namespace}, annotations: {eks.amazonaws.com/role-arn: '\${cart.arn}'}}
  deployment:
    type: kubernetes:apps/v1:Deployment
    properties:
      metadata: {name: orders, namespace: shop}
      spec: {template: {spec: {serviceAccountName: '\${ordersAccount.metadata.name}', containers: [{name: a, image: a}]}}}
  association:
    type: aws:eks:PodIdentityAssociation
    properties: {clusterName: '\${cluster.name}', namespace: shop, serviceAccount: batch, roleArn: '\${orders.arn}'}
`;
const host = "${cluster's issuer}";

describe('a Pulumi program', () => {
  test('accounts ask for the roles that it makes, named or not', () => {
    expect(accounts(program)).toEqual([
      'manifest shop/orders arn:<partition>:iam::<account>:role/orders-role',
      'manifest ${namespace}/cart arn:<partition>:iam::<account>:role/${cart.name}',
    ]);
    expect(workloads(program)).toEqual(['Deployment shop/orders orders']);
  });

  test('a role has its trust policy: a map as JSON, or the arguments of getPolicyDocument', () => {
    const [cart, orders] = only(read(program), 'trustPolicy');
    expect([orders!.roleName!.value, cart!.roleName!.value]).toEqual(['orders-role', '${cart.name}']);
    expect([providers(orders!), providers(cart!)]).toEqual(
      Array.from({ length: 2 }, () => [`arn:<partition>:iam::<account>:oidc-provider/${host}`]),
    );
    expect(subjects(orders!)).toEqual([`${host}:sub=system:serviceaccount:shop:orders`]);
    expect(subjects(cart!)).toEqual([`${host}:sub=system:serviceaccount:shop:cart`]);
    expect([orders!.policy.form, cart!.policy.form]).toEqual(['yaml', 'hcl-blocks']);
    expect([orders, cart].map((fact) => `${fact!.concerns} ${fact!.ownRoleOnly}`)).toEqual(['irsa true', 'irsa true']);
    expect(orders!.policy.statements[0]!.condition!.operators[0]!.keys.map(({ key }) => key.value)).toEqual([`${host}:sub`, `${host}:aud`]);
  });

  test('associations, providers, clusters and policies', () => {
    const facts = read(program);
    expect(associations(facts)).toEqual(['demo shop/batch arn:<partition>:iam::<account>:role/orders-role']);
    expect(cluster(facts)).toEqual(['demo']);
    expect(only(facts, 'oidcProvider').map(({ url, clientIds }) => [url?.value, clientIds?.map(({ value }) => value)])).toEqual([
      [`https://${host}`, ['sts.amazonaws.com']],
    ]);
    expect(only(facts, 'rolePolicy').map(({ role, arn }) => `${role.value} ${arn?.value}`)).toEqual([
      'orders-role arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
    ]);
  });

  test.each<[string, string, string]>([
    [
      'a text',
      'assumeRolePolicy: \'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}\'',
      'json',
    ],
    ['a variable', 'assumeRolePolicy: ${policy}', 'yaml'],
  ])('a policy in %s', (_, line, form) => {
    const text = `variables:\n  policy:\n    fn::toJSON:\n      Version: '2012-10-17'\n      Statement: {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: [sts:AssumeRole, sts:TagSession]}\nresources:\n  r:\n    type: aws:iam:Role\n    properties:\n      name: r\n      ${line}\n`;
    expect(only(read(text), 'trustPolicy').map(({ policy }) => [policy.form, policy.statements.length])).toEqual([[form, 1]]);
  });

  test('join, escapes and paths with indices', () => {
    const text = (name: string) =>
      `variables:\n  list: [a, b]\n  map: {x: {y: deep}}\nresources:\n  a:\n    type: kubernetes:core/v1:ServiceAccount\n    properties:\n      metadata: {name: ${name}, namespace: n, annotations: {eks.amazonaws.com/role-arn: x}}\n`;
    const nameOf = (name: string) => only(read(text(name)), 'serviceAccount')[0]!.name!.value;
    expect(nameOf("{fn::join: ['-', [x, '${list[1]}']]}")).toBe('x-b');
    expect(nameOf("'${map.x.y}-sa'")).toBe('deep-sa');
    expect(nameOf('\'${map["x"].y}\'')).toBe('deep');
    expect(nameOf("'$${list}'")).toBe('${list}');
    expect(nameOf("'${list[7]}'")).toBe('${list[7]}');
    expect(nameOf("'${nowhere.x}'")).toBe('${nowhere.x}');
  });

  test.each([
    [
      'references in a circle',
      'variables:\n  a: ${b}\n  b: ${a}\nresources:\n  r: {type: aws:iam:Role, properties: {name: "${a}", assumeRolePolicy: "${b}"}}\n',
    ],
    [
      'a resource that names itself',
      'resources:\n  r: {type: aws:iam:Role, properties: {name: "${r.name}", assumeRolePolicy: "${r.assumeRolePolicy}"}}\n',
    ],
    [
      'variables that double',
      `variables:\n${Array.from({ length: 40 }, (_, i) => `  v${i + 1}: ["\${v${i}}", "\${v${i}}"]\n`).join('')}  v0: x\nresources:\n  r: {type: aws:iam:Role, properties: {assumeRolePolicy: "\${v40}"}}\n`,
    ],
    [
      'what is no map',
      'resources:\n  r: {type: aws:iam:Role, properties: [a]}\n  s: {type: "kubernetes:core/v1:ServiceAccount"}\n  t: {type: aws:iam:Role}\n  u: {type: aws:iam:Role, properties: {assumeRolePolicy: {fn::invoke: x}}}\n  v: {type: aws:iam:Role, properties: {assumeRolePolicy: {fn::join: 3}, name: {fn::select: [9, []]}}}\n',
    ],
  ])('%s ends', (_, text) => {
    expect(read(`# AssumeRole\n${text}`)).toBeDefined();
  });

  test.each([
    ['a CloudFormation template', 'Resources:\n  r: {Type: AWS::IAM::Role, Properties: {RoleName: x, AssumeRolePolicyDocument: {}}}\n'],
    [
      'limits of a pod',
      'kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec: {serviceAccountName: a, containers: [{name: a, resources: {limits: {cpu: 1}}}]}\n',
    ],
    ['another map of resources', 'resources:\n  r: {type: role, properties: {name: x, assumeRolePolicy: "{}"}}\n'],
  ])('is not %s', (_, text) => {
    const kinds = (given: string) => read(`# AssumeRole\n${given}`).map(({ kind }) => kind);
    expect(kinds(text)).toEqual(kinds(text.replace('resources:', 'requests:')));
  });
});
