import { describe, expect, test } from 'vitest';
import { only, read } from './support';
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
      ['demo', undefined, 'ebs-csi-controller-sa', '${Other.Arn}', undefined, undefined],
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
