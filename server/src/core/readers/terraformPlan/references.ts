import { valueAt } from '../../syntax/nodes';
import type { MapNode, Node } from '../../syntax/tree';
import { asList, asMap, asScalar } from '../nodes';
import { formatAddress, parseAddress, type Step } from './addresses';
import type { Plan, PlannedResource } from './plan';

/** What an expression leads to. */
export interface Sources {
  /** The instances of resources and data sources, each with the attribute that is taken of it (empty: not told). */
  readonly found: readonly { readonly resource: PlannedResource; readonly attribute: string; readonly written: string }[];
  /** True where something else, that is not known either, may be the value. */
  readonly open: boolean;
}

/** Where an expression stands: the instance of a module, and the key of the resource's own instance. */
export interface Scope {
  /** The address of the module instance. */
  readonly module: string;
  readonly key?: string | undefined;
}

/** Of more instances than these it is not told which one is meant. */
const mostInstances = 50;
/** How far references are followed through modules. */
const deepest = 30;
/** Longer references are not read. */
const longest = 500;
/** So many references are followed for one plan. */
const most = 200_000;

/**
 * Follows the references of a plan's configuration to the resources that they are of: through arguments and outputs of
 * modules. The configuration has no locals: what goes through one is not told. Source: Terraform, JSON output format
 * (configuration representation, expression representation).
 */
export class References {
  /** The instances of each resource by their keys. */
  private readonly byName = new Map<string, Map<string, PlannedResource>>();
  private readonly modules = new Map<string, { readonly node: MapNode | undefined }>();
  private readonly keys = new Map<string, Set<string>>();
  /** The resources that each module's configuration writes. */
  private readonly resources = new Map<MapNode, ReadonlyMap<string, MapNode>>();
  private left = most;

  constructor(private readonly plan: Plan) {
    for (const resource of plan.resources) {
      const name = nameOf(resource.module, resource.mode, resource.type, resource.name);
      const instances = this.byName.get(name) ?? new Map<string, PlannedResource>();
      this.byName.set(name, instances.set(resource.key ?? '', resource));
      this.noteModule(resource.module);
    }
  }

  /** What an argument of a resource is made of; `path` leads to it through blocks, as the values have them. */
  ofArgument(resource: PlannedResource, path: readonly (string | number)[]): Sources {
    const expressions = valueAt(this.configured(resource), 'expressions');
    return this.follow(expressionAt(expressions, path), { module: resource.module, key: resource.key }, 0);
  }

