import { asMap, asScalar, textAt } from '../nodes';
import { walkValues } from './accountValues';
import { nodesAt } from './paths';
import { readParameter, readParameterMap } from './parameters';
import { parseEmbedded } from '../../syntax/embedded';
import type { ManifestObject } from './object';
import type { Sink } from './sink';

/** Objects that carry chart values, and where: as a map, or as YAML in a string. */
const releases: readonly {
  readonly kind: string;
  readonly group: string;
  readonly values: readonly string[];
  readonly parameters?: readonly string[];
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
  const sources = [`${spec}.source`, `${spec}.sources[]`];
  return {
    values: sources.flatMap((source) => [`${source}.helm.values`, `${source}.helm.valuesObject`]),
    parameters: sources.map((source) => `${source}.helm.parameters[]`),
    namespace: `${spec}.destination.namespace`,
  };
}

/** Reads the chart values of a release; false for any other object. */
export function readHelmRelease(object: ManifestObject, sink: Sink): boolean {
  const release = releases.find(({ kind, group }) => kind === object.kind && group === object.group);
  if (!release) return false;
  const before = sink.facts.length;
  for (const node of release.values.flatMap((path) => nodesAt(object.map, path))) {
    const text = asScalar(node);
    walkValues(text ? parseEmbedded(text)?.root : node, { defines: true }, sink);
  }
  for (const node of (release.parameters ?? []).flatMap((path) => nodesAt(object.map, path))) {
    if (node.kind === 'map') readParameter(node, sink);
  }
  for (const node of release.set ? nodesAt(object.map, release.set) : []) {
    const map = asMap(node);
    if (map) readParameterMap(map, sink);
  }
  placeAccounts(object, release.namespace, before, sink);
  return true;
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
