import { asMap, literalAt, textAt } from '../nodes';
import { valueAt } from '../../syntax/nodes';
import { annotationFact, readAnnotations } from './annotations';
import { isLive } from './live';
import { insertionPoint } from './insertion';
import { ownerOf, readObjectMetadata, type ManifestObject } from './object';
import { isWebhookKey } from './webhookKeys';
import type { Sink } from './sink';
import type { AnnotationFact, ServiceAccountFact } from '../../model/facts';
import type { Node } from '../../syntax/tree';

/** The account's fields of the fact, by the webhook's annotation. */
export function accountAnnotations(
  found: ReadonlyMap<string, AnnotationFact>,
): Pick<ServiceAccountFact, 'roleArn' | 'audience' | 'tokenExpiration' | 'stsRegionalEndpoints'> {
  const at = (short: string) => found.get(`eks.amazonaws.com/${short}`);
  const [roleArn, audience] = [at('role-arn'), at('audience')];
  const [tokenExpiration, stsRegionalEndpoints] = [at('token-expiration'), at('sts-regional-endpoints')];
  return {
    ...(roleArn ? { roleArn } : {}),
    ...(audience ? { audience } : {}),
    ...(tokenExpiration ? { tokenExpiration } : {}),
    ...(stsRegionalEndpoints ? { stsRegionalEndpoints } : {}),
  };
}

/** True for the core's ServiceAccount; other groups have kinds of that name (a file may leave the group to a template). */
export function isServiceAccount(object: ManifestObject): boolean {
  return object.kind === 'ServiceAccount' && (object.group === undefined || object.group === '');
}

/** An object of kind ServiceAccount, a patch of one included. */
export function readServiceAccount(object: ManifestObject, sink: Sink): void {
  const found = readObjectMetadata(object, 'service-account', sink);
  const insert = insertionPoint(object.metadata, sink);
  sink.add({
    kind: 'serviceAccount',
    origin: 'manifest',
    doc: sink.doc,
    span: object.map.span,
    head: object.head,
    ...object.names,
    ...accountAnnotations(found),
    ...(insert ? { insertAnnotation: insert } : {}),
    open: object.map.open || mayGrow(object.metadata) || mayGrow(valueAt(object.metadata, 'annotations')),
    ...(isLive(object) ? { live: true } : {}),
    ...(literalAt(object.map, '$patch') === 'delete' ? { patch: { deletes: true } } : {}),
  });
  readOutsideMetadata(object, sink);
}

/** Crossplane's older ControllerConfig: its own annotations go to the account that a provider gets, whose name it does not tell. */
export function isControllerConfig(object: ManifestObject): boolean {
  return object.kind === 'ControllerConfig' && object.group === 'pkg.crossplane.io';
}

export function readControllerConfig(object: ManifestObject, sink: Sink): void {
  const found = readObjectMetadata(object, 'service-account', sink);
  if (found.size === 0) return;
  const name = textAt(object.map, 'spec', 'serviceAccountName');
  sink.add({
    kind: 'serviceAccount',
    origin: 'values',
    doc: sink.doc,
    span: object.map.span,
    head: object.head,
    ...(name ? { name } : {}),
    ...accountAnnotations(found),
    open: object.map.open,
  });
}

/** Annotations that slipped out of `metadata`, to the object's own level. */
function readOutsideMetadata(object: ManifestObject, sink: Sink): void {
  const insert = insertionPoint(object.metadata, sink);
  for (const entry of object.map.entries) {
    if (entry.key.holes.length === 0 && isWebhookKey(entry.key.value)) {
      sink.add(annotationFact(entry, 'beside-annotations', ownerOf(object), sink, insert));
    }
  }
  readAnnotations(valueAt(object.map, 'annotations'), 'beside-annotations', ownerOf(object), sink, insert);
}

function mayGrow(node: Node | undefined): boolean {
  return node !== undefined && (node.kind === 'unknown' || asMap(node)?.open === true || (node.kind === 'scalar' && node.holes.length > 0));
}
