import { describe, expect, it } from 'vitest';
import {
  joinInsertions,
  removeAssociation,
  writeAssociation,
  type AssociationTarget,
} from '../../../server/src/core/migrate/edits/associations';
import type { PodIdentityAssociationFact, RoleFact, ServiceAccountFact } from '../../../server/src/core/model/facts';
import type { SourceDocument } from '../../../server/src/core/syntax/sourceFile';
import { open, orders, written } from './support';

interface Given extends Partial<AssociationTarget> {
  /** The number of the role in the file; -1: none is given. */
  readonly role_?: number;
}

/** Writes an association for the first role of a file. */
function write(text: string, name: string, given: Given = {}): string {
  const { documents, facts } = open(text, name);
  const role = facts.filter((fact): fact is RoleFact => fact.kind === 'role')[given.role_ ?? 0];
  const entry = facts.find((fact): fact is ServiceAccountFact => fact.kind === 'serviceAccount');
  const document = documents.find(({ ref }) => ref === (role ?? facts[0])?.doc);
  const made = writeAssociation({
    account: orders,
    siblings: [],
    ...(role ? { role } : {}),
    ...(document ? { document } : {}),
    ...(entry ? { entry } : {}),
    ...given,
  });
  if ('refused' in made) return `[${made.refused}]`;
  return made.made.script ?? written(text, { made: made.made.edits });
}

function associations(text: string, name: string): PodIdentityAssociationFact[] {
  return open(text, name).facts.filter((fact): fact is PodIdentityAssociationFact => fact.kind === 'podIdentityAssociation');
}

function shown({ clusterName, namespace, serviceAccount, roleArn, roleName }: PodIdentityAssociationFact): string {
  return [clusterName, namespace, serviceAccount, roleArn ?? roleName].map((each) => each?.value ?? '-').join(' ');
}

function remove(text: string, name: string): string {
  const { documents, facts } = open(text, name);
  const fact = facts.filter((each): each is PodIdentityAssociationFact => each.kind === 'podIdentityAssociation').at(-1)!;
  return written(
    text,
    removeAssociation(
      fact,
      documents.find(({ ref }) => ref === fact.doc)!,
    ),
  );
}

const trust = `{
  Version = "2012-10-17"
  Statement = [{ Effect = "Allow", Principal = { Federated = module.eks.oidc_provider_arn }, Action = "sts:AssumeRoleWithWebIdentity" }]
}`.replaceAll('\n', '\n  ');

