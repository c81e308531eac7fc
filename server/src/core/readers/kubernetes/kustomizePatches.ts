import { asList, asMap, asScalar, literalAt } from '../nodes';
import { annotationFact, readAnnotations } from './annotations';
import { accountAnnotations } from './serviceAccount';
import { isWebhookKey } from './webhookKeys';
import { parseEmbedded } from '../../syntax/embedded';
import { entryOf, valueAt } from '../../syntax/nodes';
import { documentOffset } from '../../text/texts';
import type { Sink } from './sink';
import type { AnnotationFact } from '../../model/facts';
import type { Text } from '../../text/text';
import type { Entry, ListNode, MapNode, Node } from '../../syntax/tree';

/** What a patch's target says of the object it is laid over. */
interface Target {
  readonly kind?: string;
  readonly name?: Text;
}

/**
 * The patches that a kustomization writes out inside itself: `readPatch` is called for each that is a piece of
 * an object; lists of JSON operations are read here. Source: kustomize api/types/kustomization.go (patches,
 * patchesStrategicMerge, patchesJson6902).
 */
export function readInlinePatches(root: MapNode, readPatch: (map: MapNode) => void, sink: Sink): void {
  for (const field of ['patches', 'patchesJson6902', 'patchesStrategicMerge']) {
    for (const item of asList(valueAt(root, field))?.items ?? []) {
      const written = item.kind === 'scalar' ? item : asScalar(valueAt(item, 'patch'));
      // A path of a file has no line break and no brace.
      if (!written || !/[\n{[]/.test(written.value) || !sink.visit()) continue;
      const patch = parseEmbedded(written)?.root;
      if (patch?.kind === 'map') readPatch(patch);
      if (patch?.kind === 'list') readJsonPatch(patch, targetOf(valueAt(item, 'target')), sink);
    }
  }
}

/** A target's name is a regular expression: only a plain one is a name. */
function targetOf(target: Node | undefined): Target {
  const kind = literalAt(target, 'kind');
  const name = asScalar(valueAt(target, 'name'));
  return { ...(kind ? { kind } : {}), ...(name && /^[a-z0-9-]+$/.test(name.value) ? { name } : {}) };
}

/** JSON operations (RFC 6902) that set annotations; places are known where the target's kind is. */
export function readJsonPatch(list: ListNode, target: Target, sink: Sink): void {
  for (const item of list.items) {
    const path = asScalar(valueAt(item, 'path'));
    const value = entryOf(item, 'value');
    if (!path || !value || path.holes.length > 0 || !['add', 'replace'].includes(literalAt(item, 'op') ?? '')) continue;
    const place = placeOf(path.value, target.kind);
    const owner = { ...(target.kind ? { kind: target.kind } : {}), ...(target.name ? { name: target.name } : {}) };
    const slash = path.value.lastIndexOf('/');
    const key = pointerKey(path, slash + 1);
    let found = new Map<string, AnnotationFact>();
    if (isWebhookKey(key.value)) {
      const entry: Entry = { ...value, key: { ...path, ...key }, span: item.span };
      const fact = annotationFact(entry, place, owner, sink);
      sink.add(fact);
      found.set(key.value, fact);
    } else if (key.value === 'annotations') found = new Map(readAnnotations(value.value, place, owner, sink));
    if (place === 'service-account' && found.size > 0) {
      sink.add({
        kind: 'serviceAccount', origin: 'manifest', doc: sink.doc, span: item.span, head: path.span,
        ...(target.name ? { name: target.name } : {}), ...accountAnnotations(found), open: true,
      });
    }
  }
}

function placeOf(path: string, kind: string | undefined): AnnotationFact['place'] {
  if (kind === 'ServiceAccount' && path.startsWith('/metadata/annotations')) return 'service-account';
  if (kind === 'Pod' && path.startsWith('/metadata/annotations')) return 'pod-template';
  return path.startsWith('/spec/template/metadata/annotations') && kind !== undefined && podTemplates.has(kind) ? 'pod-template' : 'unknown';
}

const podTemplates = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/** The last part of a JSON pointer, `~1` and `~0` decoded (RFC 6901), with its place. */
function pointerKey(path: Text, start: number): Text {
  let value = '';
  const map: [number, number][] = [[0, documentOffset(path, start)]];
  for (let i = start; i < path.value.length; i++) {
    const escape = path.value[i] === '~' && /[01]/.test(path.value[i + 1] ?? '');
    value += escape ? (path.value[++i] === '1' ? '/' : '~') : path.value[i];
    map.push([value.length, documentOffset(path, i + 1)]);
  }
  const span = { start: map[0]![1], end: documentOffset(path, path.value.length) };
  return { value, holes: [], span, outer: span, map, encodings: path.encodings, quoted: path.quoted };
}

/** True for a list of JSON operations that stands in a file of its own. */
export function isJsonPatch(list: ListNode): boolean {
  const first = asMap(list.items[0]);
  return first !== undefined && literalAt(first, 'op') !== undefined && entryOf(first, 'path') !== undefined;
}