  /** A resource's own part of the configuration. */
  configured({ module, mode, type, name }: PlannedResource): MapNode | undefined {
    const node = this.moduleOf(module);
    if (!node) return undefined;
    let byAddress = this.resources.get(node);
    if (!byAddress) this.resources.set(node, (byAddress = resourcesOf(node)));
    return byAddress.get(mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`);
  }

  private follow(expression: Node | undefined, scope: Scope, depth: number): Sources {
    const found: Sources['found'][number][] = [];
    let open = false;
    for (const reference of referencesOf(expression)) {
      if (--this.left < 0 || depth > deepest) return { found: [], open: true };
      const sources = this.one(reference, scope, depth);
      found.push(...sources.found);
      open ||= sources.open;
    }
    return { found, open };
  }

  private one(reference: string, scope: Scope, depth: number): Sources {
    const steps = parseAddress(reference);
    const [first, second] = steps ?? [];
    if (!steps || !first) return unknown;
    switch (first.name) {
      case 'var':
        return this.variable(second?.name ?? '', scope, depth);
      case 'module':
        return this.output(steps, scope, depth);
      case 'count':
      case 'path':
      case 'terraform':
        return known;
      case 'each':
        return second?.name === 'key' ? known : unknown;
      case 'local':
      case 'self':
        return unknown;
      case 'data':
        return this.resource('data', steps.slice(1), reference, scope);
      default:
        return this.resource('managed', steps, reference, scope);
    }
  }

  /** A variable is what the module's call gives it; the root module's are known, and a default is, too. */
  private variable(name: string, { module }: Scope, depth: number): Sources {
    const steps = parseAddress(module);
    const last = steps?.[steps.length - 1];
    if (!steps || !last) return this.plan.variables.has(name) ? known : unknown;
    const outer = formatAddress(steps.slice(0, -2));
    const expression = valueAt(this.moduleOf(outer), 'module_calls', last.name, 'expressions', name);
    return expression ? this.follow(expression, { module: outer, key: last.key }, depth + 1) : known;
  }

  /** `module.irsa["a"].arn`: an output of one instance; of all of them where no file tells which. */
  private output(steps: readonly Step[], scope: Scope, depth: number): Sources {
    const [, call, output] = steps;
    if (!call) return unknown;
    const base = scope.module === '' ? `module.${call.name}` : `${scope.module}.module.${call.name}`;
    const instances = this.instances(this.keys.get(base) ?? new Set(['']), call.key, scope.key);
    const found: Sources['found'][number][] = [];
    let open = instances.length === 0;
    for (const key of instances) {
      const inner = base + key;
      const sources = output ? this.ofOutput(inner, output.name, depth) : this.onlyRole(inner, depth);
      found.push(...sources.found);
      open ||= sources.open;
    }
    return { found, open };
  }

  private ofOutput(module: string, name: string, depth: number): Sources {
    const expression = valueAt(this.moduleOf(module), 'outputs', name, 'expression');
    return expression ? this.follow(expression, { module, key: undefined }, depth + 1) : unknown;
  }

  /** `module.irsa[each.key].arn` is listed without its output: it is that of the one role whose ARN the module gives out. */
  private onlyRole(module: string, depth: number): Sources {
    const outputs = asMap(valueAt(this.moduleOf(module), 'outputs'))?.entries ?? [];
    const roles = new Map<PlannedResource, Sources['found'][number]>();
    for (const { key } of outputs.slice(0, mostInstances)) {
      for (const each of this.ofOutput(module, key.value, depth).found)
        if (each.resource.type === 'aws_iam_role' && each.attribute === 'arn') roles.set(each.resource, each);
    }
    const [only, another] = roles.values();
    return only && !another && outputs.length <= mostInstances ? { found: [only], open: false } : unknown;
  }

  private resource(mode: PlannedResource['mode'], steps: readonly Step[], written: string, scope: Scope): Sources {
    const [type, name, attribute] = steps;
    if (!type || !name) return unknown;
    const all = this.byName.get(nameOf(scope.module, mode, type.name, name.name));
    if (!all) return unknown;
    const keys = this.instances(all, name.key, scope.key);
    const found = keys.map((key) => ({ resource: all.get(key)!, attribute: attribute?.name ?? '', written }));
    return { found, open: found.length === 0 };
  }

  /** The keys of the instances that are meant: the one that is written, that of the resource which refers to them, or all. */
  private instances(
    all: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys' | 'size'>,
    written: string | undefined,
    own: string | undefined,
  ): readonly string[] {
    if (written !== undefined && written !== '[*]') return all.has(written) ? [written] : [];
    if (written === undefined && own !== undefined && all.has(own)) return [own];
    return all.size > mostInstances ? [] : [...all.keys()];
  }

  /** A module of the configuration, by the address of one of its instances. */
  private moduleOf(address: string): MapNode | undefined {
    const known = this.modules.get(address);
    if (known) return known.node;
    const steps = parseAddress(address) ?? [];
    const outer = steps.length < 2 ? undefined : this.moduleOf(formatAddress(steps.slice(0, -2)));
    const inner = address === '' ? this.plan.configuration : valueAt(outer, 'module_calls', steps[steps.length - 1]?.name ?? '', 'module');
    const node = inner?.kind === 'map' ? inner : undefined;
    this.modules.set(address, { node });
    return node;
  }

  private noteModule(address: string): void {
    const steps = parseAddress(address) ?? [];
    for (let length = steps.length; length >= 2; length -= 2) {
      const { name, key = '' } = steps[length - 1]!;
      const base = formatAddress([...steps.slice(0, length - 1), { name }]);
      const keys = this.keys.get(base) ?? new Set();
      if (keys.has(key)) return;
      this.keys.set(base, keys.add(key));
    }
  }
}

function resourcesOf(module: MapNode): ReadonlyMap<string, MapNode> {
  const found = new Map<string, MapNode>();
  for (const item of asList(valueAt(module, 'resources'))?.items ?? []) {
    const address = asScalar(valueAt(item, 'address'))?.value;
    if (address !== undefined && item.kind === 'map') found.set(address, item);
  }
  return found;
}

const known: Sources = { found: [], open: false };
const unknown: Sources = { found: [], open: true };

function nameOf(module: string, mode: string, type: string, name: string): string {
  return `${module} ${mode} ${type}.${name}`;
}

/** The expression of an argument: blocks are lists of maps, an attribute is one expression with all that is in it. */
function expressionAt(expressions: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  let at = expressions;
  for (const step of path) {
    if (isExpression(at)) return at;
    if (typeof step === 'number') at = at?.kind === 'list' ? at.items[step] : at;
    else at = valueAt(at?.kind === 'list' ? at.items[0] : at, step);
  }
  return at;
}

function isExpression(node: Node | undefined): boolean {
  return valueAt(node, 'references')?.kind === 'list' || (valueAt(node, 'constant_value') !== undefined && node?.kind === 'map');
}

/** The references of an expression, the fullest alone: Terraform lists `aws_iam_role.a` beside `aws_iam_role.a.arn`. */
function referencesOf(expression: Node | undefined): readonly string[] {
  const all = (asList(valueAt(expression, 'references'))?.items ?? [])
    .flatMap((item) => asScalar(item)?.value ?? [])
    .filter(({ length }) => length <= longest);
  const shorter = new Set<string>();
  for (const reference of all) {
    for (let at = reference.length; at > 0; at--) if (reference[at] === '.' || reference[at] === '[') shorter.add(reference.slice(0, at));
  }
  return [...new Set(all)].filter((reference) => !shorter.has(reference));
}
