import type { TrustPolicyFact } from '../../model/facts';
import { entryOf, valueAt } from '../../syntax/nodes';
import type { SourceDocument } from '../../syntax/sourceFile';
import { readTemplate, type Resource } from '../../readers/cloudformation/template';
import { readProgram } from '../../readers/pulumi/program';
import { asMap } from '../../readers/nodes';
import type { Spelling } from '../types';
import { jsonTongueOf } from './policy/json';
import { terraformSpelling } from './terraformSpelling';

/** How a file spells the cluster of a policy, and the AWS account; absent what isn't sure. */
export interface ClusterSpelling {
  readonly cluster?: Spelling;
  readonly accountId?: Spelling;
}

/**
 * The cluster's name and the AWS account as expressions of the file in which a policy is written: told by the provider that the
 * policy names (Terraform), or by the one cluster or parameter that there is (CloudFormation, Pulumi).
 * @param siblings the other files of the Terraform folder
 * @param statement the statement whose provider is meant; absent: the one provider that pods are trusted by
 * @param named the cluster's name, where it is known: the cluster that the folder makes with it is meant
 */
export function clusterSpelling(
  policy: TrustPolicyFact,
  document: SourceDocument,
  siblings: readonly SourceDocument[],
  statement?: number,
  named?: string,
): ClusterSpelling {
  if (document.syntax === 'hcl') return terraformSpelling(policy, document, siblings, statement, named);
  if (policy.policy.form === 'json' && jsonTongueOf(policy, document).leaf([{ expression: '!Ref A' }]) === undefined) {
    const isPulumi = jsonTongueOf(policy, document).leaf([{ expression: '${a.b}' }]) !== undefined;
    return isPulumi ? inPulumi(document) : {};
  }
  return inCloudFormation(document) ?? inPulumi(document);
}

function inCloudFormation(document: SourceDocument): ClusterSpelling | undefined {
  const { root } = document.tree();
  const template = readTemplate(root, document.ref);
  if (!template) return undefined;
  const cluster = onlyOf(
    [...template.resources.values()].filter(({ type, map }) => type === 'AWS::EKS::Cluster' && !entryOf(map, 'Condition')),
  );
  const parameters = asMap(valueAt(root, 'Parameters'))?.entries ?? [];
  const named = onlyOf(parameters.map(({ key }) => key.value).filter((name) => /^(?:eks)?clustername$/i.test(name)));
  const id = cluster?.id ?? named;
  return {
    accountId: { expression: '!Ref AWS::AccountId' },
    ...(id === undefined ? {} : { cluster: { expression: `!Ref ${id}` } }),
  };
}

function inPulumi(document: SourceDocument): ClusterSpelling {
  const program = readProgram(document.tree().root, document.ref);
  const cluster = program && onlyOf<Resource>([...program.resources.values()].filter(({ type }) => /^(?:aws:eks|eks):Cluster$/.test(type)));
  if (!cluster) return {};
  return { cluster: { expression: cluster.type === 'aws:eks:Cluster' ? `\${${cluster.id}.name}` : `\${${cluster.id}.eksCluster.name}` } };
}

function onlyOf<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}
