import type { Change } from '../../../fixes/edits';
import { asMap, asScalar, literalAt } from '../../../readers/nodes';
import { parseEmbedded } from '../../../syntax/embedded';
import { entryOf, outerSpan, valueAt } from '../../../syntax/nodes';
import type { ListNode, MapNode, Node } from '../../../syntax/tree';
import { encloses, type Span } from '../../../text/span';
import { cutEntries } from '../cuts';
import { cutStep, isFlow, pathTo, type Step } from '../maps';
import { isSameSpan } from '../source';

/** Takes entries out of a tree: `cutOf` of the annotations' own file. */
export type CutEntries = (text: string, root: Node | undefined, spans: readonly Span[]) => Change[] | undefined;

/** Why the last operation of a patch file stays. Source: kustomize, PatchTransformer (a patch without content is an error). */
export const emptyPatch =
  'The patch would be empty, and kustomize rejects an empty patch: remove this file and its entry in the kustomization manually.';

/**
 * Takes annotations out of a document that a scalar holds: values of a chart, or a patch of a kustomization. A patch that would
 * change nothing leaves its list, for in a patch `annotations:` without a value deletes all annotations. Undefined where no
 * scalar holds them, or it can't be read.
 */
export function cutInScalar(text: string, root: Node | undefined, spans: readonly Span[], cutEntriesOf: CutEntries): Change[] | undefined {
  const way = spans[0] && wayTo(root, spans[0]);
  const scalar = way && asScalar(way.node);
  if (!scalar || !spans.every((span) => encloses(scalar.outer, span))) return undefined;
  const inner = parseEmbedded(scalar)?.root;
  const item = patchItem(way.path);
  const operations = inner && operationsOf(inner);
  if (operations) {
    const made = cutOperations(text, operations, spans, cutEntriesOf);
    return made !== 'all' ? made : item && withoutItem(text, item);
  }
  if (inner?.kind !== 'map') return undefined;
  return item && isNothingElse(inner, spans) ? withoutItem(text, item) : cutEntriesOf(text, inner, spans);
}

/** The JSON operations (RFC 6902) of a patch; undefined for another document. */
export function operationsOf(node: Node): ListNode | undefined {
  return node.kind === 'list' && node.items.length > 0 && node.items.every((each) => literalAt(each, 'op') !== undefined)
    ? node
    : undefined;
}

/**
 * Takes annotations out of JSON operations: an operation leaves with all that it writes. One that makes the map on which
 * others count writes an empty one. `all`: no operation would stay.
 */
export function cutOperations(
  text: string,
  list: ListNode,
  spans: readonly Span[],
  cutEntriesOf: CutEntries,
): Change[] | 'all' | undefined {
  if (list.open) return undefined;
  const leaving = new Set<number>();
  const changes: Change[] = [];
  for (const [i, operation] of list.items.entries()) {
    const own = spans.filter((span) => encloses(outerSpan(operation), span));
    if (own.length === 0) continue;
    const value = entryOf(operation, 'value');
    const map = asMap(value?.value);
    if (own.some((span) => isSameSpan(span, outerSpan(operation)))) leaving.add(i);
    else if (!value || !map || map.open) return undefined;
    else if (map.entries.length > own.length) {
      const made = cutEntriesOf(text, list, own);
      if (!made) return undefined;
      changes.push(...made);
    } else if (list.items.some((other, k) => k !== i && (literalAt(other, 'path') ?? '').startsWith('/metadata/annotations/')))
      changes.push({ span: { start: value.key.outer.end, end: outerSpan(map).end }, newText: ': {}' });
    else leaving.add(i);
  }
  if (leaving.size === list.items.length) return 'all';
  if (leaving.size === 0) return changes;
  const made = cutEntries(text, list.items.map(outerSpan), leaving, isFlow(text, list) ? 'commas' : 'lines');
  return made && [...changes, ...made];
}

/** The way to the innermost node that holds a span. */
function wayTo(root: Node | undefined, span: Span): { readonly path: readonly Step[]; readonly node: Node } | undefined {
  const path: Step[] = [];
  let node = root;
  while (node?.kind === 'map' || node?.kind === 'list') {
    const children = node.kind === 'map' ? node.entries.map((each) => (each.merged ? undefined : each.span)) : node.items.map(outerSpan);
    const index = children.findIndex((each) => each !== undefined && encloses(each, span));
    if (index < 0) return undefined;
    path.push({ parent: node, index });
    node = node.kind === 'map' ? node.entries[index]!.value : node.items[index];
  }
  return node && { path, node };
}

const patchLists: ReadonlySet<string> = new Set(['patches', 'patchesJson6902', 'patchesStrategicMerge']);

/** The steps to the item of a list of patches that a scalar is, or is the `patch` of: the item, and the list's own entry. */
function patchItem(path: readonly Step[]): { readonly item: Step; readonly list: Step } | undefined {
  const last = path[path.length - 1];
  const isField = last?.parent.kind === 'map' && last.parent.entries[last.index]?.key.value === 'patch';
  const [list, item] = path.slice(isField ? -3 : -2);
  if (item?.parent.kind !== 'list' || list?.parent.kind !== 'map') return undefined;
  return patchLists.has(list.parent.entries[list.index]?.key.value ?? '') ? { item, list } : undefined;
}

function withoutItem(text: string, { item, list }: { readonly item: Step; readonly list: Step }): Change[] | undefined {
  return cutStep(text, item) ?? (item.parent.kind === 'list' && item.parent.items.length === 1 ? cutStep(text, list) : undefined);
}

/** Whether a strategic merge patch says which object it is for, and nothing but the annotations that leave. */
function isNothingElse(patch: MapNode, spans: readonly Span[]): boolean {
  const metadata = asMap(valueAt(patch, 'metadata'));
  const annotations = asMap(valueAt(metadata, 'annotations'));
  if (!metadata || !annotations || patch.open || metadata.open || annotations.open) return false;
  return (
    patch.entries.every(({ key }) => ['apiVersion', 'kind', 'metadata'].includes(key.value)) &&
    metadata.entries.every(({ key }) => ['name', 'namespace', 'annotations'].includes(key.value)) &&
    annotations.entries.every(({ span }) => spans.some((each) => isSameSpan(each, span))) &&
    spans.every((span) => pathTo(patch, span) !== undefined)
  );
}