const cases: readonly { id: string; file: string; text: string; given?: Given; added: string; read: string }[] = [
  {
    id: 'Terraform resource',
    file: 'main.tf',
    text: `resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = jsonencode(${trust})
}

output "arn" {
  value = aws_iam_role.orders.arn
}
`,
    given: { account: { ...orders, cluster: { expression: 'module.eks.cluster_name' } } },
    added: `
resource "aws_eks_pod_identity_association" "orders" {
  cluster_name    = module.eks.cluster_name
  namespace       = "shop"
  service_account = "orders"
  role_arn        = aws_iam_role.orders.arn
}
`,
    read: '${module.eks.cluster_name} shop orders',
  },
  {
    id: 'Terraform resource with a provider, its name taken, CRLF, at the end of a file without a line end',
    file: 'main.tf',
    text: `resource "aws_eks_pod_identity_association" "orders" {\n  cluster_name = "prod"\n  namespace = "a"\n  service_account = "b"\n  role_arn = "arn:aws:iam::111122223333:role/x"\n}\n\nresource "aws_iam_role" "orders" {\n  provider           = aws.west\n  name               = "orders"\n  assume_role_policy = jsonencode(${trust})\n}`.replaceAll(
      '\n',
      '\r\n',
    ),
    added: `\r\n\r\nresource "aws_eks_pod_identity_association" "orders_shop_orders" {\r\n  provider        = aws.west\r\n  cluster_name    = "prod"\r\n  namespace       = "shop"\r\n  service_account = "orders"\r\n  role_arn        = aws_iam_role.orders.arn\r\n}`,
    read: 'prod shop orders',
  },
  {
    id: 'role of the module iam-role-for-service-accounts-eks',
    file: 'main.tf',
    text: `module "orders_irsa" {
  source    = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name = "orders"
  oidc_providers = {
    main = {
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["shop:orders"]
    }
  }
}
`,
    added: `
resource "aws_eks_pod_identity_association" "orders_irsa" {
  cluster_name    = "prod"
  namespace       = "shop"
  service_account = "orders"
  role_arn        = module.orders_irsa.iam_role_arn
}
`,
    read: 'prod shop orders',
  },
  {
    id: 'input of the module eks-pod-identity',
    file: 'main.tf',
    text: `module "orders" {
  source = "terraform-aws-modules/eks-pod-identity/aws"
  name   = "orders"
}
`,
    added: `
  associations = {
    shop_orders = {
      cluster_name    = "prod"
      namespace       = "shop"
      service_account = "orders"
    }
  }
`,
    read: 'prod shop orders',
  },
  {
    id: 'input of the module eks-pod-identity, beside another one',
    file: 'main.tf',
    text: `module "orders" {
  source = "terraform-aws-modules/eks-pod-identity/aws"
  name   = "orders"
  association_defaults = {
    cluster_name = "prod"
  }
  associations = {
    # the other
    orders = {
      namespace       = "other"
      service_account = "orders"
    }
  }
}
`,
    added: `    shop_orders = {
      namespace       = "shop"
      service_account = "orders"
    }
`,
    read: 'prod shop orders',
  },
  {
    id: 'CloudFormation YAML',
    file: 'cfn.yaml',
    text: `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  OrdersRole:
    Type: AWS::IAM::Role
    Condition: IsProd
    Properties:
      RoleName: orders
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE" }
            Action: sts:AssumeRoleWithWebIdentity # for pods

  Bucket:
    Type: AWS::S3::Bucket
`,
    given: { account: { ...orders, cluster: { expression: '!Ref ClusterName' } } },
    added: `
  ShopOrdersPodIdentityAssociation:
    Type: AWS::EKS::PodIdentityAssociation
    Condition: IsProd
    Properties:
      ClusterName: !Ref ClusterName
      Namespace: shop
      ServiceAccount: orders
      RoleArn: !GetAtt OrdersRole.Arn
`,
    read: 'shop orders',
  },
  {
    id: 'CloudFormation JSON',
    file: 'cfn.json',
    text: `{
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "OrdersRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE" }, "Action": "sts:AssumeRoleWithWebIdentity" }] }
            }
        }
    }
}
`,
    given: { account: { ...orders, cluster: { expression: '!Ref Cluster' } } },
    added: `,
        "ShopOrdersPodIdentityAssociation": {
            "Type": "AWS::EKS::PodIdentityAssociation",
            "Properties": {
                "ClusterName": { "Ref": "Cluster" },
                "Namespace": "shop",
                "ServiceAccount": "orders",
                "RoleArn": { "Fn::GetAtt": ["OrdersRole", "Arn"] }
            }
        }`,
    read: 'shop orders',
  },
  {
    id: 'Pulumi',
    file: 'Pulumi.yaml',
    text: `name: app
runtime: yaml
resources:
  orders:
    type: aws:iam:Role
    properties:
      name: orders
      assumeRolePolicy:
        fn::toJSON:
          Version: 2012-10-17
          Statement:
            - Effect: Allow
              Principal: { Federated: "\${oidc.arn}" }
              Action: sts:AssumeRoleWithWebIdentity
`,
    given: { account: { ...orders, cluster: { expression: '${cluster.name}' } } },
    added: `  shop-orders-pod-identity:
    type: aws:eks:PodIdentityAssociation
    properties:
      clusterName: \${cluster.name}
      namespace: shop
      serviceAccount: orders
      roleArn: \${orders.arn}
`,
    read: 'shop orders',
  },
  {
    id: 'eksctl, a role that is there, the first association',
    file: 'cluster.yaml',
    text: `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: prod
  region: eu-west-1
iam:
  withOIDC: true # for IRSA
  serviceAccounts:
  - metadata:
      name: orders
      namespace: shop
    attachRoleARN: arn:aws:iam::111122223333:role/orders
nodeGroups: []
`,
    given: { role_: -1, roleArn: 'arn:aws:iam::111122223333:role/orders' },
    added: `  podIdentityAssociations:
  - namespace: shop
    serviceAccountName: orders
    roleARN: arn:aws:iam::111122223333:role/orders
`,
    read: 'prod shop orders arn:aws:iam::111122223333:role/orders',
  },
  {
    id: "eksctl, eksctl's own role, beside another association",
    file: 'cluster.yaml',
    text: `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: prod
  region: eu-west-1
iam:
  podIdentityAssociations:
    - namespace: other
      serviceAccountName: x
      roleARN: arn:aws:iam::111122223333:role/x
  serviceAccounts:
    - metadata:
        name: orders
        namespace: shop
      attachPolicyARNs: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
      wellKnownPolicies:
        certManager: true
`,
    added: `    - namespace: shop
      serviceAccountName: orders
      permissionPolicyARNs: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
      wellKnownPolicies:
        certManager: true
`,
    read: 'prod shop orders',
  },
  {
    id: 'ACK',
    file: 'ack.yaml',
    text: `apiVersion: iam.services.k8s.aws/v1alpha1
kind: Role
metadata:
  name: orders-role
  namespace: infra
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  name: orders
  assumeRolePolicyDocument: |
    {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"},"Action":"sts:AssumeRoleWithWebIdentity"}]}
`,
    added: `---
apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata:
  name: shop-orders
  namespace: infra
  annotations:
    services.k8s.aws/region: eu-west-1
spec:
  clusterName: prod
  namespace: shop
  serviceAccount: orders
  roleRef:
    from:
      name: orders-role
`,
    read: 'prod shop orders',
  },
  {
    id: "Crossplane, Upbound's namespaced provider, with another document below",
    file: 'crossplane.yaml',
    text: `apiVersion: iam.aws.m.upbound.io/v1beta1
kind: Role
metadata:
  name: orders-role
  namespace: infra
spec:
  providerConfigRef:
    kind: ProviderConfig
    name: aws
  forProvider:
    assumeRolePolicy: |
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"},"Action":"sts:AssumeRoleWithWebIdentity"}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: x
`,
    given: { region: 'eu-west-1' },
    added: `---
apiVersion: eks.aws.m.upbound.io/v1beta1
kind: PodIdentityAssociation
metadata:
  name: shop-orders
  namespace: infra
spec:
  forProvider:
    region: eu-west-1
    clusterName: prod
    namespace: shop
    serviceAccount: orders
    roleArnRef:
      name: orders-role
  providerConfigRef:
    kind: ProviderConfig
    name: aws
`,
    read: 'prod shop orders',
  },
];

