import { everyNode } from '../../fixes/trees';
import type { ContainerFact, WorkloadFact } from '../../model/facts';
import type { MapNode, Tree } from '../../syntax/tree';
import type { MigrationHost } from '../port';

/** The maps of a document by where they start; one document may hold a thousand workloads. */
const mapsOf = new WeakMap<Tree, Map<number, MapNode>>();

/** The images of a workload's containers that are written out in its manifest. */
export function imagesOf(
  workload: WorkloadFact,
  { source }: MigrationHost,
): { readonly image: string; readonly container: ContainerFact }[] {
  if (workload.containers.length === 0) return [];
  const tree = source(workload.doc.uri)?.documents[workload.doc.index]?.tree();
  if (!tree) return [];
  let maps = mapsOf.get(tree);
  if (!maps) {
    maps = new Map();
    for (const node of everyNode(tree.root)) if (node.kind === 'map') maps.set(node.span.start, node);
    mapsOf.set(tree, maps);
  }
  return workload.containers.flatMap((container) => {
    const image = maps.get(container.span.start)?.entries.find(({ key }) => key.value === 'image')?.value;
    return image?.kind === 'scalar' && image.holes.length === 0 ? [{ image: image.value, container }] : [];
  });
}
