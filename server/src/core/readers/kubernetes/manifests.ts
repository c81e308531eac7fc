import { asList, textAt } from '../nodes';
import { entryOf, valueAt } from '../../syntax/nodes';
import { isNestedObject, walkValues, type Walk } from './accountValues';
import { readHelmRelease } from './helmReleases';
import { isJsonPatch, readInlinePatches, readJsonPatch } from './kustomizePatches';
import { manifestObject, readObjectMetadata, type ManifestObject } from './object';
import { plainDataKinds } from './dataKinds';
import { isOwnedOrPod, readLiveWorkload } from './livePods';
import { readOperator } from './operators';
import { podKind } from './podKinds';
import { isControllerConfig, isServiceAccount, readControllerConfig, readServiceAccount } from './serviceAccount';
import { deepest, Sink } from './sink';
import { readPodSpec, readWorkload } from './workload';
import type { Reader } from '../reader';
import type { MapNode, Node } from '../../syntax/tree';

/** Groups whose objects hold schemas, patterns or patched templates of others: what stands in them is no object. */
const schemaGroups =
  /^(apiextensions\.k8s\.io|admissionregistration\.k8s\.io|apiextensions\.crossplane\.io|(.+\.)?kyverno\.io|(.+\.)?gatekeeper\.sh|kustomize\.config\.k8s\.io)$/;
/** Kinds whose body is data. */
const dataKinds = new Set([...plainDataKinds, 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);

/** Reads Kubernetes objects: one a document, Lists of them, and JSON arrays. */
export const manifestReader: Reader = {
  id: 'kubernetes',
  syntaxes: ['yaml', 'json'],
  words: [
    String.raw`eks\.amazonaws\.com`,
    String.raw`amazonaws\.com\/role`,
    String.raw`role[-_]?arn`,
    String.raw`eks\.amazon\.com`,
    'AWS_ROLE_ARN',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_WEB_IDENTITY',
    // Operators that choose the role: operators.ts.
    'serviceAccountRef',
    'secretProviderClass',
    'identityOwner',
    'assumeRole',
    String.raw`kind["']?[ \t]*[:=][ \t]*["']?(?:Cluster)?(?:SecretStore|Issuer)\b`,
  ],
  accountWords: ['service[-_]?account'],
  wordsBesideAccounts: [
    // Near misses of the webhook's keys. What must not stand before a word is asked last: the search then goes from word to word.
    String.raw`(?<prefix>eks|esk|kes|ekss|eeks|ekks|ek|eksa|eksp|eksamazonaws|irsa|iam)[._-](?<![A-Za-z0-9.-]\k<prefix>[._-])`,
    String.raw`amazonaws\.com(?<![\w.-]amazonaws\.com)`,
    'role.arn',
    // Credentials by hand.
    'aws_(?:session_token|role_session|container_|profile|shared_cred|config_file)',
    // Where EKS Pod Identity is not, and what stands in its way.
    String.raw`windows|compute-type|https?_proxy`,
    // A key of YAML that is marked as one.
    String.raw`\? (?<=^[ \t]*\? )`,
  ],
  read(input) {
    const sink = new Sink(input);
    const { root } = input.tree;
    if (root?.kind === 'list' && isJsonPatch(root)) readJsonPatch(root, undefined, sink);
    for (const node of root?.kind === 'list' ? root.items : [root]) {
      if (node?.kind === 'map' && hasKind(node)) readObject(node, sink, 0);
    }
    return sink.facts;
  },
};

/** One object, or the items of a List. Nothing for a map without a kind. */
export function readObject(map: MapNode, sink: Sink, depth: number, impliedKind?: string): void {
  const object = manifestObject(map, impliedKind);
  if (!object || depth > deepest || !sink.visit()) return;
  const items = object.kind.endsWith('List') ? asList(valueAt(map, 'items')) : undefined;
  if (items) {
    const itemKind = object.kind.slice(0, -'List'.length) || undefined;
    for (const item of items.items) {
      if (item.kind === 'map') readObject(item, sink, depth + 1, itemKind);
    }
  } else readSingle(object, sink, depth);
}

function readSingle(object: ManifestObject, sink: Sink, depth: number): void {
  // eksctl makes accounts and roles itself; its file is no manifest.
  if (object.group === 'eksctl.io' || (object.kind === 'ClusterConfig' && !object.group)) return;
  if (isServiceAccount(object)) return readServiceAccount(object, sink);
  if (isControllerConfig(object)) return readControllerConfig(object, sink);
  const row = podKind(object.kind, object.group);
  if (row) return isOwnedOrPod(object) ? readLiveWorkload(object, row, sink) : readWorkload(object, row, sink);
  readObjectMetadata(object, object.rendered ? 'unknown' : 'other-object', sink);
  readOperator(object, sink);
  if (object.group === 'kustomize.toolkit.fluxcd.io') return readPatches(valueAt(object.map, 'spec'), sink, depth);
  if (schemaGroups.test(object.group ?? '') || dataKinds.has(object.kind) || readHelmRelease(object, sink)) return;
  readCustomResource(object, sink, depth);
}

/** The patches written out in a kustomization, kustomize's or Flux's: pieces of objects and JSON operations. */
export function readPatches(holder: Node | undefined, sink: Sink, depth = 0): void {
  if (holder?.kind === 'map') readInlinePatches(holder, (patch) => readObject(patch, sink, depth + 1), sink);
}

/** An object whose schema is not known here: accounts that it makes, pod specs that name one, objects that it wraps. */
function readCustomResource(object: ManifestObject, sink: Sink, depth: number): void {
  const walk: Walk = {
    defines: false,
    take(map, at) {
      if (isNestedObject(map)) {
        readObject(map, sink, at);
        return true;
      }
      if (asList(valueAt(map, 'containers')) && (textAt(map, 'serviceAccountName') ?? textAt(map, 'serviceAccount'))) {
        readPodSpec(object, map, undefined, true, sink);
      }
      return false;
    },
  };
  for (const { key, value } of object.map.entries) {
    if (!['apiVersion', 'kind', 'metadata', 'status'].includes(key.value)) walkValues(value, walk, sink, depth + 1);
  }
}

/** Chart values and other files without a kind: accounts that they make, and whole objects in them. */
export const valuesWalk = (sink: Sink): Walk => ({
  defines: true,
  take(map, depth) {
    if (!isNestedObject(map)) return false;
    readObject(map, sink, depth);
    return true;
  },
});

/** True for a map that says it is an object. Chart values have a `kind` too, but neither a version nor metadata. */
export function hasKind(map: MapNode): boolean {
  return entryOf(map, 'kind') !== undefined && ['apiVersion', 'metadata', 'items'].some((key) => entryOf(map, key) !== undefined);
}
