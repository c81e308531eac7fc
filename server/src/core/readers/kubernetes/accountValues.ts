import { asMap, asScalar, literalAt, textAt } from '../nodes';
import { valueAt } from '../../syntax/nodes';
import { annotationFact, readAnnotations, readMetadata } from './annotations';
import { brokenAnnotations } from './brokenAnnotations';
import { insertionPoint } from './insertion';
import { readParameter } from './parameters';
import { accountAnnotations } from './serviceAccount';
import { deepest, type Sink } from './sink';
import { isWebhookKey } from './webhookKeys';
import { parseEmbedded } from '../../syntax/embedded';
import type { AnnotationFact } from '../../model/facts';
import type { Span } from '../../text/span';
import type { Entry, MapNode, Node } from '../../syntax/tree';

/** `serviceAccount`, `serviceAccounts`, `controllerServiceAccount`, `service_account`. */
const accountKey = /service[-_]?accounts?$/i;
/** Operators' templates of an account: CloudNativePG, Crossplane's DeploymentRuntimeConfig and others. */
const templateKey = /service[-_]?account[-_]?template$/i;
/** Charts that keep the account's annotations beside it: `rbac.serviceAccountAnnotations`. */
const accountAnnotationsKey = /service[-_]?account[-_]?annotations$/i;
/** Charts that have more than one such map: `annotations`, `customAnnotations`, `extraAnnotations`. */
const moreAnnotationsKey = /^(?!annotations$)(?!.*pod).*annotations$/i;

/** By this name charts pass annotations on to the pods that they make. */
const podAnnotationsKey = /^pod[-_]?annotations$/i;

/** How a free map is read. */
export interface Walk {
  /** True in chart values, where `serviceAccount: {name}` makes an account; in a custom resource it may only refer to one. */
  readonly defines: boolean;
  /** Takes a map that is a shape of its own (an object in a list of extra manifests); true when it did. */
  readonly take?: (map: MapNode, depth: number) => boolean;
}

/**
 * Looks through maps whose schema is not known (chart values, a custom resource's spec) for the shapes by
 * which charts and operators make service accounts. There the annotation is in its right place; the webhook's
 * keys anywhere else are told with place `unknown`.
 */
export function walkValues(node: Node | undefined, walk: Walk, sink: Sink, depth = 0, path = ''): void {
  if (!node || depth > deepest || !sink.visit()) return;
  if (node.kind === 'list') {
    for (const [i, item] of node.items.entries()) walkValues(item, walk, sink, depth + 1, `${path}[${i}]`);
  }
  if (node.kind !== 'map' || walk.take?.(node, depth) || readParameter(node, sink)) return;
  for (const entry of node.entries) readEntry(entry, walk, sink, depth + 1, `${path}/${entry.key.value}`);
}

/** @param path that leads to the entry's value */
function readEntry(entry: Entry, walk: Walk, sink: Sink, depth: number, path: string): void {
  const key = entry.key.holes.length === 0 ? entry.key.value : '';
  const { value } = entry;
  if (accountKey.test(key)) readAccounts(entry, walk, sink, depth, path);
  else if (templateKey.test(key) && asMap(value)) readAccount(value as MapNode, entry.key.span, entry.span, walk, sink, path);
  else if (accountAnnotationsKey.test(key)) addAccount(readAnnotations(value, 'service-account', {}, sink), entry, sink, path);
  else if (podAnnotationsKey.test(key) && asMap(value)) readAnnotations(value, 'pod-template', {}, sink);
  else if (isWebhookKey(key)) sink.add(annotationFact(entry, 'unknown', {}, sink));
  else walkValues(value, walk, sink, depth, path);
}

/** One account, several by name, or a list of them. */
function readAccounts(entry: Entry, walk: Walk, sink: Sink, depth: number, path: string): void {
  const { value } = entry;
  if (value?.kind === 'list') {
    for (const [i, item] of value.items.entries()) {
      if (item.kind === 'map' && sink.visit()) readAccount(item, headOfItem(item), item.span, walk, sink, `${path}[${i}]`);
    }
  }
  if (value?.kind !== 'map' || depth > deepest || !sink.visit()) return;
  readAccount(value, entry.key.span, entry.span, walk, sink, path);
  for (const child of value.entries) {
    if (/^(labels|metadata)$|annotations$/i.test(child.key.value) || isWebhookKey(child.key.value)) continue;
    const inner = asMap(child.value);
    const below = `${path}/${child.key.value}`;
    if (inner && child.key.value !== 'properties' && isAccount(inner, walk))
      readAccount(inner, child.key.span, child.span, walk, sink, below);
    else walkValues(child.value, walk, sink, depth + 1, below);
  }
}

