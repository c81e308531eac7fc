import { describe, expect, it } from 'vitest';
import { countChains } from '../../server/src/cli/chains';
import { accessMap } from '../../server/src/core/features/accessMap';
import { planLines, stepped, workspaceOf, type Files } from './host';
import { account, issuer } from './repositories';

const head = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: prod
  region: eu-west-1
`;
const eksctl = (rest: string): Files => ({ 'cluster.yaml': head + rest });
const expanded = (files: Files): string => {
  const { result, files: after } = stepped(files, { step: 'expand' });
  expect(result.refused).toEqual([]);
  return after['cluster.yaml']!.slice(head.length);
};

describe("an add-on of eksctl, with policies for eksctl's role", () => {
  it('gets them in its association, to the letter', () => {
    const files = eksctl(`addons:
- name: vpc-cni # the default version
  attachPolicy:
    # the node's interfaces
    Statement:
    - Effect: Allow
      Action: ["ec2:AssignIpv6Addresses", 'ec2:DescribeTags'] # all of them
      Resource: '*'
  permissionsBoundary: "arn:aws:iam::\${ACCOUNT}:policy/boundary"
  version: latest
- name: coredns
`);
    expect(planLines(files)).toEqual(['kube-system/aws-node → role created by eksctl: not-started can-move [addon-association]']);
    expect(expanded(files)).toBe(`addons:
- name: vpc-cni # the default version
  podIdentityAssociations:
  - namespace: kube-system
    serviceAccountName: aws-node
    permissionPolicy:
      # the node's interfaces
      Statement:
      - Effect: Allow
        Action: ["ec2:AssignIpv6Addresses", 'ec2:DescribeTags'] # all of them
        Resource: '*'
    permissionsBoundaryARN: "arn:aws:iam::\${ACCOUNT}:policy/boundary"
  version: latest
- name: coredns
- name: eks-pod-identity-agent
`);
    const { result, files: after } = stepped(files, { step: 'expand' });
    expect(result.next.join('\n')).toContain('then eksctl update addon -f cluster.yaml.');
    expect(planLines(after)).toEqual(['kube-system/aws-node → role created by eksctl: done can-move']);
    expect(stepped(after, { step: 'expand' }).files).toEqual(after);
  });

  it('keeps the lists of its file, and the namespace that is given', () => {
    const files = eksctl(`addons:
  - name: amazon-cloudwatch-observability
    namespaceConfig:
      namespace: observability
    attachPolicyARNs:
      - arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy
  - name: eks-pod-identity-agent
`);
    expect(expanded(files)).toContain(`    podIdentityAssociations:
      - namespace: observability
        serviceAccountName: cloudwatch-agent
        permissionPolicyARNs:
          - arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy
`);
  });

  it("stays with wellKnownPolicies, which eksctl takes in no add-on's association", () => {
    const files = eksctl('addons:\n- name: aws-ebs-csi-driver\n  wellKnownPolicies:\n    ebsCSIController: true\n');
    expect(planLines(files)).toEqual([
      'kube-system/ebs-csi-controller-sa → role created by eksctl: not-started cannot-move [addon-association policy-not-editable!]',
    ]);
    expect(stepped(files, { step: 'expand' }).result.refused[0]!.reason).toContain('useDefaultPodIdentityAssociations: true');
  });

  it('gets the policies of the entry that makes its role, which leaves with the contract step', () => {
    const files = eksctl(`iam:
  withOIDC: true
  serviceAccounts:
  - metadata: {name: ebs-csi-controller-sa, namespace: kube-system}
    roleName: ebs
    roleOnly: true
    attachPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy]
addons:
- name: aws-ebs-csi-driver
  serviceAccountRoleARN: arn:aws:iam::${account}:role/ebs
- name: eks-pod-identity-agent
`);
    const { files: after } = stepped(files, { step: 'expand' });
    expect(after['cluster.yaml']).toContain(`  podIdentityAssociations:
  - namespace: kube-system
    serviceAccountName: ebs-csi-controller-sa
    permissionPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy]
`);
    expect(stepped(after, { step: 'expand' }).files).toEqual(after);
    const { result, files: done } = stepped(after, { step: 'contract' });
    expect(result.refused).toEqual([]);
    expect(done['cluster.yaml']).toContain('iam:\n  withOIDC: true\naddons:');
  });

  it.each([
    ['asks for what EKS recommends', '  useDefaultPodIdentityAssociations: true\n', ''],
    ['is one of those that get it', '', 'addonsConfig:\n  autoApplyPodIdentityAssociations: true\n'],
  ])('uses EKS Pod Identity already where it %s, and undo leaves it there', (_, own, rest) => {
    const files = eksctl(`addons:\n- name: aws-efs-csi-driver\n${own}- name: eks-pod-identity-agent\n${rest}`);
    expect(planLines(files)).toEqual(['kube-system/efs-csi-controller-sa → role created by eksctl: done can-move']);
    for (const step of ['expand', 'undo', 'contract'] as const) expect(stepped(files, { step }).files).toEqual(files);
  });

  it('whose account an entry creates, too, is unknown: EKS takes one association', () => {
    const files = eksctl(`iam:
  withOIDC: true
  serviceAccounts:
  - metadata: {name: ebs-csi-controller-sa, namespace: kube-system}
    attachPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy]
