import { isRendered, textAt } from '../nodes';
import { entryOf, valueAt } from '../../syntax/nodes';
import { readMetadata } from './annotations';
import {
  containersSize,
  isWholePodSpec,
  isWindows,
  looseContainers,
  mayHaveMoreContainers,
  mountsOwnToken,
  podContainers,
} from './containers';
import { addBrokenAnnotations, ownerOf, readObjectMetadata, type ManifestObject } from './object';
import { secretProviderClasses } from './operators';
import { nodesAt } from './paths';
import { platformOf, podLabels } from './platform';
import type { PodKind } from './podKinds';
import type { Sink } from './sink';
import type { AnnotationFact, WorkloadFact } from '../../model/facts';
import type { MapNode, Node } from '../../syntax/tree';

type Annotations = ReadonlyMap<string, AnnotationFact>;
type Field = NonNullable<WorkloadFact['field']>;
const skipLabel = 'eks.amazonaws.com/skip-pod-identity-webhook';

/** An object that makes pods: one fact for each pod spec, or for each account that it names outside one. */
export function readWorkload(object: ManifestObject, row: PodKind, sink: Sink): void {
  const templates = (row.templates ?? []).flatMap((path) => nodesAt(object.map, path));
  if (!templates.includes(object.map)) readObjectMetadata(object, 'workload', sink);
  for (const path of row.outerMetadata ?? []) {
    for (const metadata of nodesAt(object.map, path)) readHeld(object, metadata, 'workload', sink);
  }
  for (const path of row.podMetadata ?? []) {
    for (const metadata of nodesAt(object.map, path)) readHeld(object, metadata, 'pod-template', sink);
  }
  // A kind with account fields of its own fills in pod templates that name none.
  const named = row.accounts !== undefined;
  for (const template of templates) readTemplate(object, template, named, sink);
  for (const spec of (row.specs ?? []).flatMap((path) => nodesAt(object.map, path))) readPodSpec(object, spec, undefined, named, sink);
  for (const { at, field } of row.accounts ?? []) {
    for (const map of nodesAt(object.map, at)) readAccountField(object, map, field, sink);
  }
}

/** A pod template somewhere in an object: `metadata` and `spec`. */
function readTemplate(object: ManifestObject, template: Node, named: boolean, sink: Sink): void {
  const metadata = valueAt(template, 'metadata');
  const annotations = readHeld(object, metadata, 'pod-template', sink);
  const spec = valueAt(template, 'spec');
  const skipsWebhook = entryOf(valueAt(metadata, 'labels'), skipLabel) !== undefined;
  if (spec) readPodSpec(object, spec, { annotations, skipsWebhook, metadata }, named, sink);
}

function readHeld(object: ManifestObject, metadata: Node | undefined, place: 'pod-template' | 'workload', sink: Sink): Annotations {
  const found = readMetadata(metadata, { owner: ownerOf(object), annotations: place, labels: 'other-labels' }, sink);
  addBrokenAnnotations(object, metadata, sink);
  return found;
}

/**
 * The workload of one pod spec. With `named`, none when the spec names no account, for then Kubernetes'
 * default is not what it gets.
 */
export function readPodSpec(
  object: ManifestObject,
  spec: Node,
  pod: { annotations: Annotations; skipsWebhook: boolean; metadata?: Node | undefined } | undefined,
  named: boolean,
  sink: Sink,
): void {
  if (spec.kind !== 'map') return;
  const account = accountOf(spec);
  if ((named && !account) || !sink.visit(containersSize(spec))) return;
  const skipContainers = pod?.annotations.get('eks.amazonaws.com/skip-containers');
  const tokenExpiration = pod?.annotations.get('eks.amazonaws.com/token-expiration');
  const platform = platformOf(spec);
  const classes = secretProviderClasses(spec);
  sink.add({
    ...base(object, sink),
    ...account,
    open: isOpen(spec, account),
    partial: mayHaveMoreContainers(spec),
    containers: podContainers(spec),
    ...(skipContainers ? { skipContainers } : {}),
    ...(tokenExpiration ? { tokenExpiration } : {}),
    ownTokenVolume: mountsOwnToken(spec),
    skipsWebhook: pod?.skipsWebhook ?? false,
    windows: isWindows(spec),
    ...(platform ? { platform } : {}),
    ...podLabels(pod?.metadata),
    ...(classes.length > 0 ? { secretProviderClasses: classes } : {}),
    ...(pod?.annotations.get('eks.amazonaws.com/compute-type')?.value?.value === 'ec2' ? { onEc2: true } : {}),
  });
}

function readAccountField(object: ManifestObject, map: Node, field: Field, sink: Sink): void {
  const serviceAccountName = textAt(map, field);
  if (!serviceAccountName) return;
  sink.add({
    ...base(object, sink),
    serviceAccountName,
    field,
    open: serviceAccountName.holes.length > 0,
    containers: looseContainers(map),
    ownTokenVolume: mountsOwnToken(map),
    skipsWebhook: false,
    windows: isWindows(map),
    ...(map.kind === 'map' ? onlyPlatform(map) : {}),
  });
}

/** Kinds with account fields of their own have a node selector beside them (Argo's templates, Spark's driver). */
function onlyPlatform(map: MapNode): Pick<WorkloadFact, 'platform'> {
  const platform = platformOf(map);
  return platform ? { platform } : {};
}

function base(object: ManifestObject, sink: Sink) {
  return {
    kind: 'workload' as const,
    doc: sink.doc,
    span: object.map.span,
    ...object.names,
    objectKind: object.kind,
    head: object.head,
  };
}

/** The account of a pod spec: the field wins over its alias, and empty counts as unset. Source: Kubernetes pkg/apis/core/v1/conversion.go. */
function accountOf(spec: MapNode): { serviceAccountName: NonNullable<WorkloadFact['serviceAccountName']>; field: Field } | undefined {
  for (const field of ['serviceAccountName', 'serviceAccount'] as const) {
    const serviceAccountName = textAt(spec, field);
    if (serviceAccountName) return { serviceAccountName, field };
  }
  return undefined;
}

/** Whether a template, or what a patch is laid over, may name another account. */
function isOpen(spec: MapNode, account: { field: Field } | undefined): boolean {
  if (!account) return spec.open || !isWholePodSpec(spec);
  const written = spec.entries.filter((entry) => entry.key.value === account.field);
  return written.some((entry) => isRendered(entry.value)) || (spec.open && written.length > 1);
}
