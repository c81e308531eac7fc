import { asList, asMap, textAt } from '../nodes';
import { entryOf, valueAt } from '../../syntax/nodes';
import { hasMoreVariables, proxyNames } from './platform';
import type { ContainerFact, EnvFact } from '../../model/facts';
import type { Text } from '../../text/text';
import type { MapNode, Node } from '../../syntax/tree';

/** Environment variables that take part in the SDKs' search for credentials. Source: the SDKs' default chains. */
const credentialNames =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_[A-Z_]+|PROFILE|SHARED_CREDENTIALS_FILE|CONFIG_FILE)$/;

/** Variables that lead the S3 API to another service than AWS: `AWS_ENDPOINT_URL_S3`, `MLFLOW_S3_ENDPOINT_URL`, `MINIO_ENDPOINT`. */
export const storeAddresses = /^AWS_ENDPOINT_URL(?:_S3)?$|(?:^|_)(?:S3|MINIO)_(?:ENDPOINT|URL|HOST)(?:_|$)/;

/** The containers that the webhook looks at: never the ephemeral ones. Source: webhook pkg/handler, parsePodSpec. */
export function podContainers(spec: Node): ContainerFact[] {
  return [...listed(spec, 'initContainers', true), ...listed(spec, 'containers', false)];
}

/** How many entries of containers and their environment a pod spec holds: what reading it costs. */
export function containersSize(spec: Node): number {
  const items = ['initContainers', 'containers'].flatMap((key) => asList(valueAt(spec, key))?.items ?? []);
  return items.reduce((sum, item) => sum + 1 + (asList(valueAt(item, 'env'))?.items.length ?? 0), 0);
}

/**
 * The containers of a map that is no pod spec: an Argo Workflow's template (or all templates of one that
 * name no account of their own), a Spark driver.
 */
export function looseContainers(map: Node): ContainerFact[] {
  const templates = asList(valueAt(map, 'templates'))?.items;
  if (templates) return templates.filter((item) => !textAt(item, 'serviceAccountName')).flatMap(looseContainers);
  const single = ['container', 'script'].flatMap((key) => asMap(valueAt(map, key)) ?? []);
  const own = asList(valueAt(map, 'env')) && map.kind === 'map' ? [map] : [];
  return [
    ...listed(map, 'initContainers', true),
    ...[...single, ...own].map((node) => container(node, false)),
    ...listed(valueAt(map, 'containerSet'), 'containers', false),
    ...listed(map, 'sidecars', false),
  ];
}

function listed(holder: Node | undefined, key: string, init: boolean): ContainerFact[] {
  const items = asList(valueAt(holder, key))?.items ?? [];
  return items.flatMap((item) => (item.kind === 'map' ? [container(item, init)] : []));
}

function container(map: MapNode, init: boolean): ContainerFact {
  const name = textAt(map, 'name');
  const list = asList(valueAt(map, 'env'));
  // A list that a template adds to or takes from does not tell which of its items are always there.
  const conditional = list?.open === true || entryOf(map, 'env')?.conditional === true;
  const items = list?.items ?? [];
  const proxies = items.flatMap((item) => entries(item, conditional, ({ value }) => proxyNames.test(value)));
  return {
    ...(name ? { name } : {}),
    init,
    span: map.span,
    env: items.flatMap((item) => entries(item, conditional, isOfCredentials)),
    ...(proxies.length > 0 ? { proxies } : {}),
    ...hasMoreVariables(map),
  };
}

/** A name in capitals reads like a placeholder; what may be one excuses the keys as well. */
function isOfCredentials({ value, holes }: Text): boolean {
  return storeAddresses.test(value) || (holes.length === 0 && credentialNames.test(value));
}

function entries(item: Node, conditional: boolean, isWanted: (name: Text) => boolean): EnvFact[] {
  const name = textAt(item, 'name');
  if (!name || !isWanted(name)) return [];
  const value = textAt(item, 'value');
  const fromSecret = entryOf(valueAt(item, 'valueFrom'), 'secretKeyRef') !== undefined;
  return [{ name, ...(value ? { value } : {}), fromSecret, span: item.span, ...(conditional ? { conditional } : {}) }];
}

/** True when the pod mounts a token of its own for some audience: then it may be wired by hand. */
export function mountsOwnToken(spec: Node): boolean {
  const volumes = asList(valueAt(spec, 'volumes'))?.items ?? [];
  return volumes.some((volume) =>
    asList(valueAt(volume, 'projected', 'sources'))?.items.some((source) => {
      const audience = textAt(source, 'serviceAccountToken', 'audience');
      return audience !== undefined && !isOthersAudience.test(audience.value);
    }),
  );
}

/** Audiences of tokens that surely aren't for AWS: service meshes, secret stores, other clouds, the API server. */
const isOthersAudience =
  /^(?:istio-ca|identity\.l5d\.io|vault|spire-server|api|api:\/\/azure\S*|https:\/\/kubernetes\.default\S*)$|googleapis\.com/i;

/** True for Windows as the webhook sees it: by nodeSelector, never by affinity. Source: webhook README. */
export function isWindows(spec: Node): boolean {
  const selector = valueAt(spec, 'nodeSelector');
  return ['kubernetes.io/os', 'beta.kubernetes.io/os'].some((key) => textAt(selector, key)?.value === 'windows');
}

/** False for a patch, which leaves the containers or their images to what it is laid over. */
export function isWholePodSpec(spec: Node): boolean {
  const containers = asList(valueAt(spec, 'containers'));
  return (
    containers !== undefined &&
    containers.items.length > 0 &&
    containers.items.every((item) => item.kind !== 'map' || item.open || valueAt(item, 'image') !== undefined)
  );
}

/** True where a template, or what a patch is laid over, may have more containers than stand here. */
export function mayHaveMoreContainers(spec: MapNode): boolean {
  const lists = ['containers', 'initContainers'].map((key) => valueAt(spec, key));
  return spec.open || !isWholePodSpec(spec) || lists.some((list) => list !== undefined && (list.kind !== 'list' || list.open));
}
