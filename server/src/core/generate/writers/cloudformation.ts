import type { Pair } from '../pair';
import { toYaml, type YamlValue } from '../text/yaml';
import { trustDocument } from '../trust';
import { fileStem, logicalId } from './names';
import { serviceAccountFile } from './serviceAccount';
import type { Writer } from './writer';

/** A template of CloudFormation; the ServiceAccount, which it cannot hold, as a manifest beside it. */
export const cloudformationWriter: Writer = {
  id: 'cloudformation',
  title: 'CloudFormation template, and the ServiceAccount as YAML',
  write: (pair) => [
    { path: `${fileStem(pair)}.cloudformation.yaml`, text: toYaml(template(pair)), role: 'template' },
    serviceAccountFile(pair),
  ],
  next: (pair) => [
    ...(pair.provider ? [`CloudFormation expects the IAM provider ${pair.provider.arn} to be there.`] : []),
    'The stack names an IAM resource: deploy it with --capabilities CAPABILITY_NAMED_IAM.',
  ],
};

function template(pair: Pair): YamlValue {
  const { role, account, cluster } = pair;
  const id = `${logicalId(role.name)}Role`;
  const tags = Object.entries(role.tags);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: role.description,
    Resources: {
      [id]: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: role.name,
          Path: role.path === '/' ? undefined : role.path,
          Description: role.description,
          MaxSessionDuration: role.maxSessionDuration,
          PermissionsBoundary: role.permissionsBoundary,
          AssumeRolePolicyDocument: trustDocument(pair) as YamlValue,
          ManagedPolicyArns: role.policyArns.length === 0 ? undefined : role.policyArns,
          Policies: role.inline && [{ PolicyName: role.inline.name, PolicyDocument: JSON.parse(role.inline.document) as YamlValue }],
          Tags: tags.length === 0 ? undefined : tags.map(([Key, Value]) => ({ Key, Value })),
        },
      },
      ...(pair.mechanism === 'pod-identity'
        ? {
            [`${logicalId(role.name)}Association`]: {
              Type: 'AWS::EKS::PodIdentityAssociation',
              Properties: {
                ClusterName: cluster!.name,
                Namespace: account.namespace,
                ServiceAccount: account.name,
                RoleArn: { 'Fn::GetAtt': [id, 'Arn'] },
              },
            },
          }
        : {}),
    },
    Outputs: { RoleArn: { Value: { 'Fn::GetAtt': [id, 'Arn'] } } },
  };
}
