import { asScalar, toText } from '../nodes';
import { valueAt } from '../../syntax/nodes';
import { helmPath } from '../shared/helmValues';
import { accountAnnotations } from './serviceAccount';
import { isWebhookKey } from './webhookKeys';
import type { Sink } from './sink';
import type { AnnotationFact } from '../../model/facts';
import type { MapNode, ScalarNode } from '../../syntax/tree';

/**
 * A Helm parameter that sets an annotation: `name: serviceAccount.annotations.eks\.amazonaws\.com/role-arn` with
 * a `value` (Argo CD, helmfile). True when it was one.
 */
export function readParameter(map: MapNode, sink: Sink): boolean {
  const name = asScalar(valueAt(map, 'name'));
  const value = asScalar(valueAt(map, 'value'));
  if (!name || !value) return false;
  return addParameter(name, value, map, sink);
}

/** The same for a map from parameter to value (`set` of k3s' HelmChart). */
export function readParameterMap(map: MapNode, sink: Sink): void {
  for (const entry of map.entries) {
    const value = asScalar(entry.value);
    if (value) addParameter(entry.key, value, entry, sink);
  }
}

function addParameter(name: ScalarNode, value: ScalarNode, whole: { readonly span: AnnotationFact['span'] }, sink: Sink): boolean {
  if (name.holes.length > 0 || !/annotations\..*\//i.test(name.value)) return false;
  const path = helmPath(name)?.map((step) => step.key);
  if (!path) return false;
  const key = path[path.length - 1]!;
  const holders = path.slice(0, -1).map((part) => part.value);
  if (!isWebhookKey(key.value) || !/annotations$/i.test(holders[holders.length - 1] ?? '')) return false;
  const ofAccount = /service[-_]?account/i.test(holders.slice(-3).join('.')) && !/pod[-_]?annotations$/i.test(holders[holders.length - 1]!);
  const annotation: AnnotationFact = {
    kind: 'annotation',
    doc: sink.doc,
    span: whole.span,
    key,
    ...(value.type === 'null' ? {} : { value: toText(value) }),
    // Helm's parameters are text until the chart quotes them.
    valueType: 'string',
    valueSpan: value.span,
    place: ofAccount ? 'service-account' : 'unknown',
    owner: {},
    entrySpan: whole.span,
  };
  sink.add(annotation);
  if (ofAccount) {
    sink.add({
      kind: 'serviceAccount',
      origin: 'values',
      doc: sink.doc,
      span: whole.span,
      head: name.span,
      ...accountAnnotations(new Map([[key.value, annotation]])),
      open: false,
    });
  }
  return true;
}
