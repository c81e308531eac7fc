import { entryOf, valueAt } from '../../syntax/nodes';
import type { MapNode, Node } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { asList, asMap, asScalar } from '../nodes';
import { formatAddress, parseAddress } from './addresses';
import { plannedValues } from './values';

/** One instance of a resource or data source that will be there, or is. */
export interface PlannedResource {
  readonly address: string;
  /** The address of the module instance that it is in; empty for the root module. */
  readonly module: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** The key of its instance: `["a"]`, `[0]`. */
  readonly key?: string;
  /** All that is written of it, and its address. */
  readonly span: Span;
  readonly head: Span;
  /** Its values, see {@link plannedValues}; made when asked for. */
  values(): MapNode | undefined;
}

/** A plan or a state that was read. */
export interface Plan {
  readonly resources: readonly PlannedResource[];
  /** The root module of the configuration; a state has none. */
  readonly configuration?: MapNode;
  /** Names of the root module's variables that have a value. */
  readonly variables: ReadonlySet<string>;
}

/** Modules in modules: far more than Terraform's own users have. */
const deepest = 100;

/** The resources of a plan or state of the wanted types. What the plan deletes is not there. */
export function readPlan(root: Node | undefined, wanted: ReadonlySet<string>): Plan {
  const resources = new Map<string, PlannedResource | null>();
  for (const item of asList(valueAt(root, 'resource_changes'))?.items ?? []) {
    // Deposed objects are leftovers of a replacement: the resource itself has an entry of its own.
    if (valueAt(item, 'deposed')) continue;
    const address = asScalar(valueAt(item, 'address'))?.value;
    if (address === undefined) continue;
    const change = valueAt(item, 'change');
    const actions = (asList(valueAt(change, 'actions'))?.items ?? []).map((action) => asScalar(action)?.value);
    const isThere = actions.some((action) => action !== 'delete' && action !== 'forget');
    const planned = {
      value: valueAt(change, 'after'),
      unknown: valueAt(change, 'after_unknown'),
      sensitive: valueAt(change, 'after_sensitive'),
    };
    resources.set(address, (isThere && resourceOf(item, address, wanted, planned)) || null);
  }
  // What a plan's changes do not list stays as it is; a state has no changes.
  for (const values of [valueAt(root, 'planned_values', 'root_module'), valueAt(root, 'values', 'root_module')])
    addModule(values, wanted, resources, 0);
  const configuration = asMap(valueAt(root, 'configuration', 'root_module'));
  return {
    resources: [...resources.values()].filter((resource) => resource !== null),
    variables: new Set(asMap(valueAt(root, 'variables'))?.entries.map(({ key }) => key.value)),
    ...(configuration ? { configuration } : {}),
  };
}

function addModule(
  module: Node | undefined,
  wanted: ReadonlySet<string>,
  resources: Map<string, PlannedResource | null>,
  depth: number,
): void {
  if (depth > deepest) return;
  for (const item of asList(valueAt(module, 'resources'))?.items ?? []) {
    const address = asScalar(valueAt(item, 'address'))?.value;
    if (address === undefined || resources.has(address)) continue;
    const planned = { value: valueAt(item, 'values'), unknown: undefined, sensitive: valueAt(item, 'sensitive_values') };
    const resource = resourceOf(item, address, wanted, planned);
    if (resource) resources.set(address, resource);
  }
  for (const child of asList(valueAt(module, 'child_modules'))?.items ?? []) addModule(child, wanted, resources, depth + 1);
}

function resourceOf(
  item: Node,
  address: string,
  wanted: ReadonlySet<string>,
  planned: Parameters<typeof plannedValues>[0],
): PlannedResource | undefined {
  const type = asScalar(valueAt(item, 'type'))?.value ?? '';
  const steps = wanted.has(type) ? parseAddress(address) : undefined;
  if (!steps) return undefined;
  const mode = asScalar(valueAt(item, 'mode'))?.value === 'data' ? 'data' : 'managed';
  const own = mode === 'data' ? 3 : 2;
  const last = steps[steps.length - 1]!;
  if (steps.length < own || steps[steps.length - 2]!.name !== type) return undefined;
  let made: { readonly map: MapNode | undefined } | undefined;
  const head = entryOf(item, 'address')!;
  return {
    address,
    module: formatAddress(steps.slice(0, -own)),
    mode,
    type,
    name: last.name,
    ...(last.key === undefined ? {} : { key: last.key }),
    span: item.span,
    head: head.value?.span ?? head.span,
    values: () => (made ??= { map: asMap(plannedValues(planned, address)) }).map,
  };
}
