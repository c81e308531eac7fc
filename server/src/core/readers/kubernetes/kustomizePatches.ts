import { asList, asMap, asScalar, literalAt, toText } from '../nodes';
import { annotationFact, readAnnotations } from './annotations';
import { accountAnnotations } from './serviceAccount';
import { isWebhookKey } from './webhookKeys';
import { parseEmbedded } from '../../syntax/embedded';
import { entryOf, valueAt } from '../../syntax/nodes';
import { documentOffset } from '../../text/texts';
import type { Sink } from './sink';
import type { AccountPatch, AnnotationFact, PatchTarget } from '../../model/facts';
import type { Text } from '../../text/text';
import type { Entry, ListNode, MapNode, Node } from '../../syntax/tree';

/**
 * The patches that a kustomization writes out inside itself: `readPatch` is called for each that is a piece of
 * an object; lists of JSON operations are read here. Source: kustomize api/types/kustomization.go (patches,
 * patchesStrategicMerge, patchesJson6902). Its annotations for all objects are of no kind.
 */
export function readInlinePatches(root: MapNode, readPatch: (map: MapNode) => void, sink: Sink): void {
  readAnnotations(valueAt(root, 'commonAnnotations'), 'unknown', {}, sink);
  for (const field of ['patches', 'patchesJson6902', 'patchesStrategicMerge']) {
    for (const item of asList(valueAt(root, field))?.items ?? []) {
      const written = item.kind === 'scalar' ? item : asScalar(valueAt(item, 'patch'));
      // A path of a file has no line break and no brace.
      if (!written || !/[\n{[]/.test(written.value) || !sink.visit()) continue;
      const patch = parseEmbedded(written)?.root;
      const node = item.kind === 'scalar' ? undefined : valueAt(item, 'target');
      if (patch?.kind === 'map') readPiece(patch, targetOf(node), readPatch, sink);
      if (patch?.kind === 'list') readJsonPatch(patch, node, sink);
    }
  }
}

/** A piece of an object; one with a target says by that what it mends. */
function readPiece(patch: MapNode, target: PatchTarget | undefined, readPatch: (map: MapNode) => void, sink: Sink): void {
  const before = sink.facts.length;
  readPatch(patch);
  if (!target) return;
  for (let i = before; i < sink.facts.length; i++) {
    const fact = sink.facts[i]!;
    if (fact.kind === 'serviceAccount' && fact.origin === 'manifest') sink.facts[i] = { ...fact, patch: { ...fact.patch, target } };
  }
}

/** What a kustomization's `target` says; undefined where there is none. */
export function targetOf(node: Node | undefined): PatchTarget | undefined {
  const map = asMap(node);
  if (!map) return node ? { open: true } : undefined;
  const pick = (key: 'kind' | 'name' | 'namespace') => {
    const value = literalAt(map, key);
    return value === undefined ? {} : { [key]: value };
  };
  const open =
    map.open ||
    map.entries.some(
      ({ key, value }) =>
        /Selector$/.test(key.value) ||
        (['kind', 'name', 'namespace'].includes(key.value) && asScalar(value)?.type !== 'null' && literalAt(map, key.value) === undefined),
    );
  return { ...pick('kind'), ...pick('name'), ...pick('namespace'), ...(open ? { open: true } : {}) };
}

/** JSON operations (RFC 6902) that set or take away annotations; places are known where the target's kind is. */
export function readJsonPatch(list: ListNode, target: Node | undefined, sink: Sink): void {
  const meant = targetOf(target);
  const { kind } = meant ?? {};
  const name = asScalar(valueAt(target, 'name'));
  // A target's name is a regular expression: only a plain one is a name.
  const names = name && /^[a-z0-9-]+$/.test(name.value) ? { name: toText(name) } : {};
  for (const item of list.items) {
    const path = asScalar(valueAt(item, 'path'));
    const operation = literalAt(item, 'op') ?? '';
    if (!path || path.holes.length > 0) continue;
    const value = ['add', 'replace'].includes(operation) ? entryOf(item, 'value') : undefined;
    const place = placeOf(path.value, kind);
    const slash = path.value.lastIndexOf('/');
    const key = pointerKey(path, slash + 1);
    let found = new Map<string, AnnotationFact>();
    if (value && isWebhookKey(key.value)) {
      const entry: Entry = { ...value, key: { ...path, ...key }, span: item.span };
      const fact = annotationFact(entry, place, { ...(kind ? { kind } : {}), ...names }, sink);
      sink.add(fact);
      found.set(key.value, fact);
    } else if (value && key.value === 'annotations')
      found = new Map(readAnnotations(value.value, place, { ...(kind ? { kind } : {}), ...names }, sink));
    if (kind !== undefined && kind !== 'ServiceAccount') continue;
    const patch = { ...effectOf(operation, path.value, key.value), ...newName(path.value, value?.value) };
    const changes = patch.removes ?? patch.replacesAll ?? patch.renames;
    if (found.size === 0 && !(changes && (kind || meant === undefined))) continue;
    if (found.size > 0 && !path.value.startsWith('/metadata/annotations')) continue;
    sink.add({
      kind: 'serviceAccount',
      origin: 'manifest',
      doc: sink.doc,
      span: item.span,
      head: path.span,
      ...names,
      ...accountAnnotations(found),
      open: true,
      patch: { operations: true, ...patch, ...(meant ? { target: meant } : {}) },
    });
  }
}

/** What an operation does to an account beside setting what stands in it. */
function effectOf(operation: string, path: string, key: string): Pick<AccountPatch, 'removes' | 'replacesAll' | 'renames'> {
  if (operation === 'test') return {};
  if (path === '/metadata/name' || path === '/metadata/namespace' || path === '/metadata')
    return { renames: true, ...(path === '/metadata' ? { replacesAll: true } : {}) };
  if (path === '/metadata/annotations') return { replacesAll: true };
  return operation === 'remove' && path.startsWith('/metadata/annotations/') && isWebhookKey(key) ? { removes: [key] } : {};
}

/** The name or namespace that an operation writes, where it is written out. */
function newName(path: string, value: Node | undefined): Pick<AccountPatch, 'renamesTo'> {
  const [, field] = /^\/metadata\/(name|namespace)$/.exec(path) ?? [];
  const text =
    value?.kind === 'scalar' && value.holes.length === 0 && value.type === 'string' && value.value !== '' ? value.value : undefined;
  return field === undefined || text === undefined ? {} : { renamesTo: { [field]: text } };
}

function placeOf(path: string, kind: string | undefined): AnnotationFact['place'] {
  if (kind === 'ServiceAccount' && path.startsWith('/metadata/annotations')) return 'service-account';
  if (kind === 'Pod' && path.startsWith('/metadata/annotations')) return 'pod-template';
  return path.startsWith('/spec/template/metadata/annotations') && kind !== undefined && podTemplates.has(kind)
    ? 'pod-template'
    : 'unknown';
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
