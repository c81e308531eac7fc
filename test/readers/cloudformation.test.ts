import { describe, expect, test } from 'vitest';
import { describeAccount, only, read } from './support';
import { cluster, providers, subjects } from './formats';

const template = `
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Namespace: {Type: String}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties: {Name: demo}
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: !GetAtt Cluster.OpenIdConnectIssuerUrl
      ClientIdList: [sts.amazonaws.com]
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: demo-role
      Path: /pods/
      AssumeRolePolicyDocument: !Sub
        - |
          {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Federated": "\${Provider}"}, "Action": "sts:AssumeRoleWithWebIdentity",
           "Condition": {"StringEquals": {"\${Host}:sub": "system:serviceaccount:\${Namespace}:demo-sa"}}}]}
        - Host: !Select [1, !Split ["//", !GetAtt Cluster.OpenIdConnectIssuerUrl]]
  Association:
    Type: AWS::EKS::PodIdentityAssociation
    Condition: WithPods
    Properties:
      ClusterName: !Ref Cluster
      Namespace: !Ref Namespace
      ServiceAccount: demo-sa
      RoleArn: !GetAtt Role.Arn
      DisableSessionTags: true
  Addon:
    Type: AWS::EKS::Addon
    Properties:
      AddonName: aws-ebs-csi-driver
      ClusterName: demo
      PodIdentityAssociations:
        - {ServiceAccount: ebs-csi-controller-sa, RoleArn: !GetAtt Other.Arn}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !If [A, {}, !Ref AWS::NoValue]
`;

test('the policies of a role', () => {
  const text = template.replace(
    '      RoleName: demo-role\n',
    '      RoleName: demo-role\n      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess, !Ref Own]\n      Policies: [{PolicyName: inside, PolicyDocument: {}}]\n',
  );
  expect(only(read(text), 'rolePolicy').map(({ role, name, arn }) => `${role.value} ${(arn ?? name)!.value}`)).toEqual([
    'demo-role arn:aws:iam::aws:policy/ReadOnlyAccess',
    'demo-role ${Own}',
    'demo-role inside',
  ]);
});

describe('CloudFormation', () => {
  test('roles have their names and paths, and their policies what functions make', () => {
    const facts = read(template, 'infra/template.yaml');
    const [role] = only(facts, 'role');
    expect([role!.name!.value, role!.path!.value]).toEqual(['demo-role', '/pods/']);
    const [trust, ...others] = only(facts, 'trustPolicy');
    expect(others).toEqual([]);
    expect(providers(trust!)).toEqual([
      'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/${Cluster.OpenIdConnectIssuerUrl without https:}',
    ]);
    expect(subjects(trust!)).toEqual(['${Cluster.OpenIdConnectIssuerUrl without https:}:sub=system:serviceaccount:${Namespace}:demo-sa']);
    expect(trust!.roleName!.value).toBe('demo-role');
  });

  test('associations, add-ons, clusters and providers', () => {
    const facts = read(template, 'infra/template.yaml');
    expect(
      only(facts, 'podIdentityAssociation').map(({ clusterName, namespace, serviceAccount, roleArn, conditional, sessionTagsDisabled }) => [
        clusterName?.value,
        namespace?.value,
        serviceAccount?.value,
        roleArn?.value,
        conditional,
        sessionTagsDisabled,
      ]),
    ).toEqual([
      ['demo', '${Namespace}', 'demo-sa', 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/pods/demo-role', true, true],
      ['demo', 'kube-system', 'ebs-csi-controller-sa', 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Other}', undefined, undefined],
    ]);
    expect(cluster(facts)).toEqual(['demo']);
    expect(only(facts, 'oidcProvider').map((fact) => [fact.url!.value, fact.clientIds!.map((id) => id.value)])).toEqual([
      ['https://${Cluster.OpenIdConnectIssuerUrl without https:}', ['sts.amazonaws.com']],
    ]);
  });

  test('short tags and long forms are the same', () => {
    const long = JSON.stringify({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: { 'Fn::Sub': '${AWS::StackName}-demo' },
            AssumeRolePolicyDocument: {
              Statement: {
                Effect: 'Allow',
                Action: 'sts:AssumeRoleWithWebIdentity',
                Principal: {
                  Federated: {
                    'Fn::Join': [
                      '',
                      ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0'],
                    ],
                  },
                },
                Condition: {
                  StringEquals: {
                    'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0:sub': { 'Fn::Sub': ['system:serviceaccount:${N}:x', { N: 'demo' }] },
                  },
                },
              },
            },
          },
        },
      },
    });
    const facts = read(long, 'infra/template.json');
    const [trust] = only(facts, 'trustPolicy');
    expect(trust!.roleName!.value).toBe('${AWS::StackName}-demo');
    expect(providers(trust!)).toEqual(['arn:aws:iam::${AWS::AccountId}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0']);
    expect(subjects(trust!)).toEqual(['oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0:sub=system:serviceaccount:demo:x']);
  });

  test('a variable of IAM behind ${! is no hole', () => {
    const facts = read(template.replace('${Namespace}:demo-sa', '${Namespace}:${!aws:PrincipalTag/sa}'), 'infra/template.yaml');
    expect(subjects(only(facts, 'trustPolicy')[0]!)).toEqual([
      '${Cluster.OpenIdConnectIssuerUrl without https:}:sub=system:serviceaccount:${Namespace}:${aws:PrincipalTag/sa}',
    ]);
  });
});

