import type { Fact } from '../../model/facts';
import { valueAt } from '../../syntax/nodes';
import type { Entry, MapNode, Node, ScalarNode } from '../../syntax/tree';
import { asMap, asScalar } from '../nodes';
import type { ReaderInput } from '../reader';
import { camelCase, kubernetesKinds, kubernetesLists } from '../terraform/kubernetesKinds';
import { standIn } from '../terraform/texts';
import type { PlannedResource } from './plan';
import type { PlanTools } from './port';
import type { PlannedRoles } from './roles';

/** How deep a resource's blocks are read. */
const deepest = 30;
const annotation = 'eks.amazonaws.com/role-arn';

/** The types of resources that make Kubernetes objects. */
export const kubernetesTypes: readonly string[] = [
  ...Object.keys(kubernetesKinds).flatMap((type) => [type, `${type}_v1`]),
  'kubernetes_manifest',
  'kubectl_manifest',
  'kubernetes_annotations',
];

/** Service accounts, workloads and manifests that a plan makes, read as the manifests that they come to. */
export function readKubernetesResource(
  resource: PlannedResource,
  roles: PlannedRoles,
  input: ReaderInput,
  tools: PlanTools,
): readonly Fact[] {
  const root = manifestOf(resource, tools);
  if (!root) return [];
  const { node, path } = root;
  const tree = { ...input.tree, root: withRoles(node, resource, roles, path) };
  return tools.readManifests({ ...input, tree });
}

/** The manifest, and where its metadata stands in the resource's arguments. */
function manifestOf(
  resource: PlannedResource,
  { parseEmbedded }: PlanTools,
): { readonly node: MapNode; readonly path: readonly (string | number)[] } | undefined {
  const values = resource.values();
  if (!values) return undefined;
  switch (resource.type) {
    case 'kubernetes_manifest': {
      const node = asMap(valueAt(values, 'manifest'));
      return node && { node, path: ['manifest'] };
    }
    case 'kubectl_manifest': {
      // The provider marks the first as sensitive; the second is the same without what it takes for secrets.
      for (const key of ['yaml_body', 'yaml_body_parsed']) {
        const text = asScalar(valueAt(values, key));
        const root = text && text.holes.length === 0 ? parseEmbedded(text, 'yaml')?.root : undefined;
        if (root?.kind === 'map') return { node: root, path: [key] };
      }
      return undefined;
    }
    case 'kubernetes_annotations': {
      const entries = values.entries.filter(({ key }) => key.value === 'kind');
      const apiVersion = valueAt(values, 'api_version');
      const metadata = asMap(blockOf(valueAt(values, 'metadata'), 0));
      const annotations = valueAt(values, 'annotations');
      if (!metadata) return undefined;
      const inner = [...withoutNull(metadata.entries), ...(annotations ? [entry('annotations', annotations)] : [])];
      return {
        node: {
          ...values,
          entries: [
            ...(apiVersion ? [entry('apiVersion', apiVersion)] : []),
            ...entries,
            entry('metadata', inDefaultNamespace({ ...metadata, entries: inner })),
          ],
        },
        path: [],
      };
    }
    default: {
      const [apiVersion, kind] = kubernetesKinds[resource.type.replace(/_v\d\w*$/, '')]!;
      const inner = asMap(blockOf(values, 0));
      if (!inner) return undefined;
      const head = [entry('apiVersion', standIn(apiVersion, resource.head)), entry('kind', standIn(kind, resource.head))];
      const rest = inner.entries.map((each) =>
        each.key.value === 'metadata' && each.value?.kind === 'map' ? { ...each, value: inDefaultNamespace(each.value) } : each,
      );
      return { node: { ...inner, span: resource.span, entries: [...head, ...rest] }, path: [] };
    }
  }
}

/** A block as the map that it makes: names as the API has them, a list of one block as that block. */
function blockOf(node: Node | undefined, depth: number): Node | undefined {
  if (!node || depth > deepest) return node;
  if (node.kind === 'list') {
    if (node.items.length === 1 && node.items[0]!.kind === 'map') return blockOf(node.items[0], depth);
    return { ...node, items: node.items.flatMap((item) => blockOf(item, depth + 1) ?? []) };
  }
  if (node.kind !== 'map') return node;
  const entries = withoutNull(node.entries).map((each): Entry => {
    const list = Object.hasOwn(kubernetesLists, each.key.value) ? kubernetesLists[each.key.value] : undefined;
    const isFree = each.key.value === 'annotations' || each.key.value === 'labels';
    const key = { ...each.key, value: list ?? (isFree ? each.key.value : camelCase(each.key.value)) };
    if (list && each.value?.kind === 'list')
      return { ...each, key, value: { ...each.value, items: each.value.items.flatMap((item) => blockOf(item, depth + 1) ?? []) } };
    return { ...each, key, value: isFree ? each.value : blockOf(each.value, depth + 1) };
  });
  return { ...node, entries };
}

/** A plan writes arguments that are not set as null. */
function withoutNull(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ value }) => value && !(value.kind === 'scalar' && value.type === 'null'));
}

/** Terraform's provider puts what names no namespace into `default`. Source: Kubernetes provider, metadata.namespace. */
function inDefaultNamespace(metadata: MapNode): MapNode {
  if (valueAt(metadata, 'namespace')) return metadata;
  const { start } = metadata.span;
  return { ...metadata, entries: [...metadata.entries, entry('namespace', standIn('default', { start, end: start }))] };
}

/** The manifest with each role that an annotation is of. */
function withRoles(node: MapNode, resource: PlannedResource, roles: PlannedRoles, path: readonly (string | number)[]): MapNode {
  const metadata = asMap(valueAt(node, 'metadata'));
  const annotations = asMap(valueAt(metadata, 'annotations'));
  const value = asScalar(valueAt(annotations, annotation));
  if (!metadata || !annotations || !value) return node;
  const at = resource.type === 'kubernetes_annotations' ? ['annotations'] : [...path, 'metadata', 0, 'annotations', annotation];
  const referring = roles.referring(value, resource, at);
  return put(node, ['metadata', 'annotations', annotation], referring);
}

function put(map: MapNode, [key, ...rest]: readonly string[], value: ScalarNode): MapNode {
  return {
    ...map,
    entries: map.entries.map((each) => {
      if (each.key.value !== key) return each;
      return { ...each, value: rest.length === 0 ? value : each.value?.kind === 'map' ? put(each.value, rest, value) : each.value };
    }),
  };
}

function entry(key: string, value: Node): Entry {
  return { key: standIn(key, value.span), value, span: value.span, merged: false };
}