addons:
- name: aws-ebs-csi-driver
  attachPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy]
`);
    for (const line of planLines(files)) expect(line).toMatch(/unknown \[.*association-exists!/);
    expect(stepped(files, { step: 'expand' }).files).toEqual(files);
  });
});

const template = (addon: string, more = ''): string => `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  ClusterName:
    Type: String
Resources:
  EbsAddon:
    Type: AWS::EKS::Addon
    Properties:
${addon}
  EbsRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Federated: arn:aws:iam::${account}:oidc-provider/${issuer}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                ${issuer}:sub: system:serviceaccount:kube-system:ebs-csi-controller-sa
${more}`;

describe('an add-on of CloudFormation', () => {
  it.each([
    [
      'with a comment',
      `      AddonName: aws-ebs-csi-driver
      ServiceAccountRoleArn: !GetAtt EbsRole.Arn # by token
      ClusterName: !Ref ClusterName
`,
      `      AddonName: aws-ebs-csi-driver
      PodIdentityAssociations:
        - ServiceAccount: ebs-csi-controller-sa
          RoleArn: !GetAtt EbsRole.Arn # by token
      ClusterName: !Ref ClusterName
`,
    ],
    [
      'with the long form of a function',
      `      AddonName: aws-ebs-csi-driver
      ClusterName: !Ref ClusterName
      ServiceAccountRoleArn:
        Fn::GetAtt:
          - EbsRole
          - Arn
`,
      `      AddonName: aws-ebs-csi-driver
      ClusterName: !Ref ClusterName
      PodIdentityAssociations:
        - ServiceAccount: ebs-csi-controller-sa
          RoleArn:
            Fn::GetAtt:
              - EbsRole
              - Arn
`,
    ],
  ])('gets an association in the place of its role: %s', (_, before, after) => {
    const files = { 'eks.yaml': template(before) };
    expect(planLines(files, { direction: 'to-pod-identity', cluster: 'prod' })).toEqual([
      'kube-system/ebs-csi-controller-sa → EbsRole: not-started can-move [addon-association]',
    ]);
    const { result, files: done } = stepped(files, { step: 'expand', cluster: 'prod' });
    expect(result.refused).toEqual([]);
    expect(done['eks.yaml']!.startsWith(template(after).slice(0, template(after).indexOf('  EbsRole:')))).toBe(true);
    expect(done['eks.yaml']).not.toContain('AWS::EKS::PodIdentityAssociation');
    const last = stepped(done, { step: 'contract', cluster: 'prod' });
    expect(last.result.refused).toEqual([]);
    expect(last.files['eks.yaml']).not.toContain('WebIdentity');
  });

  it('in JSON', () => {
    const text = JSON.stringify(
      {
        Resources: {
          Addon: {
            Type: 'AWS::EKS::Addon',
            Properties: { AddonName: 'vpc-cni', ServiceAccountRoleArn: { 'Fn::GetAtt': ['Cni', 'Arn'] }, ClusterName: 'prod' },
          },
          Cni: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
                    Action: 'sts:AssumeRoleWithWebIdentity',
                    Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:kube-system:aws-node' } },
                  },
                ],
              },
            },
          },
        },
      },
      undefined,
      2,
    );
    const { result, files } = stepped({ 'eks.json': text }, { step: 'expand', cluster: 'prod' });
    expect(result.refused).toEqual([]);
    expect(files['eks.json']).toContain(`        "AddonName": "vpc-cni",
        "PodIdentityAssociations": [
          {
            "ServiceAccount": "aws-node",
            "RoleArn": {
              "Fn::GetAtt": [
                "Cni",
                "Arn"
              ]
            }
          }
        ],
        "ClusterName": "prod"
`);
  });

  it('an association goes below a role whose last value has a tag', () => {
    const role = `AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Oidc:
    Type: String
Resources:
  Orders:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub
        - |
          {
            "Version": "2012-10-17",
            "Statement": [
              {
                "Effect": "Allow",
                "Principal": { "Federated": "arn:aws:iam::${account}:oidc-provider/\${Host}" },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": { "StringEquals": { "\${Host}:sub": "system:serviceaccount:shop:orders" } }
              }
            ]
          }
        - {
            "Host": { "Ref": "Oidc" }
          }

  Other:
    Type: AWS::SNS::Topic
