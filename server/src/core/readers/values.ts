import { hasKind, valuesWalk } from './kubernetes/manifests';
import { walkValues } from './kubernetes/accountValues';
import { Sink } from './kubernetes/sink';
import { entryOf, valueAt } from '../syntax/nodes';
import { asList, textAt } from './nodes';
import type { Reader } from './reader';
import { looksLikePolicy } from './trustPolicyShapes';
import type { MapNode } from '../syntax/tree';

/** Reads chart values (Helm's, helmfile's, Fleet's) and any other map without a kind. */
export const valuesReader: Reader = {
  id: 'values',
  syntaxes: ['yaml', 'json'],
  read(input) {
    const { root } = input.tree;
    if (root?.kind !== 'map' || hasKind(root) || looksLikePolicy(root)) return [];
    const sink = new Sink(input);
    const releases = helmfileReleases(root);
    for (const release of releases) readRelease(release, sink);
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
function readRelease(release: MapNode, sink: Sink): void {
  const before = sink.facts.length;
  walkValues(release, valuesWalk(sink), sink);
  const namespace = textAt(release, 'namespace');
  for (let i = before; i < sink.facts.length; i++) {
    const fact = sink.facts[i]!;
    if (fact.kind === 'serviceAccount' && fact.origin === 'values' && !fact.namespace)
      sink.facts[i] = { ...fact, ofRelease: true, ...(namespace ? { namespace } : {}) };
  }
}
