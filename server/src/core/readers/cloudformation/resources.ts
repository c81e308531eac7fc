import { entryOf, valueAt } from '../../syntax/nodes';
import type { MapNode, Node } from '../../syntax/tree';
import type { Fact, TrustPolicyFact } from '../../model/facts';
import type { Text } from '../../text/text';
import { addonAccount, addonNames } from '../addons';
import { associationOptions, sessionPolicy, tagSwitch } from '../associationOptions';
import { fargateProfile, fargateSelectors } from '../fargateProfiles';
import { asMap, items, literalAt, textAt, toText } from '../nodes';
import type { ReaderInput } from '../reader';
import { inlinePolicies, managedPolicies } from '../rolePolicies';
import { readTrustPolicies } from '../trustPolicy';
import { readCustomResource } from './customResources';
import { Functions } from './functions';
import type { Resource, Template } from './template';
import { unsubstituted } from './unsubstituted';

/** The facts of a template's resources. */
export function readResources(template: Template, input: ReaderInput): readonly Fact[] {
  const functions = new Functions(template, input.doc.uri);
  const facts: Fact[] = [];
  for (const resource of template.resources.values()) {
    const node = functions.evaluate(resource.map);
    if (node.kind !== 'map') continue;
    const own = (resource.type === 'AWS::IAM::Role' ? role(node, resource, functions, input) : policies(node, input)).map((fact) =>
      fact.kind === 'trustPolicy' ? marked(fact, template, functions, input) : fact,
    );
    facts.push(...own, ...(others[resource.type]?.(node, resource, input) ?? []), ...readCustomResource(node, resource, functions, input));
  }
  return facts;
}

/** Trust policies of a resource that is no role by itself, each with its role where the resource names one. */
function policies(node: MapNode, input: ReaderInput): Fact[] {
  return readTrustPolicies({ ...input, tree: { ...input.tree, root: node } }).map((fact) =>
    fact.kind === 'trustPolicy' ? { ...fact, ownRoleOnly: true as const } : fact,
  );
}

/** A role with its trust policy. One without a name of its own is known by its logical id. */
function role(node: MapNode, resource: Resource, functions: Functions, input: ReaderInput): Fact[] {
  const id = functions.idOf(resource.id);
  const name = textAt(valueAt(node, 'Properties'), 'RoleName') ?? toText(functions.roleName(resource, resource.entry.key.span));
  const facts = policies(node, input).map((fact): Fact => {
    if (fact.kind === 'role') return { ...fact, id };
    return fact.kind === 'trustPolicy' ? { ...fact, roleIds: [id], roleName: fact.roleName ?? name } : fact;
  });
  if (!facts.some(({ kind }) => kind === 'role')) facts.push({ kind: 'role', doc: input.doc, span: resource.entry.span, id, name });
  const properties = valueAt(node, 'Properties');
  return [
    ...facts,
    ...managedPolicies(name, valueAt(properties, 'ManagedPolicyArns'), input.doc),
    ...inlinePolicies(name, valueAt(properties, 'Policies'), 'PolicyName', input.doc),
  ];
}

function marked(fact: TrustPolicyFact, template: Template, functions: Functions, input: ReaderInput): TrustPolicyFact {
  const found = unsubstituted(fact.policy, template, input.text, (text) => functions.isSubstituted(text));
  return found.length > 0 ? { ...fact, unsubstituted: found } : fact;
}

type Read = (node: MapNode, resource: Resource, input: ReaderInput) => Fact[];

const others: Readonly<Record<string, Read>> = {
  'AWS::EKS::PodIdentityAssociation': (node, resource, input) => [
    { ...association(valueAt(node, 'Properties'), node, resource, input), objectName: resource.id },
  ],
  'AWS::EKS::Addon': (node, resource, input) => {
    const properties = valueAt(node, 'Properties');
    const clusterName = textAt(properties, 'ClusterName');
    const { entry, map } = resource;
    const names = addonNames(literalAt(properties, 'AddonName'), entry.key.span, textAt(properties, 'NamespaceConfig', 'Namespace'));
    const [role, argument] = [textAt(properties, 'ServiceAccountRoleArn'), entryOf(valueAt(map, 'Properties'), 'ServiceAccountRoleArn')];
    const place = { span: entry.span, head: entry.key.span, open: false };
    return [
      ...items(valueAt(properties, 'PodIdentityAssociations')).map((item) => ({
        ...(names.namespace ? { namespace: names.namespace } : {}),
        ...association(item, item, resource, input),
        addon: textAt(properties, 'AddonName')?.value ?? '',
        ...(clusterName ? { clusterName } : {}),
      })),
      ...(role && argument
        ? [addonAccount('cloudformation', input.doc, place, names, { value: role, key: argument.key.span, span: argument.span })]
        : []),
    ];
  },
  'AWS::EKS::FargateProfile': (node, { entry }, { doc }) => {
    const properties = valueAt(node, 'Properties');
    const selectors = fargateSelectors(valueAt(properties, 'Selectors'), ['Namespace', 'Labels']);
    return fargateProfile({ doc, span: entry.span, head: entry.key.span }, textAt(properties, 'ClusterName'), selectors);
  },
  'AWS::EKS::Cluster': (node, resource, { doc }) => {
    const name = textAt(valueAt(node, 'Properties'), 'Name');
    return [{ kind: 'cluster', doc, span: resource.entry.span, ...(name ? { name } : {}) }];
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
  { doc, tree, text: source }: ReaderInput,
): Extract<Fact, { kind: 'podIdentityAssociation' }> {
  const text = (key: string): Text | undefined => textAt(properties, key);
  const [clusterName, namespace, serviceAccount] = [text('ClusterName'), text('Namespace'), text('ServiceAccount')];
  const roleArn = text('RoleArn');
  return {
    kind: 'podIdentityAssociation',
    doc,
    span: map === asMap(properties) ? map.span : entry.span,
    head: map === asMap(properties) ? (map.entries[0]?.key.span ?? map.span) : entry.key.span,
    ...(clusterName ? { clusterName } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...associationOptions({
      targetRoleArn: text('TargetRoleArn'),
      disableSessionTags: tagSwitch(properties, 'DisableSessionTags'),
      sessionPolicy: sessionPolicy(valueAt(properties, 'Policy'), tree, source),
    }),
    ...(entryOf(whole, 'Condition') || tree.templated ? { conditional: true } : {}),
  };
}
