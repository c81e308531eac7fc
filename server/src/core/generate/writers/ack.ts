import type { Pair } from '../pair';
import { Block, toYamlDocuments, type YamlValue } from '../text/yaml';
import { toJson } from '../json';
import { trustDocument } from '../trust';
import { fileStem, objectName } from './names';
import { serviceAccountObject } from './serviceAccount';
import type { Writer } from './writer';

/** Resources of the AWS Controllers for Kubernetes. Source: the CRDs of the iam and eks controllers. */
export const ackWriter: Writer = {
  id: 'ack',
  title: 'AWS Controllers for Kubernetes (ACK)',
  write: (pair) => [{ path: `${fileStem(pair)}.ack.yaml`, text: toYamlDocuments(documents(pair)), role: 'template' }],
  next: (pair) => (pair.provider ? [`ACK's Role expects the IAM provider ${pair.provider.arn} to be there.`] : []),
};

function documents(pair: Pair): YamlValue[] {
  const { role, account, cluster } = pair;
  const tags = Object.entries(role.tags).map(([key, value]) => ({ key, value }));
  return [
    {
      apiVersion: 'iam.services.k8s.aws/v1alpha1',
      kind: 'Role',
      metadata: { name: objectName(role.name), namespace: account.namespace },
      spec: {
        name: role.name,
        path: role.path === '/' ? undefined : role.path,
        description: role.description,
        maxSessionDuration: role.maxSessionDuration,
        permissionsBoundary: role.permissionsBoundary,
        assumeRolePolicyDocument: new Block(toJson(trustDocument(pair))),
        policies: role.policyArns.length === 0 ? undefined : role.policyArns,
        inlinePolicies: role.inline && { [role.inline.name]: new Block(role.inline.document) },
        tags: tags.length === 0 ? undefined : tags,
      },
    },
    ...(pair.mechanism === 'pod-identity'
      ? [
          {
            apiVersion: 'eks.services.k8s.aws/v1alpha1',
            kind: 'PodIdentityAssociation',
            metadata: {
              name: objectName(account.namespace, account.name),
              namespace: account.namespace,
              annotations: { 'services.k8s.aws/region': cluster!.region },
            },
            spec: { clusterName: cluster!.name, namespace: account.namespace, serviceAccount: account.name, roleARN: role.arn },
          },
        ]
      : []),
    serviceAccountObject(pair),
  ];
}
