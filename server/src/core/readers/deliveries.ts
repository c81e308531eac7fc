import { hasKind } from './kubernetes/manifests';
import { manifestObject, type ManifestObject } from './kubernetes/object';
import { applicationSet, argoReleases, fluxRelease } from './helmDeliveries';
import { asList, asMap, asScalar, textAt, toText } from './nodes';
import { valueAt } from '../syntax/nodes';
import type { Reader, ReaderInput } from './reader';
import type { KustomizationFact } from '../model/facts';
import type { Text } from '../text/text';
import type { MapNode, Node } from '../syntax/tree';

/**
 * Reads what deploys a folder of the repository: Flux's Kustomization and Argo CD's Application. Each is a kustomization
 * of its own above that folder; and releases of charts in the repository. Sources: kustomize-controller api/v1 kustomization_types.go; Argo CD,
 * pkg/apis/application/v1alpha1/types.go.
 */
export const deliveryReader: Reader = {
  id: 'deliveries',
  syntaxes: ['yaml', 'json'],
  words: [String.raw`(?:kustomize|helm)\.toolkit\.fluxcd\.io`, String.raw`argoproj\.io\/v1alpha1["']?\s+kind: *["']?Application(?:Set)?\b`],
  needs: /\.toolkit\.fluxcd\.io|argoproj\.io/,
  read(input) {
    const { root } = input.tree;
    const maps = root?.kind === 'list' ? root.items : [root];
    return maps
      .flatMap((map) => (map?.kind === 'map' && hasKind(map) ? objectsOf(map) : []))
      .flatMap((object) => deliveryOf(object, input));
  },
};

function objectsOf(map: MapNode): ManifestObject[] {
  const items = asList(valueAt(map, 'items'))?.items;
  return (items ?? [map]).flatMap((item) => (item.kind === 'map' ? (manifestObject(item) ?? []) : []));
}

function deliveryOf(object: ManifestObject, input: ReaderInput): KustomizationFact[] {
  if (object.kind === 'Kustomization' && object.group === 'kustomize.toolkit.fluxcd.io') return flux(object, input);
  if (object.kind === 'HelmRelease' && object.group === 'helm.toolkit.fluxcd.io') return fluxRelease(object, input);
  if (object.group !== 'argoproj.io') return [];
  if (object.kind === 'ApplicationSet') return applicationSet(object, input);
  return object.kind === 'Application'
    ? [...argo(object, input), ...argoReleases(object, valueAt(object.map, 'spec'), undefined, input)]
    : [];
}

function flux(object: ManifestObject, input: ReaderInput): KustomizationFact[] {
  const spec = asMap(valueAt(object.map, 'spec'));
  const path = textAt(spec, 'path');
  if (!spec || !path) return [];
  const substitute = asMap(valueAt(spec, 'postBuild', 'substitute'));
  const values = Object.fromEntries(
    (substitute?.entries ?? []).flatMap(({ key, value }) => {
      const scalar = asScalar(value);
      return scalar && scalar.holes.length === 0 && key.holes.length === 0 ? [[key.value, scalar.value]] : [];
    }),
  );
  return [
    {
      ...shared(object, input, [path]),
      ...namesOf(spec),
      ...optional('namespace', textAt(spec, 'targetNamespace')),
      ...(asList(valueAt(spec, 'components')) ? { rewritesNames: true, rewritesAnnotations: true } : {}),
      delivery: { tool: 'Flux Kustomization', ...nameOf(object), recursive: true, ...(substitute ? { substitutes: values } : {}) },
    },
  ];
}

function argo(object: ManifestObject, input: ReaderInput): KustomizationFact[] {
  const spec = valueAt(object.map, 'spec');
  const fallback = textAt(spec, 'destination', 'namespace');
  const sources = [valueAt(spec, 'source'), ...(asList(valueAt(spec, 'sources'))?.items ?? [])];
  return sources.flatMap((source) => {
    const path = textAt(source, 'path');
    if (!path || valueAt(source, 'helm') || valueAt(source, 'plugin') || valueAt(source, 'chart')) return [];
    const kustomize = asMap(valueAt(source, 'kustomize'));
    const unread = ['patches', 'components'].some((field) => asList(valueAt(kustomize, field)));
    const recursive = asScalar(valueAt(source, 'directory', 'recurse'))?.value === 'true';
    return [
      {
        ...shared(object, input, [path]),
        ...(kustomize ? namesOf(kustomize) : {}),
        ...optional('namespace', textAt(kustomize, 'namespace')),
        ...(unread ? { rewritesNames: true as const, rewritesAnnotations: true as const } : {}),
        delivery: {
          tool: 'Argo CD Application' as const,
          ...nameOf(object),
          recursive,
          ...(fallback ? { fallbackNamespace: fallback } : {}),
        },
      },
    ];
  });
}

function shared(
  object: ManifestObject,
  input: ReaderInput,
  resources: Text[],
): Pick<KustomizationFact, 'kind' | 'doc' | 'span' | 'resources'> {
  return { kind: 'kustomization', doc: input.doc, span: object.map.span, resources };
}

function namesOf(holder: Node): Pick<KustomizationFact, 'namePrefix' | 'nameSuffix'> {
  return { ...optional('namePrefix', textAt(holder, 'namePrefix')), ...optional('nameSuffix', textAt(holder, 'nameSuffix')) };
}

function nameOf(object: ManifestObject): { readonly name?: Text } {
  const { name } = object.names;
  return name ? { name: toText(name) } : {};
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