describe('identity', () => {
  const uri = 'file:///infra/t.yaml';
  const id = (logicalId: string): string => `cloudformation ${uri} ${logicalId}`;
  const facts = (text: string) => read(text, 'infra/t.yaml');
  const trust = (subject: string): string =>
    `{Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Federated: !Ref Provider}, Action: "sts:AssumeRoleWithWebIdentity", Condition: {StringEquals: {"oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:${subject}"}}}]}`;
  const roles = `Resources:\n  A:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${trust('shop:a')}\n  B:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: b\n      AssumeRolePolicyDocument: ${trust('shop:b')}\n  P: {Type: AWS::EKS::PodIdentityAssociation, Properties: {ClusterName: c, Namespace: shop, ServiceAccount: a, RoleArn: ROLE}}\n`;
  const referred = (role: string) => only(facts(roles.replace('ROLE', role)), 'podIdentityAssociation')[0]!.roleArn?.refers;

  test('each role has one, with or without a name', () => {
    const found = facts(roles);
    expect(only(found, 'role').map(({ id: own, name }) => [own, name?.value])).toEqual([
      [id('A'), '${A}'],
      [id('B'), 'b'],
    ]);
    expect(only(found, 'trustPolicy').map(({ roleIds }) => roleIds)).toEqual([[id('A')], [id('B')]]);
  });

  test.each([
    ['GetAtt', '!GetAtt A.Arn', ['A']],
    ['GetAtt as a list', '{"Fn::GetAtt": [A, Arn]}', ['A']],
    ['Sub', '!Sub "${A.Arn}"', ['A']],
    ['Join', '!Join ["", [!GetAtt A.Arn]]', ['A']],
    ['one of two', '!If [X, !GetAtt A.Arn, !GetAtt B.Arn]', ['A', 'B']],
  ])('a reference is that role: %s', (_, role, expected) => {
    expect(referred(role)).toMatchObject({ objects: expected.map(id), attribute: 'arn' });
  });

  test.each([
    ['a literal ARN', 'arn:aws:iam::111122223333:role/b'],
    ['an import', '!ImportValue X'],
    ['a parameter', '!Ref RoleArn'],
    ['another attribute', '!GetAtt A.RoleId'],
    ['a part of another text', '!Sub "${A.Arn}-x"'],
    ['one of a role and nothing', '!If [X, !GetAtt A.Arn, !Ref "AWS::NoValue"]'],
    ['an output of a nested stack', '!GetAtt Stack.Outputs.Arn'],
  ])('nothing else is one: %s', (_, role) => {
    expect(referred(role)).toBeUndefined();
  });
});