function headOfItem(item: MapNode): Span {
  return item.entries[0]?.key.span ?? item.span;
}

/** A map with the fields of an account: all that charts have in common. */
function isAccount(map: MapNode, walk: Walk): boolean {
  if (holder(map) !== map || map.entries.some((entry) => /annotations$/i.test(entry.key.value))) return true;
  if (!walk.defines || literalFalse(map)) return false;
  return textAt(map, 'name') !== undefined || asScalar(valueAt(map, 'create')) !== undefined;
}

function literalFalse(map: MapNode): boolean {
  const create = asScalar(valueAt(map, 'create'));
  return create?.value === 'false';
}

/** Where name, labels and annotations stand: the map itself, or its `metadata` (operators). */
function holder(map: MapNode): MapNode {
  return asMap(valueAt(map, 'metadata')) ?? map;
}

function readAccount(map: MapNode, head: Span, span: Span, walk: Walk, sink: Sink, path: string): void {
  const place = holder(map);
  const owner = nameOf(place);
  const found = new Map(readMetadata(place, { owner, annotations: 'service-account', labels: 'service-account-labels' }, sink));
  for (const entry of place.entries) {
    if (!moreAnnotationsKey.test(entry.key.value)) continue;
    for (const [key, fact] of readAnnotations(entry.value, 'service-account', owner, sink)) found.set(key, fact);
  }
  readTextAnnotations(place, owner, found, sink);
  if (!isAccount(map, walk)) return;
  const insert = insertionPoint(place, sink);
  sink.add({
    kind: 'serviceAccount',
    origin: 'values',
    valuesPath: path,
    doc: sink.doc,
    span,
    head,
    ...owner,
    ...accountAnnotations(found),
    ...(insert ? { insertAnnotation: insert } : {}),
    open: map.open || place.open || asMap(valueAt(place, 'annotations'))?.open === true,
  });
}

/** Charts that take annotations as text (`annotations: |`), and annotations that are text for want of a space. */
function readTextAnnotations(place: MapNode, owner: AnnotationFact['owner'], found: Map<string, AnnotationFact>, sink: Sink): void {
  const broken = brokenAnnotations(place);
  const text = broken?.text;
  if (!broken || !text) return;
  const inner = broken.withinMap ? undefined : asMap(parseEmbedded(text)?.root);
  if (inner) {
    for (const [key, fact] of readAnnotations(inner, 'service-account', owner, sink)) found.set(key, fact);
  } else if (/^[\w.-]+\.com\/[\w.-]+:[^\s:]/.test(text.value)) {
    sink.add({
      kind: 'object',
      doc: sink.doc,
      span: place.span,
      objectKind: 'ServiceAccount',
      ...nameOf(place),
      brokenAnnotations: broken,
    });
  }
}

function nameOf(map: MapNode) {
  const name = textAt(map, 'name');
  const namespace = textAt(map, 'namespace');
  return { ...(name ? { name } : {}), ...(namespace ? { namespace } : {}) };
}

function addAccount(found: ReadonlyMap<string, AnnotationFact>, entry: Entry, sink: Sink, path: string): void {
  if (found.size === 0) return;
  sink.add({
    kind: 'serviceAccount',
    origin: 'values',
    valuesPath: path,
    doc: sink.doc,
    span: entry.span,
    head: entry.key.span,
    ...accountAnnotations(found),
    open: asMap(entry.value)?.open === true,
  });
}

/** True for an object that stands whole in a free map: a list of extra manifests, a wrapped resource. */
export function isNestedObject(map: MapNode): boolean {
  return literalAt(map, 'kind') !== undefined && valueAt(map, 'apiVersion') !== undefined && asMap(valueAt(map, 'metadata')) !== undefined;
}
