import { literalAt, textAt } from '../nodes';
import { entryOf, valueAt } from '../../syntax/nodes';
import { readMetadata } from './annotations';
import { brokenAnnotations } from './brokenAnnotations';
import type { Sink } from './sink';
import type { AnnotationFact, ObjectFact, ObjectName } from '../../model/facts';
import type { Span } from '../../text/span';
import type { MapNode, Node } from '../../syntax/tree';

/** One Kubernetes object as a manifest writes it. */
export interface ManifestObject {
  readonly map: MapNode;
  readonly kind: string;
  /** The group of `apiVersion`, empty for the core's; undefined where a file does not tell. */
  readonly group: string | undefined;
  readonly apiVersion: string | undefined;
  readonly metadata: Node | undefined;
  readonly names: ObjectName;
  /** True when a template fills in the kind; `kind` is then the plain word "Workload". */
  readonly rendered: boolean;
  /** The `kind` line, where a lens stands. */
  readonly head: Span;
}

/**
 * A map as an object; undefined when it has no kind. `impliedKind` serves the items of a
 * typed list, which carry none (`ServiceAccountList` as the API answers it).
 */
export function manifestObject(map: MapNode, impliedKind?: string): ManifestObject | undefined {
  const rendered = isRenderedKind(map);
  const kind = rendered ? 'Workload' : (literalAt(map, 'kind') ?? impliedKind);
  if (!kind) return undefined;
  const apiVersion = literalAt(map, 'apiVersion');
  const metadata = valueAt(map, 'metadata');
  const name = textAt(metadata, 'name');
  const namespace = textAt(metadata, 'namespace');
  return {
    map,
    kind,
    apiVersion,
    metadata,
    rendered,
    group: apiVersion === undefined ? undefined : apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    names: { ...(name ? { name } : {}), ...(namespace ? { namespace } : {}) },
    head: entryOf(map, 'kind')?.span ?? { start: map.span.start, end: map.span.start },
  };
}

function isRenderedKind(map: MapNode): boolean {
  const kind = valueAt(map, 'kind');
  return kind?.kind === 'unknown' || (kind?.kind === 'scalar' && kind.holes.length > 0);
}

/** Who owns what stands on the object. */
export function ownerOf(object: ManifestObject): AnnotationFact['owner'] {
  return { kind: object.kind, ...object.names };
}

/** An object of any kind: what its metadata holds of the webhook's, and annotations that are no map. */
export function readObjectMetadata(
  object: ManifestObject,
  place: AnnotationFact['place'],
  sink: Sink,
): ReadonlyMap<string, AnnotationFact> {
  const labels = place === 'service-account' ? 'service-account-labels' : 'other-labels';
  const found = readMetadata(object.metadata, { owner: ownerOf(object), annotations: place, labels }, sink);
  addBrokenAnnotations(object, object.metadata, sink);
  return found;
}

/** Tells of a `metadata.annotations` that is a string or a list, on the object or on a template within it. */
export function addBrokenAnnotations(object: ManifestObject, metadata: Node | undefined, sink: Sink): void {
  const broken = brokenAnnotations(metadata);
  if (!broken) return;
  const fact: ObjectFact = {
    kind: 'object',
    doc: sink.doc,
    span: object.map.span,
    ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
    objectKind: object.kind,
    ...object.names,
    brokenAnnotations: broken,
  };
  sink.add(fact);
}