`;
    for (const text of [role, role.replaceAll('\n', '\r\n')]) {
      const files = { 'roles.yaml': text };
      const { result, files: after } = stepped(files, { step: 'expand', cluster: 'prod' });
      expect(result.refused).toEqual([]);
      expect(after['roles.yaml']!.replaceAll('\r\n', '\n')).toContain(`          }

  ShopOrdersPodIdentityAssociation:
    Type: AWS::EKS::PodIdentityAssociation
`);
      expect(stepped(after, { step: 'undo', cluster: 'prod' }).files).toEqual(files);
    }
  });
});

const three = (dash: string): Files =>
  eksctl(`iam:
  withOIDC: true
  serviceAccounts:
${['cart', 'orders', 'users'].map((name) => `${dash}- metadata: {name: ${name}, namespace: shop}\n${dash}  attachPolicyARNs: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n`).join('')}${dash}# - metadata: {name: later, namespace: shop}
vpc: {}
`);

describe('several entries of iam.serviceAccounts', () => {
  it.each(['', '  ', '    '].map((dash) => `  ${dash}`))('leave no empty key when they move, and none when that is undone: %j', (dash) => {
    const files = three(dash);
    const after = stepped(files, { step: 'expand' }).files;
    expect(after['cluster.yaml']).toContain(
      `${dash}# - metadata: {name: later, namespace: shop}\n  podIdentityAssociations:\n${dash}- namespace: shop\n`,
    );
    expect(stepped(after, { step: 'undo' }).files).toEqual(files);
    const done = stepped(after, { step: 'contract' }).files;
    expect(done['cluster.yaml']).not.toContain('serviceAccounts:');
    expect(done['cluster.yaml']).toContain('iam:\n  withOIDC: true\n');
  });

  it('are counted once each while they move', () => {
    const count = (files: Files): number => countChains([workspaceOf(files)]).checked;
    const after = stepped(three('  '), { step: 'expand' }).files;
    expect([count(three('  ')), count(after)]).toEqual([3, 3]);
    const entries = accessMap(workspaceOf(after));
    expect(entries.map(({ serviceAccount, mechanism }) => `${serviceAccount} ${mechanism}`).sort()).toEqual(
      ['cart', 'orders', 'users'].flatMap((name) => [`${name} irsa`, `${name} pod-identity`]),
    );
  });
});

describe('a role of an entry', () => {
  it('of roleOnly is in the plan, and its entry leaves', () => {
    const files = eksctl(`iam:
  serviceAccounts:
    - metadata: {name: karpenter, namespace: karpenter}
      roleName: karpenter
      roleOnly: true
      attachPolicyARNs:
        - arn:aws:iam::\${ACCOUNT}:policy/karpenter # by the stack
`);
    expect(planLines(files)).toEqual(['karpenter/karpenter → karpenter: not-started can-move [account-not-in-files]']);
    const after = stepped(files, { step: 'expand' }).files;
    expect(after['cluster.yaml']!.slice(head.length)).toBe(`${files['cluster.yaml']!.slice(head.length)}  podIdentityAssociations:
    - namespace: karpenter
      serviceAccountName: karpenter
      roleName: karpenter-pod-identity
      permissionPolicyARNs:
        - arn:aws:iam::\${ACCOUNT}:policy/karpenter # by the stack
`);
    expect(stepped(after, { step: 'undo' }).files).toEqual(files);
    expect(stepped(after, { step: 'contract' }).files['cluster.yaml']).not.toContain('roleOnly');
  });

  it('with a subjectPattern stays while others may use it', () => {
    const files = eksctl(`iam:
  serviceAccounts:
    - metadata: {name: jobs-a, namespace: shop}
      subjectPattern: jobs-*
      attachPolicyARNs: [arn:aws:iam::aws:policy/ReadOnlyAccess]
`);
    expect(planLines(files)[0]).toMatch(/^shop\/jobs-a → .* can-move \[wildcard-subject\]$/);
    const after = stepped(files, { step: 'expand' }).files;
    const { result, files: still } = stepped(after, { step: 'contract' });
    expect(result.refused[0]!.reason).toContain('subjectPattern');
    expect(still).toEqual(after);
    const denied = { 'cluster.yaml': files['cluster.yaml']!.replace('jobs-*', 'job-*') };
    expect(planLines(denied)[0]).toMatch(/cannot-move \[denied-now!\]$/);
  });
});

it.each([
  ['cdk.out/Eks.template.json', {}],
  ['templates/eks.json', { Metadata: { 'aws:cdk:path': 'Eks/Orders/Resource' } }],
  ['templates/eks.json', undefined],
])('a template that AWS CDK has written is not edited: %s', (path, more) => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:shop:orders' } },
          },
        ],
      },
    },
    ...more,
  };
  const files = { [path]: JSON.stringify({ Resources: { Orders: role } }, undefined, 1) };
  const { result, files: after } = stepped(files, { step: 'expand', cluster: 'prod' });
  if (!more) expect(result.refused).toEqual([]);
  else expect([result.refused[0]!.reason, after]).toEqual([expect.stringContaining('AWS CDK generates this template'), files]);
});
