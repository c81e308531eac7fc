import { asList, asMap, asScalar, literalAt, textAt, toText } from '../nodes';
import { standIn } from '../terraform/texts';
import { entryOf, valueAt } from '../../syntax/nodes';
import { isWindows, mountsOwnToken } from './containers';
import { isLive } from './live';
import type { ManifestObject } from './object';
import type { PodKind } from './podKinds';
import type { Sink } from './sink';
import { readWorkload } from './workload';
import type { LivePod, WorkloadFact } from '../../model/facts';
import type { MapNode, Node } from '../../syntax/tree';
import { readRecord } from '../../text/csv';

/*
 * What a cluster lists of its pods. Replicas are one workload, called as what makes them, so that a list says what its
 * manifests would say. Sources: Kubernetes, ownerReferences; amazon-eks-pod-identity-webhook, pkg/handler/handler.go.
 */

/** The volumes by which the webhook mounts its tokens. */
const irsaVolume = 'aws-iam-token';
const podIdentityVolume = 'eks-pod-identity-token';
const irsaNames = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const;
const podIdentityNames = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] as const;
/** What the webhook appends before the role. */
const regionNames: ReadonlySet<string> = new Set(['AWS_STS_REGIONAL_ENDPOINTS', 'AWS_DEFAULT_REGION', 'AWS_REGION']);
const byHand: ReadonlySet<string> = new Set([...irsaNames, ...podIdentityNames]);
const tokenFile = /^(?:\/|C:\\)var[\\/]run[\\/]secrets[\\/]eks\.amazonaws\.com[\\/]serviceaccount[\\/]token$/;

/** True for a pod that a cluster lists, and for what a controller of the cluster made to make pods (ReplicaSet, Job). */
export function isOwnedOrPod(object: ManifestObject): boolean {
  return isLive(object) && (object.kind === 'Pod' || controllerOf(object) !== undefined);
}

/** A pod, ReplicaSet or Job of a cluster's list: a part of the workload that made it, which is told once. */
export function readLiveWorkload(object: ManifestObject, row: PodKind, sink: Sink): void {
  if (asScalar(valueAt(object.map, 'spec', 'replicas'))?.value === '0') return;
  const owner = ownerOf(object);
  const spec = valueAt(object.map, 'spec', 'template', 'spec') ?? valueAt(object.map, 'spec');
  const account = literalAt(spec, 'serviceAccountName') ?? 'default';
  const key = JSON.stringify([owner.kind, owner.names.namespace?.value, owner.names.name?.value, account]);
  const pod = object.kind === 'Pod' ? livePod(object) : undefined;
  const known = sink.livePods.get(key);
  if (known) {
    if (pod) known.push(pod);
    return;
  }
  const before = sink.facts.length;
  readWorkload({ ...object, ...owner }, row, sink);
  const at = sink.facts.findIndex((fact, i) => i >= before && fact.kind === 'workload');
  if (at < 0) return;
  const pods = pod ? [pod] : [];
  sink.livePods.set(key, pods);
  const fact = sink.facts[at] as WorkloadFact;
  sink.facts[at] = { ...fact, ...asWritten(fact, spec), live: { pods } };
}

/** What made the object: by its controller, and by the name that the controller gave it where that has an owner in turn. */
function ownerOf(object: ManifestObject): Pick<ManifestObject, 'kind' | 'names'> {
  const controller = controllerOf(object);
  const name = textAt(controller, 'name');
  const kind = literalAt(controller, 'kind');
  if (!name || kind === undefined || kind === 'Node') return object;
  const named = (owner: string, value: string): Pick<ManifestObject, 'kind' | 'names'> => ({
    kind: owner,
    names: { ...object.names, name: value === name.value ? name : toText(standIn(value, name.outer)) },
  });
  if (kind === 'ReplicaSet' && object.kind === 'Pod') {
    for (const [label, owner] of replicaSetOwners) {
      const hash = literalAt(object.metadata, 'labels', label);
      if (hash !== undefined && hash !== '' && name.value.endsWith(`-${hash}`)) return named(owner, name.value.slice(0, -hash.length - 1));
    }
  }
  // A CronJob names its Jobs by the minute that they are for. Source: Kubernetes, pkg/controller/cronjob (getJobName).
  const job = kind === 'Job' ? /^(.+)-\d{8,11}$/.exec(name.value) : null;
  return job ? named('CronJob', job[1]!) : named(kind, name.value);
}

/** The labels by which a Deployment, and a Rollout of Argo, name their ReplicaSets. */
const replicaSetOwners = [
  ['pod-template-hash', 'Deployment'],
  ['rollouts-pod-template-hash', 'Rollout'],
] as const;

/** The labels by which controllers tell the pods of one template from those of the next. */
const revisionLabels = [...replicaSetOwners.map(([label]) => label), 'controller-revision-hash'];

