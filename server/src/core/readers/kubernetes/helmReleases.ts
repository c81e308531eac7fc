import { asMap, asScalar } from '../nodes';
import { walkValues } from './accountValues';
import { nodesAt } from './paths';
import { readParameter, readParameterMap } from './parameters';
import { parseEmbedded } from '../../syntax/embedded';
import type { ManifestObject } from './object';
import type { Sink } from './sink';

/** Objects that carry chart values, and where: as a map, or as YAML in a string. */
const releases: readonly { readonly kind: string; readonly group: string; readonly values: readonly string[]; readonly parameters?: readonly string[]; readonly set?: string }[] = [
  { kind: 'Application', group: 'argoproj.io', ...argo('spec') },
  { kind: 'ApplicationSet', group: 'argoproj.io', ...argo('spec.template.spec') },
  { kind: 'HelmRelease', group: 'helm.toolkit.fluxcd.io', values: ['spec.values'] },
  { kind: 'HelmChart', group: 'helm.cattle.io', values: ['spec.valuesContent'], set: 'spec.set' },
  { kind: 'HelmChartConfig', group: 'helm.cattle.io', values: ['spec.valuesContent'] },
  { kind: 'HelmChartProxy', group: 'addons.cluster.x-k8s.io', values: ['spec.valuesTemplate'] },
  { kind: 'Release', group: 'helm.crossplane.io', values: ['spec.forProvider.values'] },
];

function argo(spec: string) {
  const sources = [`${spec}.source`, `${spec}.sources[]`];
  return {
    values: sources.flatMap((source) => [`${source}.helm.values`, `${source}.helm.valuesObject`]),
    parameters: sources.map((source) => `${source}.helm.parameters[]`),
  };
}

/** Reads the chart values of a release; false for any other object. */
export function readHelmRelease(object: ManifestObject, sink: Sink): boolean {
  const release = releases.find(({ kind, group }) => kind === object.kind && group === object.group);
  if (!release) return false;
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
  return true;
}
