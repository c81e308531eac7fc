import { parsePolicyArn } from '../checks';
import type { Pair } from '../pair';
import { Block, toYamlDocuments, type YamlValue } from '../text/yaml';
import { toJson } from '../json';
import { trustDocument } from '../trust';
import { distinct, fileStem, objectName } from './names';
import { serviceAccountObject } from './serviceAccount';
import type { Writer } from './writer';

/** Managed resources of Upbound's official provider family for AWS. Source: its CRDs, iam and eks v1beta1. */
export const crossplaneWriter: Writer = {
  id: 'crossplane',
  title: "Crossplane, Upbound's AWS provider",
  write: (pair) => [{ path: `${fileStem(pair)}.crossplane.yaml`, text: toYamlDocuments(documents(pair)), role: 'template' }],
  next: (pair) => (pair.provider ? [`Crossplane's Role expects the IAM provider ${pair.provider.arn} to be there.`] : []),
};

function documents(pair: Pair): YamlValue[] {
  const { role, account, cluster } = pair;
  const name = objectName(role.name);
  const attachments = distinct(
    role.policyArns.map((arn) => objectName(role.name, parsePolicyArn(arn)!.name)),
    '-',
  );
  return [
    {
      apiVersion: 'iam.aws.upbound.io/v1beta1',
      kind: 'Role',
      metadata: { name, annotations: { 'crossplane.io/external-name': role.name } },
      spec: {
        forProvider: {
          path: role.path === '/' ? undefined : role.path,
          description: role.description,
          maxSessionDuration: role.maxSessionDuration,
          permissionsBoundary: role.permissionsBoundary,
          assumeRolePolicy: new Block(toJson(trustDocument(pair))),
          tags: Object.keys(role.tags).length === 0 ? undefined : role.tags,
        },
      },
    },
    ...role.policyArns.map((policyArn, i) => ({
      apiVersion: 'iam.aws.upbound.io/v1beta1',
      kind: 'RolePolicyAttachment',
      metadata: { name: attachments[i]! },
      spec: { forProvider: { policyArn, roleRef: { name } } },
    })),
    ...(role.inline
      ? [
          {
            apiVersion: 'iam.aws.upbound.io/v1beta1',
            kind: 'RolePolicy',
            metadata: {
              name: objectName(role.name, role.inline.name),
              annotations: { 'crossplane.io/external-name': `${role.name}:${role.inline.name}` },
            },
            spec: { forProvider: { policy: new Block(role.inline.document), roleRef: { name } } },
          },
        ]
      : []),
    ...(pair.mechanism === 'pod-identity'
      ? [
          {
            apiVersion: 'eks.aws.upbound.io/v1beta1',
            kind: 'PodIdentityAssociation',
            metadata: { name: objectName(account.namespace, account.name) },
            spec: {
              forProvider: {
                region: cluster!.region,
                clusterName: cluster!.name,
                namespace: account.namespace,
                serviceAccount: account.name,
                roleArnRef: { name },
              },
            },
          },
        ]
      : []),
    serviceAccountObject(pair),
  ];
}