function controllerOf({ metadata }: ManifestObject): MapNode | undefined {
  const owners = asList(valueAt(metadata, 'ownerReferences'))?.items.flatMap((item) => asMap(item) ?? []) ?? [];
  return owners.find((owner) => isTrue(valueAt(owner, 'controller')));
}

/** What a pod shows of its role; undefined for one to which that does not matter, or on which the webhook does not act. */
function livePod(object: ManifestObject): LivePod | undefined {
  const { map, metadata } = object;
  const spec = valueAt(map, 'spec');
  const name = textAt(metadata, 'name');
  const isStatic =
    entryOf(valueAt(metadata, 'annotations'), 'kubernetes.io/config.mirror') !== undefined ||
    literalAt(controllerOf(object), 'kind') === 'Node';
  const isOver =
    ['Succeeded', 'Failed'].includes(literalAt(map, 'status', 'phase') ?? '') || entryOf(metadata, 'deletionTimestamp') !== undefined;
  const skips = entryOf(valueAt(metadata, 'labels'), 'eks.amazonaws.com/skip-pod-identity-webhook') !== undefined;
  if (!name || !spec || isStatic || isOver || skips) return undefined;
  const containers = reached(metadata, spec);
  if (containers.length === 0) return undefined;
  const created = literalAt(metadata, 'creationTimestamp');
  const revision = revisionLabels.map((label) => literalAt(metadata, 'labels', label)).find((each) => each !== undefined);
  const without =
    isWindows(spec) ||
    entryOf(valueAt(metadata, 'labels'), 'eks.amazonaws.com/fargate-profile') !== undefined ||
    literalAt(spec, 'nodeName')?.startsWith('fargate-') === true;
  return {
    name,
    ...(created === undefined ? {} : { created }),
    ...(revision === undefined ? {} : { revision }),
    ...injection(spec, containers),
    ...(without ? { withoutPodIdentity: true } : {}),
  };
}

/** The containers that the webhook looks at: all but those that the pod's annotation names. */
function reached(metadata: Node | undefined, spec: Node): MapNode[] {
  const skipped = literalAt(metadata, 'annotations', 'eks.amazonaws.com/skip-containers');
  const names = new Set(skipped === undefined ? [] : readRecord(skipped)?.map(({ value }) => value));
  return ['initContainers', 'containers']
    .flatMap((key) => asList(valueAt(spec, key))?.items ?? [])
    .flatMap((item) => asMap(item) ?? [])
    .filter((container) => !names.has(literalAt(container, 'name') ?? ''));
}

function injection(spec: Node, containers: readonly MapNode[]): Pick<LivePod, 'injected' | 'roleArn'> {
  const environments = containers.map(envOf);
  const set = environments.some((env) => env.some(({ name }) => byHand.has(name)));
  if (hasVolume(spec, podIdentityVolume)) return { injected: 'pod-identity' };
  if (!hasVolume(spec, irsaVolume)) return { injected: set || mountsOwnToken(spec) ? 'by-hand' : 'nothing' };
  const roles = new Set(environments.map(injectedRole));
  const [role, another] = roles;
  return { injected: 'irsa', ...(role === undefined || another !== undefined ? {} : { roleArn: role }) };
}

/**
 * The role of the two variables as the webhook appends them: one after the other, behind those of the region. A manifest's own
 * stand where it put them, and the webhook appends the region's behind them. Source: pkg/handler/handler.go, addEnvToContainer.
 */
function injectedRole(env: readonly Variable[]): string | undefined {
  const at = env.findIndex(({ name }) => name === 'AWS_ROLE_ARN');
  const file = env[at + 1];
  if (env.slice(at + 2).some(({ name }) => regionNames.has(name))) return undefined;
  return at >= 0 && file?.name === 'AWS_WEB_IDENTITY_TOKEN_FILE' && tokenFile.test(file.value) ? env[at]!.value : undefined;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function envOf(container: MapNode): Variable[] {
  return (asList(valueAt(container, 'env'))?.items ?? []).flatMap((item) => {
    const name = literalAt(item, 'name');
    return name === undefined ? [] : [{ name, value: literalAt(item, 'value') ?? '' }];
  });
}

function hasVolume(spec: Node, name: string): boolean {
  return asList(valueAt(spec, 'volumes'))?.items.some((volume) => literalAt(volume, 'name') === name) === true;
}

/** What the pod's manifest says: without what the webhook put in. */
function asWritten(fact: WorkloadFact, spec: Node | undefined): Pick<WorkloadFact, 'containers' | 'ownTokenVolume'> {
  const { containers, ownTokenVolume } = fact;
  if (!spec) return { containers, ownTokenVolume };
  const put = [
    ...(hasVolume(spec, irsaVolume) ? irsaNames : []),
    ...(hasVolume(spec, podIdentityVolume) ? podIdentityNames : []),
  ] as string[];
  if (put.length === 0) return { containers, ownTokenVolume };
  return {
    containers: containers.map((each) => ({ ...each, env: each.env.filter(({ name }) => !put.includes(name.value)) })),
    ownTokenVolume: false,
  };
}

function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === 'true';
}
