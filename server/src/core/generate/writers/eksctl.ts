import { defaultAudience } from '../../model/subject';
import type { Pair } from '../pair';
import { toYaml, type YamlValue } from '../text/yaml';
import { fileStem } from './names';
import type { Writer } from './writer';

/** A ClusterConfig of eksctl, which makes role and account itself. Source: eksctl's schema, ClusterIAM. */
export const eksctlWriter: Writer = {
  id: 'eksctl',
  title: 'eksctl ClusterConfig',
  cannot: (pair) => [
    ...(pair.cluster ? [] : ["eksctl needs the cluster's name and region."]),
    ...(pair.role.path === '/' ? [] : ['eksctl gives roles no path: leave it out, or take another format.']),
    ...(pair.audience === defaultAudience
      ? []
      : ['eksctl trusts the audience sts.amazonaws.com alone: leave the other out, or take another format.']),
    ...(pair.role.maxSessionDuration === undefined ? [] : ['eksctl sets no session duration: leave it out, or take another format.']),
  ],
  write: (pair) => [{ path: `${fileStem(pair)}.eksctl.yaml`, text: toYaml(config(pair)), role: 'template' }],
  next: (pair) => [
    pair.mechanism === 'irsa'
      ? `Run it as: eksctl create iamserviceaccount --config-file ${fileStem(pair)}.eksctl.yaml --approve`
      : `Run it as: eksctl create podidentityassociation --config-file ${fileStem(pair)}.eksctl.yaml. eksctl writes the trust policy, without conditions: the association alone says who gets the role.`,
  ],
};

function config(pair: Pair): YamlValue {
  const { role, account, cluster } = pair;
  const policies = role.policyArns.length === 0 ? undefined : role.policyArns;
  const policy = role.inline && (JSON.parse(role.inline.document) as YamlValue);
  const tags = Object.keys(role.tags).length === 0 ? undefined : role.tags;
  return {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: cluster!.name, region: cluster!.region },
    iam:
      pair.mechanism === 'irsa'
        ? {
            withOIDC: true,
            serviceAccounts: [
              {
                metadata: { name: account.name, namespace: account.namespace },
                roleName: role.name,
                attachPolicyARNs: policies,
                attachPolicy: policy,
                permissionsBoundary: role.permissionsBoundary,
                tags,
              },
            ],
          }
        : {
            podIdentityAssociations: [
              {
                namespace: account.namespace,
                serviceAccountName: account.name,
                createServiceAccount: true,
                roleName: role.name,
                permissionPolicyARNs: policies,
                permissionPolicy: policy,
                permissionsBoundaryARN: role.permissionsBoundary,
                tags,
              },
            ],
          },
  };
}
