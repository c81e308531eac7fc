import type { Fact, PodIdentityAssociationFact, RoleFact, TrustPolicyFact } from '../../model/facts';
import { parseEmbedded } from '../../syntax/embedded';
import { outerSpan, valueAt } from '../../syntax/nodes';
import type { Entry, MapNode, Node, Tree } from '../../syntax/tree';
import type { Text } from '../../text/text';
import { manifestReader } from '../kubernetes/manifests';
import { associationOptions, sessionPolicy, tagSwitch } from '../associationOptions';
import { fargateProfile, fargateSelectors } from '../fargateProfiles';
import { textAt, toText } from '../nodes';
import { readPolicyDocument } from '../policyDocument';
import type { ReaderInput } from '../reader';
import { inlinePolicies, managedPolicies } from '../rolePolicies';
import { standIn } from '../terraform/texts';
import { concernsOf } from '../trustPolicyConcerns';
import { Evaluator } from './evaluate';
import type { Program, Resource } from './program';

/** The facts of a program's resources. */
export function readResources(program: Program, input: ReaderInput): Fact[] {
  const evaluator = new Evaluator(program);
  const facts: Fact[] = [];
  for (const resource of program.resources.values()) {
    const properties = evaluator.propertiesOf(resource);
    if (resource.type.startsWith('kubernetes:')) facts.push(...manifest(resource, properties, input));
    else if (properties) facts.push(...(readers[resource.type]?.(properties, resource, evaluator, input) ?? []));
  }
  return facts;
}

type Read = (properties: MapNode, resource: Resource, evaluator: Evaluator, input: ReaderInput) => Fact[];

const readers: Readonly<Record<string, Read>> = {
  'aws:iam:Role': role,
  'aws:iam:OpenIdConnectProvider': (properties, { entry }, _, { doc }) => {
    const url = textAt(properties, 'url');
    const ids = valueAt(properties, 'clientIdLists');
    const clientIds =
      ids?.kind === 'list' && !ids.open ? ids.items.flatMap((item) => (item.kind === 'scalar' ? [toText(item)] : [])) : undefined;
    return [{ kind: 'oidcProvider', doc, span: entry.span, ...(url ? { url } : {}), ...(clientIds ? { clientIds } : {}) }];
  },
  'aws:eks:PodIdentityAssociation': (properties, { entry }, _, input) => [association(properties, entry, input)],
  'aws:eks:FargateProfile': (properties, { entry }, _, { doc }) =>
    fargateProfile(
      { doc, span: entry.span, head: entry.key.span },
      textAt(properties, 'clusterName'),
      fargateSelectors(valueAt(properties, 'selectors')),
    ),
  'aws:eks:Cluster': cluster,
  'eks:Cluster': cluster,
};

function cluster(properties: MapNode, { entry }: Resource, _: Evaluator, { doc }: ReaderInput): Fact[] {
  const name = textAt(properties, 'name');
  return [{ kind: 'cluster', doc, span: entry.span, ...(name ? { name } : {}) }];
}

/** A role with its trust policy, which is its own alone, and its policies. */
function role(properties: MapNode, resource: Resource, evaluator: Evaluator, input: ReaderInput): Fact[] {
  const { doc } = input;
  const name = toText(evaluator.roleName(resource));
  const [path, maxSessionDuration] = [textAt(properties, 'path'), textAt(properties, 'maxSessionDuration')];
  const fact: RoleFact = {
    kind: 'role',
    id: evaluator.idOf(resource),
    doc,
    span: resource.entry.span,
    name,
    ...(path ? { path } : {}),
    ...(maxSessionDuration ? { maxSessionDuration } : {}),
  };
  const held = properties.entries.find(({ key }) => key.value === 'assumeRolePolicy');
  const policy = held?.value && trustPolicy(held, held.value, name, evaluator, input);
  return [
    fact,
    ...(policy ? [{ ...policy, roleIds: [evaluator.idOf(resource)] }] : []),
    ...managedPolicies(name, valueAt(properties, 'managedPolicyArns'), doc),
    ...inlinePolicies(name, valueAt(properties, 'inlinePolicies'), 'name', doc),
  ];
}

function trustPolicy(
  holder: Entry,
  value: Node,
  roleName: Text,
  evaluator: Evaluator,
  { doc, text, tree }: ReaderInput,
): TrustPolicyFact | undefined {
  const json =
    value.kind === 'scalar' && /^\s*\{/.test(value.value) && !/^\s*\{\{/.test(value.value) ? parseEmbedded(value, 'json') : undefined;
  const root = json ? json.root : value;
  if (root?.kind !== 'map') return undefined;
  const policy = readPolicyDocument(root, json ?? tree, text, evaluator.isMade(root) ? { form: 'hcl-blocks' } : {});
  return {
    kind: 'trustPolicy',
    doc,
    span: outerSpan(value),
    policy,
    concerns: concernsOf(policy),
    holder: toText(holder.key),
    roleName,
    ownRoleOnly: true,
  };
}

function association(properties: MapNode, { span, key }: Entry, { doc, tree, text: source }: ReaderInput): PodIdentityAssociationFact {
  const text = (name: string): Text | undefined => textAt(properties, name);
  const [clusterName, region, namespace, serviceAccount] = [text('clusterName'), text('region'), text('namespace'), text('serviceAccount')];
  const roleArn = text('roleArn');
  return {
    kind: 'podIdentityAssociation',
    doc,
    span,
    head: key.span,
    objectName: key.value,
    ...(clusterName ? { clusterName } : {}),
    ...(region ? { region } : {}),
    ...(namespace ? { namespace } : {}),
    ...(serviceAccount ? { serviceAccount } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...associationOptions({
      targetRoleArn: text('targetRoleArn'),
      disableSessionTags: tagSwitch(properties, 'disableSessionTags'),
      sessionPolicy: sessionPolicy(valueAt(properties, 'policy'), tree, source),
    }),
  };
}

/** An object of Kubernetes as the manifest that it makes. */
function manifest({ type, map, entry }: Resource, properties: MapNode | undefined, { doc, text }: ReaderInput): readonly Fact[] {
  const [, group, version, kind] = /^kubernetes:([\w.-]+)\/(\w+):(\w+)$/.exec(type) ?? [];
  if (version === undefined || kind === undefined) return [];
  const at = map.entries.find(({ key }) => key.value === 'type')!.span;
  const own = (key: string, value: string): Entry => ({ key: standIn(key, at), value: standIn(value, at), span: at, merged: false });
  const entries = (properties?.entries ?? []).filter(({ key }) => key.value !== 'apiVersion' && key.value !== 'kind');
  const root: MapNode = {
    kind: 'map',
    span: entry.span,
    open: properties?.open ?? true,
    entries: [own('apiVersion', group === 'core' ? version : `${group!}/${version}`), own('kind', kind), ...entries],
  };
  const tree: Tree = { root, problems: [], comments: [], templated: false, language: 'yaml' };
  return manifestReader.read({ doc, text, tree });
}
