import { entryOf, valueAt } from '../../syntax/nodes';
import type { MapNode, Node } from '../../syntax/tree';
import type { Fact, TrustPolicyFact } from '../../model/facts';
import type { ObjectId } from '../../text/objects';
import type { Text } from '../../text/text';
import { asList, asMap, asScalar, textAt, toText } from '../nodes';
import type { ReaderInput } from '../reader';
import { inlinePolicies, managedPolicies } from '../rolePolicies';
import { readTrustPolicies } from '../trustPolicy';
import { Functions } from './functions';
import type { Resource, Template } from './template';
import { unsubstituted } from './unsubstituted';

/** The facts of a template's resources. */
export function readResources(template: Template, input: ReaderInput): readonly Fact[] {
  const functions = new Functions(template);
  const facts: Fact[] = [];
  for (const resource of template.resources.values()) {
    const node = functions.evaluate(resource.map);
    if (node.kind !== 'map') continue;
    const own = roles(node, input).map((fact) => (fact.kind === 'trustPolicy' ? marked(fact, template, functions, input) : fact));
    facts.push(
      ...(resource.type === 'AWS::IAM::Role' ? identified(own, functions.idOf(resource.id), resource, input) : own),
      ...(others[resource.type]?.(node, resource, input) ?? []),
    );
  }
  return facts;
}

/** Trust policies of a resource, each with its role. A role without a name of its own gets one that no file tells. */
function roles(node: MapNode, input: ReaderInput): Fact[] {
  return readTrustPolicies({ ...input, tree: { ...input.tree, root: node } }).map((fact) =>
    fact.kind === 'trustPolicy' ? { ...fact, ownRoleOnly: true as const } : fact,
  );
}

/** The facts of a role, which are of that one resource of the template, whatever it is called. */
function identified(facts: readonly Fact[], id: ObjectId, { entry }: Resource, { doc }: ReaderInput): Fact[] {
  const own = facts.map((fact): Fact =>
    fact.kind === 'trustPolicy' ? { ...fact, roleIds: [id] } : fact.kind === 'role' ? { ...fact, id } : fact,
  );
  return own.some(({ kind }) => kind === 'role') ? own : [...own, { kind: 'role', doc, span: entry.span, id }];
}

function marked(fact: TrustPolicyFact, template: Template, functions: Functions, input: ReaderInput): TrustPolicyFact {
  const found = unsubstituted(fact.policy, template, input.text, (text) => functions.isSubstituted(text));
  return found.length > 0 ? { ...fact, unsubstituted: found } : fact;
}

type Read = (node: MapNode, resource: Resource, input: ReaderInput) => Fact[];

const others: Readonly<Record<string, Read>> = {
  'AWS::EKS::PodIdentityAssociation': (node, resource, input) => [association(valueAt(node, 'Properties'), node, resource, input)],
  'AWS::EKS::Addon': (node, resource, input) => {
    const properties = valueAt(node, 'Properties');
    const clusterName = textAt(properties, 'ClusterName');
    return (asList(valueAt(properties, 'PodIdentityAssociations'))?.items ?? []).flatMap((item) =>
      item.kind === 'map' ? [{ ...association(item, item, resource, input), ...(clusterName ? { clusterName } : {}) }] : [],
    );
  },
  'AWS::EKS::Cluster': (node, resource, { doc }) => {
    const name = textAt(valueAt(node, 'Properties'), 'Name');
    return [{ kind: 'cluster', doc, span: resource.entry.span, ...(name ? { name } : {}) }];
  },
  'AWS::IAM::Role': (node, _, { doc }) => {
    const properties = valueAt(node, 'Properties');
    const name = textAt(properties, 'RoleName');
    return name
      ? [
          ...managedPolicies(name, valueAt(properties, 'ManagedPolicyArns'), doc),
          ...inlinePolicies(name, valueAt(properties, 'Policies'), 'PolicyName', doc),
        ]
      : [];
  },
  'AWS::IAM::OIDCProvider': (node, resource, { doc }) => {
    const properties = valueAt(node, 'Properties');
    const url = textAt(properties, 'Url');
    const ids = valueAt(properties, 'ClientIdList');
    const clientIds =
      ids?.kind === 'list' && !ids.open ? ids.items.flatMap((item) => (item.kind === 'scalar' ? [toText(item)] : [])) : undefined;
    return [{ kind: 'oidcProvider', doc, span: resource.entry.span, ...(url ? { url } : {}), ...(clientIds ? { clientIds } : {}) }];
  },
};

function association(
  properties: Node | undefined,
  map: MapNode,
  { entry, map: whole }: Resource,
  { doc, tree }: ReaderInput,
): Extract<Fact, { kind: 'podIdentityAssociation' }> {
  const text = (key: string): Text | undefined => textAt(properties, key);
  const [clusterName, namespace, serviceAccount] = [text('ClusterName'), text('Namespace'), text('ServiceAccount')];
  const [roleArn, targetRoleArn] = [text('RoleArn'), text('TargetRoleArn')];
  return {
    kind: 'podIdentityAssociation',
    doc,
    span: map === asMap(properties) ? map.span : entry.span,
    head: map === asMap(properties) ? (map.entries[0]?.key.span ?? map.span) : entry.key.span,
    ...(clusterName ? { clusterName } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(targetRoleArn ? { targetRoleArn } : {}),
    ...(asScalar(valueAt(properties, 'DisableSessionTags'))?.value === 'true' ? { sessionTagsDisabled: true } : {}),
    ...(entryOf(whole, 'Condition') || tree.templated ? { conditional: true } : {}),
  };
}
