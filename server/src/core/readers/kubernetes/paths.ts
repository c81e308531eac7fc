import { asList, asMap } from '../nodes';
import { valueAt } from '../../syntax/nodes';
import type { Node } from '../../syntax/tree';

/** The nodes at a path of the table in podKinds.ts: `spec.templates[].metadata`, `spec.mpiReplicaSpecs.*.template`. */
export function nodesAt(root: Node, path: string): Node[] {
  let nodes: Node[] = [root];
  if (path === '') return nodes;
  for (const step of path.split('.')) {
    const key = step.endsWith('[]') ? step.slice(0, -2) : step;
    nodes = nodes.flatMap((node) => children(node, key));
    if (step.endsWith('[]')) nodes = nodes.flatMap((node) => asList(node)?.items ?? []);
  }
  return nodes;
}

function children(node: Node, key: string): readonly Node[] {
  if (key === '*') return asMap(node)?.entries.flatMap((entry) => entry.value ?? []) ?? [];
  const value = valueAt(node, key);
  return value ? [value] : [];
}
