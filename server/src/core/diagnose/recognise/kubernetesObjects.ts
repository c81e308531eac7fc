import type { ObservedContainer, ObservedObject, Reading } from '../evidence';
import { child, itemsOf, mapOf, outline, type OutlineNode } from '../unmess/outline';
import type { Collector, Prepared, Recogniser } from './recogniser';
import { environmentReadings } from './environment';
import { accountReadings } from './values';

const workloads = /^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|ReplicationController|Rollout)$/;

/** What `kubectl get pod|serviceaccount -o yaml|json` prints, lists of them, and the manifests themselves. */
export const kubernetesObjects: Recogniser = {
  name: 'kubectl get',
  read(paste, found) {
    if (!/\b(?:kind|containers|serviceAccountName)\b/.test(paste.raw)) return;
    if (!objectsOf(paste, found, oneLineJson(paste.raw) ?? paste.raw, (offset) => offset + paste.base))
      objectsOf(paste, found, paste.text, (offset) => paste.at(offset));
  },
};

/** JSON on one line, laid out as kubectl does. Undefined where it is none. */
function oneLineJson(text: string): string | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || /\n\s*"/.test(trimmed)) return undefined;
  try {
    return JSON.stringify(JSON.parse(trimmed), undefined, 4);
  } catch {
    return undefined;
  }
}

function objectsOf(paste: Prepared, found: Collector, text: string, at: (offset: number) => number): boolean {
  const pending: OutlineNode[] = [outline(text)];
  const before = found.observations.length;
  let looked = 0;
  while (pending.length > 0 && looked++ < 20_000) {
    const node = pending.pop()!;
    const kind = child(node, 'kind')?.value ?? '';
    const isLoosePod = kind === '' && child(node, 'containers') !== undefined;
    if (kind === 'Pod' || isLoosePod) observe(paste, found, podOf(node, isLoosePod), node, at);
    else if (kind === 'ServiceAccount') observe(paste, found, accountOf(node), node, at);
    else if (workloads.test(kind) || kind === 'CronJob') observeWorkload(paste, found, node, kind, at);
    else pending.push(...[...node.children].reverse());
  }
  return found.observations.length > before;
}

function metadataOf(node: OutlineNode): Pick<ObservedObject, 'name' | 'namespace' | 'annotations' | 'labels'> {
  const metadata = child(node, 'metadata');
  const [name, namespace] = [child(metadata, 'name')?.value, child(metadata, 'namespace')?.value];
  return {
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    annotations: ours(mapOf(child(metadata, 'annotations'))),
    labels: ours(mapOf(child(metadata, 'labels'))),
  };
}

/** The annotations and labels of the webhook's prefix. */
export function ours(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith('eks.amazonaws.com/')));
}

function accountOf(node: OutlineNode): ObservedObject {
  const whole = child(node, 'metadata', 'name') !== undefined && child(node, 'apiVersion') !== undefined;
  return { kind: 'service-account', ...metadataOf(node), containers: [], audiences: [], fargate: false, whole };
}

function podOf(node: OutlineNode, isLoose: boolean): ObservedObject & { readonly account?: string } {
  const spec = isLoose ? node : child(node, 'spec');
  const containers = [...itemsOf(child(spec, 'containers')), ...itemsOf(child(spec, 'initContainers'))].map(containerOf);
  const account = child(spec, 'serviceAccountName')?.value || child(spec, 'serviceAccount')?.value;
  const audiences = itemsOf(child(spec, 'volumes')).flatMap((volume) =>
    itemsOf(child(volume, 'projected', 'sources')).flatMap((source) => child(source, 'serviceAccountToken', 'audience')?.value ?? []),
  );
  const labels = mapOf(child(node, 'metadata', 'labels'));
  return {
    kind: 'pod',
    ...metadataOf(node),
    containers,
    audiences,
    fargate: 'eks.amazonaws.com/fargate-profile' in labels,
    // A pod that the API server gave back has a node or a status; what is written by hand was never injected into.
    whole:
      !isLoose &&
      !hasOtherVariables(spec) &&
      containers.length > 0 &&
      (child(node, 'status') !== undefined || (child(spec, 'nodeName')?.value ?? '') !== ''),
    ...(account ? { account } : {}),
  };
}

/** True where a ConfigMap or a Secret gives variables: their names do not stand in the pod. */
function hasOtherVariables(spec: OutlineNode | undefined): boolean {
  return [...itemsOf(child(spec, 'containers')), ...itemsOf(child(spec, 'initContainers'))].some(
    (each) => child(each, 'envFrom') !== undefined,
  );
}

function containerOf(node: OutlineNode): ObservedContainer {
  const environment = new Map(
    itemsOf(child(node, 'env')).flatMap((each) => {
      const name = child(each, 'name')?.value;
      return name === undefined || name === '' ? [] : [[name, child(each, 'value')?.value ?? ''] as const];
    }),
  );
  return { name: child(node, 'name')?.value ?? '', environment, offset: node.offset };
}

function observe(
  paste: Prepared,
  found: Collector,
  object: ObservedObject & { readonly account?: string },
  node: OutlineNode,
  at: (offset: number) => number,
): void {
  const offset = at(node.offset);
  found.observe(objectObservation(paste, object, object.account, offset, 'kubectl get'));
}

/** A pod or a service account as an observation: who it is, and what its variables tell. */
export function objectObservation(
  paste: Prepared,
  object: ObservedObject,
  account: string | undefined,
  offset: number,
  from: string,
): Collector['observations'][number] {
  const own: Prepared = { ...paste, at: () => offset };
  const name = object.kind === 'pod' ? account : object.name;
  const readings: Reading[] = accountReadings(own, object.namespace, name, 0, from);
  if (object.kind === 'service-account') {
    const role = object.annotations['eks.amazonaws.com/role-arn'];
    if (role !== undefined)
      readings.push(
        ...environmentReadings(own, new Map([['AWS_ROLE_ARN', role]]), 0, 'the annotation').filter(({ kind }) => kind !== 'mechanism'),
      );
  }
  const names = new Set<string>();
  for (const container of object.containers) {
    for (const [variable] of container.environment) names.add(variable);
    readings.push(...environmentReadings(own, container.environment, 0, from));
  }
  return {
    carrier: object.kind,
    paste: paste.paste,
    offset,
    readings,
    object,
    ...(object.kind === 'pod' ? { environment: { names, whole: object.whole } } : {}),
  };
}

function observeWorkload(paste: Prepared, found: Collector, node: OutlineNode, kind: string, at: (offset: number) => number): void {
  const own: Prepared = { ...paste, at: () => at(node.offset) };
  const spec = kind === 'CronJob' ? child(node, 'spec', 'jobTemplate', 'spec') : child(node, 'spec');
  const account = child(spec, 'template', 'spec', 'serviceAccountName')?.value;
  const readings = accountReadings(own, child(node, 'metadata', 'namespace')?.value, account || undefined, 0, kind);
  found.observe({ carrier: 'text', paste: paste.paste, offset: at(node.offset), readings });
}
