import { asMap, asScalar, textAt } from '../nodes';
import { walkValues } from './accountValues';
import { nodesAt } from './paths';
import { mergeHelmValues, type HelmSetting } from '../shared/helmValues';
import { parseEmbedded } from '../../syntax/embedded';
import { valueAt } from '../../syntax/nodes';
import type { Entry, Node } from '../../syntax/tree';
import type { ManifestObject } from './object';
import type { Sink } from './sink';

/** Objects that carry chart values, and where: as a map, or as YAML in a string; and parameters, as a list or as a map. */
const releases: readonly {
  readonly kind: string;
  readonly group: string;
  /** What holds the values of one release each; by default the object. */
  readonly holders?: readonly string[];
  readonly values: readonly string[];
  readonly parameters?: string;
  readonly set?: string;
  readonly namespace: string;
}[] = [
  { kind: 'Application', group: 'argoproj.io', ...argo('spec') },
  { kind: 'ApplicationSet', group: 'argoproj.io', ...argo('spec.template.spec') },
  { kind: 'HelmRelease', group: 'helm.toolkit.fluxcd.io', values: ['spec.values'], namespace: 'spec.targetNamespace' },
  { kind: 'HelmChart', group: 'helm.cattle.io', values: ['spec.valuesContent'], set: 'spec.set', namespace: 'spec.targetNamespace' },
  { kind: 'HelmChartConfig', group: 'helm.cattle.io', values: ['spec.valuesContent'], namespace: '' },
  { kind: 'HelmChartProxy', group: 'addons.cluster.x-k8s.io', values: ['spec.valuesTemplate'], namespace: 'spec.namespace' },
  { kind: 'Release', group: 'helm.crossplane.io', values: ['spec.forProvider.values'], namespace: 'spec.forProvider.namespace' },
];

function argo(spec: string) {
  return {
    holders: [`${spec}.source.helm`, `${spec}.sources[].helm`],
    values: ['values', 'valuesObject'],
    parameters: 'parameters[]',
    namespace: `${spec}.destination.namespace`,
  };
}

/** Reads the chart values of a release; false for any other object. */
export function readHelmRelease(object: ManifestObject, sink: Sink): boolean {
  const release = releases.find(({ kind, group }) => kind === object.kind && group === object.group);
  if (!release) return false;
  const before = sink.facts.length;
  for (const holder of release.holders?.flatMap((path) => nodesAt(object.map, path)) ?? [object.map]) {
    const layers = release.values.flatMap((path) => nodesAt(holder, path)).flatMap(treeOf);
    const settings = [
      ...(release.parameters ? nodesAt(holder, release.parameters) : []).flatMap(settingOf),
      ...(release.set ? nodesAt(holder, release.set) : []).flatMap((node) => asMap(node)?.entries.flatMap(settingOfEntry) ?? []),
    ];
    // As it is written, where there is nothing to merge.
    const values = layers.length === 1 && settings.length === 0 ? layers[0] : mergeHelmValues(layers, settings, object.map.span);
    walkValues(values, { defines: true }, sink);
  }
  placeAccounts(object, release.namespace, before, sink);
  return true;
}

/** Values as a tree: a map, or YAML in a string. */
function treeOf(node: Node): readonly Node[] {
  const text = asScalar(node);
  const root = text ? parseEmbedded(text)?.root : node;
  return root ? [root] : [];
}

/** A parameter of a list: `name` and `value`. */
export function settingOf(item: Node): readonly HelmSetting[] {
  const path = asScalar(valueAt(item, 'name'));
  const value = valueAt(item, 'value');
  return path && value ? [{ path, value: asParameter(value), span: item.span }] : [];
}

function settingOfEntry({ key, value, span }: Entry): readonly HelmSetting[] {
  return value ? [{ path: key, value: asParameter(value), span }] : [];
}

/** Helm's parameters are text until the chart quotes them. */
function asParameter(value: Node): Node {
  return value.kind === 'scalar' && value.type !== 'null' ? { ...value, type: 'string' } : value;
}

/** Gives the accounts that values make the release's namespace. Charts that are told another one by their values are left alone. */
function placeAccounts(object: ManifestObject, path: string, before: number, sink: Sink): void {
  const { facts } = sink;
  const found = path === '' ? undefined : textAt(object.map, ...path.split('.'));
  const own = object.group === 'helm.toolkit.fluxcd.io' ? object.names.namespace : undefined;
  const elsewhere = /namespaceOverride|forceNamespace/.test(sink.text);
  for (let i = before; i < facts.length; i++) {
    const fact = facts[i]!;
    if (fact.kind !== 'serviceAccount' || fact.origin !== 'values' || fact.namespace) continue;
    if (elsewhere || found) facts[i] = { ...fact, ofRelease: true, ...(found && !elsewhere ? { namespace: found } : {}) };
    // Flux takes its own object's namespace, and that a kustomization may write over.
    else facts[i] = own ? { ...fact, namespace: own } : object.group === 'helm.toolkit.fluxcd.io' ? fact : { ...fact, ofRelease: true };
  }
}