describe('custom resources', () => {
  const note = 'eks.amazonaws.com/role-arn';
  const role = '  Role:\n    Type: AWS::IAM::Role\n    Properties: {AssumeRolePolicyDocument: {}}\n';
  const accountsOf = (resource: string) =>
    only(read(`Resources:\n${role}${resource}`, 'infra/t.yaml'), 'serviceAccount').map(
      (fact) => `${describeAccount(fact)} ${fact.roleArn?.value?.refers?.objects.join() ?? ''}`,
    );
  const arn = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Role}';
  const id = 'cloudformation file:///infra/t.yaml Role';

  test.each([
    [
      'AWSQS::Kubernetes::Resource',
      `  M:\n    Type: AWSQS::Kubernetes::Resource\n    Properties:\n      Namespace: shop\n      Manifest: !Sub |\n        apiVersion: v1\n        kind: ServiceAccount\n        metadata:\n          name: app\n          annotations:\n            ${note}: \${Role.Arn}\n`,
      'manifest shop/app',
    ],
    [
      'Custom::AWSCDK-EKS-KubernetesResource',
      `  M:\n    Type: Custom::AWSCDK-EKS-KubernetesResource\n    Properties:\n      Manifest:\n        Fn::Join:\n          - ""\n          - - '[{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"app","namespace":"shop","annotations":{"${note}":"'\n            - Fn::GetAtt: [Role, Arn]\n            - '"}}}]'\n`,
      'manifest shop/app',
    ],
    [
      'Custom::AWSCDK-EKS-KubernetesPatch',
      `  M:\n    Type: Custom::AWSCDK-EKS-KubernetesPatch\n    Properties:\n      ResourceName: serviceaccount/aws-node\n      ResourceNamespace: kube-system\n      ApplyPatchJson: !Sub '{"metadata":{"annotations":{"${note}":"\${Role.Arn}"}}}'\n`,
      'manifest kube-system/aws-node',
    ],
    [
      'AWSQS::Kubernetes::Helm',
      `  M:\n    Type: AWSQS::Kubernetes::Helm\n    Properties:\n      Namespace: shop\n      Chart: x\n      Values: {serviceAccount.name: app, 'serviceAccount.annotations.eks\\.amazonaws\\.com/role-arn': !GetAtt Role.Arn}\n`,
      'values shop/app',
    ],
    [
      'Custom::AWSCDK-EKS-HelmChart',
      `  M:\n    Type: Custom::AWSCDK-EKS-HelmChart\n    Properties:\n      Release: r\n      Namespace: shop\n      Values: !Sub '{"serviceAccount":{"name":"app","annotations":{"${note}":"\${Role.Arn}"}}}'\n`,
      'values shop/app',
    ],
  ])('make accounts: %s', (_, resource, account) => {
    expect(accountsOf(resource)).toEqual([`${account} ${arn} ${id}`]);
  });

  test.each([
    ['another resource', '  M: {Type: "Custom::Other", Properties: {Manifest: "apiVersion: v1\\nkind: ServiceAccount"}}\n'],
    ['text that is no manifest', '  M: {Type: "AWSQS::Kubernetes::Resource", Properties: {Manifest: "hello"}}\n'],
    ['a manifest by address', '  M: {Type: "AWSQS::Kubernetes::Resource", Properties: {Url: "s3://x"}}\n'],
    [
      'a patch of something else',
      '  M: {Type: "Custom::AWSCDK-EKS-KubernetesPatch", Properties: {ResourceName: daemonset/x, ApplyPatchJson: "{}"}}\n',
    ],
  ])('make none: %s', (_, resource) => {
    expect(accountsOf(resource)).toEqual([]);
  });

  test('CfnJson gives conditions whose keys are put together', () => {
    const text = `Resources:\n  Conditions:\n    Type: Custom::AWSCDKCfnJson\n    Properties:\n      Value:\n        Fn::Join: ["", ['{"', !Select [1, !Split [":oidc-provider/", !Ref Provider]], ':sub":"system:serviceaccount:shop:app"}']]\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRoleWithWebIdentity\n            Principal: {Federated: !Ref Provider}\n            Condition: {StringEquals: {Fn::GetAtt: [Conditions, Value]}}\n`;
    const [policy] = only(read(text, 'infra/t.yaml'), 'trustPolicy');
    expect(policy!.concerns).toBe('irsa');
    expect(policy!.policy.statements[0]!.condition!.operators[0]!.keys.map(({ values }) => values.values[0]!.value)).toEqual([
      'system:serviceaccount:shop:app',
    ]);
  });
});