describe.each(cases)('$id', ({ file, text, given, added, read }) => {
  it('is written beside the role, and nothing else changes', () => {
    const after = write(text, file, given);
    expect(after).toContain(added);
    expect(after.replace(added, '')).toBe(text);
  });

  it('is read as the association of the account', () => {
    const after = write(text, file, given);
    const before = associations(text, file).length;
    expect(associations(after, file)).toHaveLength(before + 1);
    expect(
      associations(after, file)
        .map(shown)
        .find((each) => each.includes('shop orders')),
    ).toContain(read);
  });

  it('leaves the text as it was when it is taken back', () => {
    const { documents, facts } = open(write(text, file, given), file);
    const fact = facts
      .filter((each): each is PodIdentityAssociationFact => each.kind === 'podIdentityAssociation')
      .find((each) => each.namespace?.value === 'shop')!;
    expect(
      written(
        write(text, file, given),
        removeAssociation(
          fact,
          documents.find(({ ref }) => ref === fact.doc)!,
        ),
      ),
    ).toBe(text);
  });
});

describe('an association', () => {
  const bare = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`;

  it('is a command of the AWS CLI where no file takes it', () => {
    expect(
      write(bare, 'iam/orders/trust-policy.json', { role_: -1, roleArn: 'arn:aws:iam::111122223333:role/orders', region: 'eu-west-1' }),
    ).toBe(
      'aws eks create-pod-identity-association --cluster-name prod --namespace shop --service-account orders --role-arn arn:aws:iam::111122223333:role/orders --region eu-west-1',
    );
  });

  it.each([
    [
      'a role with count',
      `resource "aws_iam_role" "orders" {\n  count = var.n\n  name = "orders"\n  assume_role_policy = jsonencode(${trust})\n}\n`,
      {},
      'count',
    ],
    [
      'an expression that is none',
      `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(${trust})\n}\n`,
      { account: { ...orders, cluster: { expression: 'file("x")' } } },
      'not an expression',
    ],
    [
      'no cluster',
      `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(${trust})\n}\n`,
      { account: { namespace: orders.namespace, serviceAccount: orders.serviceAccount } },
      'unknown',
    ],
    [
      'a region that is none',
      `resource "aws_iam_role" "orders" {\n  name = "orders"\n  assume_role_policy = jsonencode(${trust})\n}\n`,
      { region: 'x; rm -rf /' },
      'not a region',
    ],
  ] as const)('is refused for %s', (_, text, given, reason) => {
    const after = write(text, 'main.tf', given);
    expect(after).toMatch(/^\[/);
    expect(after).toContain(reason);
  });

  it.each(['x" {} resource "null" "y', '${file("a")}', 'a b'])('is refused for a role of the name %j', (name) => {
    const text = `resource "aws_iam_role" ${JSON.stringify(name)} {\n  name = "orders"\n  assume_role_policy = jsonencode(${trust})\n}\n`;
    const after = write(text, 'main.tf');
    if (open(text, 'main.tf').facts.some(({ kind }) => kind === 'role')) expect(after).not.toContain('aws_eks_pod_identity_association');
  });

  it('writes what a template names as what it is', () => {
    const text = `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  "Ro: le":\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n          - Effect: Allow\n            Principal: { Federated: x }\n            Action: sts:AssumeRoleWithWebIdentity\n`;
    expect(write(text, 'cfn.yaml')).toMatch(/^\[.*can't be written here/);
  });

  it('is refused in a Helm template and for the older Crossplane provider', () => {
    const role = (apiVersion: string, name: string) =>
      `apiVersion: ${apiVersion}\nkind: Role\nmetadata:\n  name: ${name}\nspec:\n  forProvider:\n    assumeRolePolicy: |\n      ${bare}\n`;
    expect(write(role('iam.aws.upbound.io/v1beta1', 'orders'), 'a.yaml')).toMatch(/region is unknown/);
    expect(write(role('iam.aws.crossplane.io/v1beta1', 'orders'), 'a.yaml', { region: 'eu-west-1' })).toMatch(/older provider/);
    expect(
      write(`{{- if .Values.x }}\n${role('iam.aws.upbound.io/v1beta1', 'orders')}{{- end }}\n`, 'templates/a.yaml', {
        region: 'eu-west-1',
      }),
    ).toMatch(/template/);
  });

  it.each([
    ['main.tf', `module "x" {\n  source = "terraform-aws-modules/eks-pod-identity/aws"\n  name   = "x"\n}\n`],
    [
      'cluster.yaml',
      `apiVersion: eksctl.io/v1alpha5\r\nkind: ClusterConfig\r\nmetadata:\r\n  name: prod\r\n  region: eu-west-1\r\niam:\r\n  withOIDC: true\r\n`,
    ],
    ['cluster.yaml', `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  name: prod\n  region: eu-west-1\n`],
    ['main.tf', `resource "aws_iam_role" "x" {\n  name               = "x"\n  assume_role_policy = jsonencode(${trust})\n}\n`],
  ])('is joined with another one that opens the same key: %s %#', (file, text) => {
    const { documents, facts } = open(text, file);
    const role = facts.find((fact): fact is RoleFact => fact.kind === 'role');
    const pending: SourceDocument[] = [];
    const edits = ['orders', 'cart', 'mail'].map((serviceAccount) => {
      const made = writeAssociation({
        account: { ...orders, serviceAccount: { text: serviceAccount } },
        document: documents[0]!,
        siblings: pending,
        roleArn: 'arn:aws:iam::111122223333:role/x',
        ...(role ? { role } : {}),
      });
      if ('refused' in made) throw new Error(made.refused);
      pending.push(open(made.made.edits[0]!.newText, 'pending.tf').documents[0]!);
      return made.made.edits[0]!;
    });
    const after = written(text, { made: [edits.reduce((first, second) => joinInsertions(first, second))] });
    expect(open(after, file).documents[0]!.tree().problems).toEqual([]);
    expect(associations(after, file).map(({ serviceAccount }) => serviceAccount?.value)).toEqual(['orders', 'cart', 'mail']);
    expect(after.match(/\bassociations = |podIdentityAssociations:|^resource/gm)).toHaveLength(/^resource/.test(text) ? 4 : 1);
  });

  it('takes one of several out and leaves the others', () => {
    const text = `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: prod, region: eu-west-1 }\niam:\n  podIdentityAssociations:\n  - namespace: a # first\n    serviceAccountName: x\n    roleARN: arn:aws:iam::111122223333:role/x\n  # ours\n  - namespace: shop\n    serviceAccountName: orders\n    roleARN: arn:aws:iam::111122223333:role/x\n`;
    expect(remove(text, 'c.yaml')).toBe(text.slice(0, text.indexOf('  # ours')));
  });
});
