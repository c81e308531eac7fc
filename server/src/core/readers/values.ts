import { hasKind, valuesWalk } from './kubernetes/manifests';
import { walkValues } from './kubernetes/accountValues';
import { Sink } from './kubernetes/sink';
import { entryOf, valueAt } from '../syntax/nodes';
import { helmfileRelease } from './helmDeliveries';
import { settingOf } from './kubernetes/helmReleases';
import { isKustomization } from './kustomization';
import { asList, asMap, textAt } from './nodes';
import type { Reader, ReaderInput } from './reader';
import { mergeHelmValues } from './shared/helmValues';
import { looksLikePolicy } from './trustPolicyShapes';
import type { MapNode } from '../syntax/tree';

/** Reads chart values (Helm's, helmfile's, Fleet's) and any other map without a kind. */
export const valuesReader: Reader = {
  id: 'values',
  syntaxes: ['yaml', 'json'],
  // helmfile's: each of its releases says where values go.
  words: [String.raw`(?<![^\n])releases:\s`],
  read(input) {
    const { root } = input.tree;
    if (root?.kind !== 'map' || hasKind(root) || looksLikePolicy(root) || isKustomization(root, input)) return [];
    const sink = new Sink(input);
    const releases = helmfileReleases(root);
    const environments = asMap(valueAt(root, 'environments'))?.entries.map(({ key }) => key.value) ?? [];
    for (const release of releases) readRelease(release, environments, sink, input);
    walkValues(
      releases.length > 0 ? { ...root, entries: root.entries.filter(({ key }) => key.value !== 'releases') } : root,
      valuesWalk(sink),
      sink,
    );
    return sink.facts;
  },
};

/** helmfile's releases: each says its chart. Source: helmfile pkg/state/state.go (ReleaseSpec). */
function helmfileReleases(root: MapNode): MapNode[] {
  const items = asList(valueAt(root, 'releases'))?.items ?? [];
  const maps = items.flatMap((item) => (item.kind === 'map' ? [item] : []));
  return maps.length === items.length && maps.every((item) => entryOf(item, 'chart')) ? maps : [];
}

/** The accounts that a release's own values make are in its namespace; in one that is not told without it. */
function readRelease(release: MapNode, environments: readonly string[], sink: Sink, input: ReaderInput): void {
  for (const fact of helmfileRelease(release, environments, input)) sink.add(fact);
  const before = sink.facts.length;
  const layers = (asList(valueAt(release, 'values'))?.items ?? []).filter(({ kind }) => kind === 'map');
  const settings = (asList(valueAt(release, 'set'))?.items ?? []).flatMap(settingOf);
  const [only, another] = layers;
  const isPlain = settings.length === 0 && another === undefined;
  walkValues(isPlain ? only : mergeHelmValues(layers, settings, release.span), valuesWalk(sink), sink);
  const namespace = textAt(release, 'namespace');
  for (let i = before; i < sink.facts.length; i++) {
    const fact = sink.facts[i]!;
    if (fact.kind === 'serviceAccount' && fact.origin === 'values' && !fact.namespace)
      sink.facts[i] = { ...fact, ofRelease: true, ...(namespace ? { namespace } : {}) };
  }
}
