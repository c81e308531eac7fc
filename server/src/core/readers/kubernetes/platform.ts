import type { ContainerFact, Platform } from '../../model/facts';
import { entryOf, outerSpan, valueAt } from '../../syntax/nodes';
import type { ListNode, MapNode, Node } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { asList, asMap, asScalar } from '../nodes';

/** What a requirement leaves: only nodes of one platform, with the place that says so. */
type Found = Platform | undefined;

/** Labels of nodes by which a pod is bound to them. Source: Kubernetes' well-known labels; EKS user guide, Fargate. */
const osLabels = new Set(['kubernetes.io/os', 'beta.kubernetes.io/os']);
const fargateLabel = 'eks.amazonaws.com/compute-type';
/** Only Windows nodes have it. Source: Kubernetes' well-known labels. */
const windowsBuild = 'node.kubernetes.io/windows-build';

/**
 * Where the pods of a spec can only run, if that is Windows or Fargate: by `os`, by the scheduler, by the node selector, by what the node
 * affinity requires, or by Windows' host processes. Undefined where other nodes would do, and where it isn't known. What is
 * tolerated or preferred binds no pod.
 */
export function platformOf(spec: MapNode): Platform | undefined {
  return ofOs(spec) ?? ofSelector(surely(spec, 'nodeSelector')) ?? ofAffinity(spec) ?? ofHostProcess(spec);
}

function ofOs(spec: MapNode): Found {
  const name = literalNode(surely(spec, 'os', 'name'));
  if (name?.value === 'windows') return { name: 'windows', by: 'spec.os', span: name.span };
  // EKS gives it to the pods that a Fargate profile selects. Source: EKS user guide, fargate-getting-started.
  const scheduler = literalNode(surely(spec, 'schedulerName'));
  return scheduler?.value === 'fargate-scheduler' ? { name: 'fargate', by: 'schedulerName', span: scheduler.span } : undefined;
}

function ofSelector(selector: Node | undefined): Found {
  for (const { key, value, conditional } of asMap(selector)?.entries ?? []) {
    const text = conditional ? undefined : literalNode(value);
    const name = text && platformOfLabel(key.value, [text.value]);
    if (name) return { name, by: 'nodeSelector', span: text.span };
  }
  return undefined;
}

/** Terms are alternatives: each has to bind the pod; the conditions of a term hold together. Source: Kubernetes API, NodeSelector. */
function ofAffinity(spec: MapNode): Found {
  const terms = asList(valueAt(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'));
  if (!terms || terms.open || terms.items.length === 0) return undefined;
  const found = terms.items.map((term) => ofTerm(term));
  return found.every((each) => each !== undefined) ? found[0] : undefined;
}

function ofTerm(term: Node): Found {
  for (const expression of asList(surely(term, 'matchExpressions'))?.items ?? []) {
    const key = literalNode(valueAt(expression, 'key'));
    const operator = literalNode(valueAt(expression, 'operator'));
    if (!key || !operator) continue;
    const values = literals(asList(valueAt(expression, 'values')));
    const name = platformOfExpression(key.value, operator.value, values);
    if (name) return { name, by: 'nodeAffinity', span: outerSpan(expression) };
  }
  return undefined;
}

function platformOfExpression(key: string, operator: string, values: readonly string[] | undefined): Platform['name'] | undefined {
  if (key === windowsBuild && operator === 'Exists') return 'windows';
  if (!values || values.length === 0) return undefined;
  if (operator === 'In') return platformOfLabel(key, values);
  return operator === 'NotIn' && osLabels.has(key) && values.includes('linux') && !values.includes('windows') ? 'windows' : undefined;
}

function platformOfLabel(key: string, values: readonly string[]): Platform['name'] | undefined {
  if (osLabels.has(key)) return values.every((value) => value === 'windows') ? 'windows' : undefined;
  if (key === fargateLabel) return values.every((value) => value === 'fargate') ? 'fargate' : undefined;
  return key === windowsBuild ? 'windows' : undefined;
}

/** Only Windows has them. Source: Kubernetes documentation, Create a Windows HostProcess Pod. */
function ofHostProcess(spec: MapNode): Found {
  const places = [spec, ...['containers', 'initContainers'].flatMap((key) => asList(valueAt(spec, key))?.items ?? [])];
  for (const place of places) {
    const value = literalNode(surely(place, 'securityContext', 'windowsOptions', 'hostProcess'));
    if (value?.value === 'true') return { name: 'windows', by: 'hostProcess', span: value.span };
  }
  return undefined;
}

/** Labels of a pod by name, those with a literal value; and whether there may be more. */
export function podLabels(metadata: Node | undefined): { readonly labels?: Readonly<Record<string, string>>; readonly labelsOpen?: true } {
  const node = valueAt(metadata, 'labels');
  const map = asMap(node);
  const labels: [string, string][] = [];
  let open = map ? map.open : node !== undefined;
  for (const { key, value, conditional } of map?.entries ?? []) {
    const text = literalNode(value);
    if (text && key.holes.length === 0 && !conditional) labels.push([key.value, text.value]);
    else open = true;
  }
  return {
    ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}),
    ...(open || asMap(metadata)?.open ? { labelsOpen: true } : {}),
  };
}

/** Variables of a proxy and of what goes past it. Source: the SDKs for Go, Java, Python; curl. */
export const proxyNames = /^(?:https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;

/** Whether more variables may come from elsewhere: `envFrom`, a template. */
export function hasMoreVariables(container: MapNode): Pick<ContainerFact, 'moreEnv'> {
  const env = entryOf(container, 'env');
  const open = container.open || entryOf(container, 'envFrom') !== undefined || (env?.value !== undefined && env.value.kind !== 'list');
  return open ? { moreEnv: true } : {};
}

/** The value at a path of keys, if no template may leave it out. */
function surely(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node;
  for (const key of path) {
    const entry = entryOf(at, key);
    at = entry?.conditional ? undefined : entry?.value;
  }
  return at;
}

function literals(list: ListNode | undefined): readonly string[] | undefined {
  if (!list || list.open) return undefined;
  const found = list.items.map((item) => literalNode(item)?.value);
  return found.every((each) => each !== undefined) ? found : undefined;
}

function literalNode(node: Node | undefined): { readonly value: string; readonly span: Span } | undefined {
  const scalar = asScalar(node);
  return scalar && scalar.holes.length === 0 ? scalar : undefined;
}
