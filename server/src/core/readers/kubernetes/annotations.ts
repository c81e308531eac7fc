import { asMap, asScalar, toText } from '../nodes';
import { entryOf } from '../../syntax/nodes';
import { gluedText } from './brokenAnnotations';
import { cutOf } from './cutting';
import { insertionPoint } from './insertion';
import { isAnnotationOfConcern, isWebhookKey } from './webhookKeys';
import type { Sink } from './sink';
import type { AnnotationFact, InsertionPoint } from '../../model/facts';
import type { Entry, Node } from '../../syntax/tree';

/** What an annotation stands on, and the kinds of places there. */
export interface Holder {
  readonly owner: AnnotationFact['owner'];
  readonly annotations: AnnotationFact['place'];
  readonly labels: AnnotationFact['place'];
}

/**
 * Reads all that concerns the webhook in an object's or template's `metadata` (or in chart values of that
 * shape): annotations, labels, and entries beside them. Gives the annotations by full key, the last of
 * equal ones.
 */
export function readMetadata(metadata: Node | undefined, holder: Holder, sink: Sink): ReadonlyMap<string, AnnotationFact> {
  const map = asMap(metadata);
  if (!map || !sink.visit(map.entries.length)) return new Map();
  const insert = insertionPoint(map, sink);
  const { owner } = holder;
  for (const entry of map.entries) {
    if (isPlainKey(entry) && isWebhookKey(entry.key.value)) {
      sink.add(annotationFact(entry, 'beside-annotations', owner, sink, insert));
    }
  }
  readAnnotations(entryOf(map, 'labels')?.value, holder.labels, owner, sink, insert);
  return readAnnotations(entryOf(map, 'annotations')?.value, holder.annotations, owner, sink, insert);
}

/** Reads one map of annotations or labels: a fact for every key that concerns the webhook. */
export function readAnnotations(
  node: Node | undefined,
  place: AnnotationFact['place'],
  owner: AnnotationFact['owner'],
  sink: Sink,
  insert?: InsertionPoint,
): ReadonlyMap<string, AnnotationFact> {
  const found = new Map<string, AnnotationFact>();
  const map = asMap(node);
  if (!map || !sink.visit(map.entries.length)) return found;
  for (const entry of map.entries) {
    if (!isPlainKey(entry) || !isAnnotationOfConcern(entry.key.value) || gluedText(entry)) continue;
    if (entry.merged && found.has(entry.key.value)) continue;
    const fact = annotationFact(entry, place, owner, sink, insert);
    found.set(entry.key.value, fact);
    sink.add(fact);
  }
  return found;
}

/** One entry as a fact. */
export function annotationFact(
  entry: Entry,
  place: AnnotationFact['place'],
  owner: AnnotationFact['owner'],
  sink: Sink,
  insert?: InsertionPoint,
): AnnotationFact {
  const { value } = entry;
  const scalar = asScalar(value);
  const cut = cutOf(entry, sink);
  return {
    kind: 'annotation',
    doc: sink.doc,
    span: entry.span,
    key: toText(entry.key),
    ...(scalar && scalar.type !== 'null' ? { value: toText(scalar) } : {}),
    valueType: valueType(value),
    valueSpan: value?.span ?? { start: entry.key.outer.end, end: entry.key.outer.end },
    place,
    owner,
    entrySpan: entry.span,
    ...(insert ? { insertAnnotation: insert } : {}),
    ...(cut ? { cut } : {}),
  };
}

function valueType(value: Node | undefined): AnnotationFact['valueType'] {
  if (!value) return 'missing';
  return value.kind === 'scalar' ? value.type : value.kind;
}

/** A key that a template makes is no one's misspelling. */
function isPlainKey(entry: Entry): boolean {
  return entry.key.holes.length === 0;
}
