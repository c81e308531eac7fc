import { entryOf, outerSpan, valueAt } from '../../syntax/nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../syntax/tree';
import type { Span } from '../../text/span';
import { literal } from '../../text/texts';
import { asMap, asScalar } from '../nodes';
import { substitute, type Variable } from '../substitute';
import { joined, type Value } from '../shared/joinedTexts';
import { borrowedScalar, holeText } from '../terraform/texts';
import { assembled, named } from '../terraform/wellKnown';
import { policyOfArguments } from './policyArguments';
import type { Program, Resource } from './program';
import { objectId, type ObjectId, type ObjectReference } from '../../text/objects';

/** So many nodes are looked at for one program: variables may double at each step. */
const most = 50_000;
const deepest = 100;

/**
 * Puts in place of a program's references and functions what they stand for, as far as the program tells; what it does not
 * tell is a hole. Source: Pulumi YAML language reference (expressions, built-in functions).
 */
export class Evaluator {
  private readonly variables = new Map<string, Node | undefined>();
  private readonly made = new WeakSet<Node>();
  private readonly visiting = new Set<string>();
  private left = most;
  private depth = 0;

  constructor(private readonly program: Program) {}

  /** True for a policy that the arguments of a function make: its text is not the policy's own. */
  isMade(node: Node): boolean {
    return this.made.has(node);
  }

  /** The node with every reference and function in it evaluated. */
  evaluate(node: Node): Node {
    if (--this.left < 0 || this.depth > deepest) return { kind: 'unknown', span: outerSpan(node), source: '' };
    this.depth++;
    try {
      return this.evaluated(node);
    } finally {
      this.depth--;
    }
  }

  private evaluated(node: Node): Node {
    if (node.kind === 'unknown') return node;
    if (node.kind === 'scalar') return this.scalar(node);
    if (node.kind === 'list') {
      const items = node.items.map((item) => this.evaluate(item));
      return { ...node, items, open: node.open || items.some(({ kind }) => kind === 'unknown') };
    }
    const [only] = node.entries;
    if (only?.value && node.entries.length === 1 && /^fn::/i.test(only.key.value))
      return this.call(only.key.value.slice(4), only.value, node.span);
    const entries = node.entries.map((entry): Entry => ({
      ...entry,
      key: this.text(entry.key),
      value: entry.value && this.evaluate(entry.value),
    }));
    return { ...node, entries };
  }

  /** The properties of a resource, evaluated. */
  propertiesOf({ map }: Resource): MapNode | undefined {
    const node = valueAt(map, 'properties');
    return node && asMap(this.evaluate(node));
  }

  private scalar(node: ScalarNode): Node {
    const [only, another] = variablesIn(node.value);
    if (only?.name !== undefined && !another && only.start === 0 && only.end === node.value.length) {
      const value = this.resolve(only.name);
      if (value && value.kind !== 'scalar') return value;
      if (value?.refers) return { ...this.text(node), refers: value.refers };
    }
    return this.text(node);
  }

  private text(node: ScalarNode): ScalarNode {
    if (!node.value.includes('${')) return node;
    return substitute(
      node,
      (path) => {
        const value = this.resolve(path);
        return value?.kind === 'scalar' ? value : undefined;
      },
      variablesIn,
    );
  }

  /** What a path stands for: a variable, an output of a resource; undefined where the program does not tell. */
  private resolve(path: string): Node | undefined {
    const steps = stepsOf(path);
    if (!steps) return undefined;
    const [root, ...rest] = steps as [string, ...string[]];
    const key = steps.join('\n');
    if (this.visiting.has(key)) return undefined;
    this.visiting.add(key);
    try {
      const resource = this.program.resources.get(root);
      return resource ? this.output(resource, rest, path) : navigate(this.variable(root), this.isJson(root, rest) ? [] : rest);
    } finally {
      this.visiting.delete(key);
    }
  }

  private variable(name: string): Node | undefined {
    if (!this.variables.has(name)) {
      const node = this.program.variables.get(name);
      this.variables.set(name, node && this.evaluate(node));
    }
    return this.variables.get(name);
  }

  /** `.json` of a policy that a function makes is the policy. */
  private isJson(root: string, [step, ...others]: readonly string[]): boolean {
    const value = this.variable(root);
    return value !== undefined && this.made.has(value) && others.length === 0 && (step === 'json' || step === 'minifiedJson');
  }

  private output(resource: Resource, steps: readonly string[], path: string): Node | undefined {
    const at = { span: resource.entry.key.outer };
    const [step] = steps;
    switch (resource.type) {
      case 'aws:iam:Role':
        if (step === 'arn') return { ...this.roleArn(resource), refers: this.referenceTo(resource, 'arn', path) };
        if (step === 'name' || step === 'id') return { ...this.roleName(resource), refers: this.referenceTo(resource, 'name', path) };
        break;
      case 'aws:iam:OpenIdConnectProvider':
        if (step === 'arn')
          return assembled(at, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':oidc-provider/', this.hostOf(resource)]);
        if (step === 'url') return borrowedScalar(this.hostOf(resource), at.span);
        break;
      case 'aws:eks:Cluster':
        if (step === 'identities' && steps[steps.length - 1] === 'issuer') return assembled(at, ['https://', issuerOf(resource)]);
        if (step === 'id') return this.property(resource, ['name']);
        break;
      case 'eks:Cluster':
        if (step === 'oidcIssuer') return borrowedScalar(issuerOf(resource), at.span);
        if (step === 'oidcProviderUrl' || path.endsWith('oidcProvider.url'))
          return assembled(at, step === 'oidcProviderUrl' ? ['https://', issuerOf(resource)] : [issuerOf(resource)]);
        if (step === 'oidcProviderArn' || path.endsWith('oidcProvider.arn'))
          return assembled(at, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':oidc-provider/', issuerOf(resource)]);
        break;
    }
    return this.property(resource, steps);
  }

  /** The identity of a resource of the program. */
  idOf({ id }: Resource): ObjectId {
    return objectId('pulumi', this.program.root, id);
  }

  private referenceTo(resource: Resource, attribute: ObjectReference['attribute'], path: string): ObjectReference {
    return { objects: [this.idOf(resource)], attribute, written: path };
  }

  /** An input, which is an output too where a resource has no other of that name. */
  private property(resource: Resource, steps: readonly string[]): Node | undefined {
    if (steps.length === 0) return undefined;
    let node = valueAt(resource.map, 'properties');
    for (const step of steps) node = stepInto(node, step);
    const value = node && this.evaluate(node);
    return value?.kind === 'scalar' && (value.type === 'null' || value.value === '') ? undefined : value;
  }

  /** The name that a role is given; one that Pulumi makes is the same wherever the role is meant. */
  roleName(resource: Resource): ScalarNode {
    const name = asScalar(this.property(resource, ['name']));
    return (
      name ?? borrowedScalar(holeText(`${resource.id}.name`, true, `role created by Pulumi as ${resource.id}`), resource.entry.key.outer)
    );
  }

  private roleArn(resource: Resource): ScalarNode {
    const path = valueAt(resource.map, 'properties', 'path')
      ? (asScalar(this.property(resource, ['path'])) ?? holeText(`${resource.id}.path`, true))
      : { value: '/', holes: [] };
    return assembled({ span: resource.entry.key.outer }, [
      'arn:',
      named('<partition>'),
      ':iam::',
      named('<account>'),
      ':role',
      path,
      this.roleName(resource),
    ]);
  }

  /** A provider's issuer without its scheme. */
  private hostOf(resource: Resource): Value {
    const url = asScalar(this.property(resource, ['url']));
    const scheme = 'https://';
    if (!url) return holeText(`${resource.id}.url`, true);
    if (url.holes.length === 0) return { value: url.value.replace(/^https:\/\//, ''), holes: [] };
    if (!url.value.startsWith(scheme) || url.holes.some((hole) => hole.start < scheme.length)) return holeText(`${resource.id}.url`, true);
    return {
      value: url.value.slice(scheme.length),
      holes: url.holes.map((hole) => ({ ...hole, start: hole.start - scheme.length, end: hole.end - scheme.length })),
    };
  }

  private call(name: string, argument: Node, span: Span): Node {
    if (name.includes(':')) return this.invoke(name, argument, span);
    switch (name.toLowerCase()) {
      case 'tojson':
      case 'secret':
        return this.evaluate(argument);
      case 'join':
        return this.join(argument, span) ?? { kind: 'unknown', span, source: name };
      case 'split':
        return this.split(argument, span) ?? { kind: 'unknown', span, source: name };
      case 'select':
        return this.select(argument) ?? { kind: 'unknown', span, source: name };
      case 'invoke': {
        const result = this.invoke(asScalar(entryOf(argument, 'function')?.value)?.value ?? '', valueAt(argument, 'arguments'), span);
        const wanted = asScalar(entryOf(argument, 'return')?.value)?.value;
        return wanted === undefined || (this.made.has(result) && wanted === 'json')
          ? result
          : (navigate(result, [wanted]) ?? { kind: 'unknown', span, source: name });
      }
      default:
        return { kind: 'unknown', span, source: name };
    }
  }

  private invoke(name: string, argument: Node | undefined, span: Span): Node {
    const given = argument && asMap(this.evaluate(argument));
    if (!given || !/^aws:iam(?:\/getPolicyDocument)?:getPolicyDocument$/.test(name)) return { kind: 'unknown', span, source: name };
    const policy = policyOfArguments(given);
    this.made.add(policy);
    return policy;
  }

  private join(argument: Node, span: Span): ScalarNode | undefined {
    const [separator, parts] = this.pair(argument);
    return joined(separator, parts, span);
  }

  private split(argument: Node, span: Span): ListNode | undefined {
    const [separator, text] = this.pair(argument);
    const by = separator?.kind === 'scalar' ? literal(separator) : undefined;
    if (!by || text?.kind !== 'scalar') return undefined;
    // What no file tells may hold the separator too, save that no host and path holds these.
    if (text.holes.length > 0 && by !== '//' && by !== 'https://') return undefined;
    let start = 0;
    const items = text.value.split(by).map((part) => {
      const end = start + part.length;
      const holes = text.holes
        .filter((hole) => hole.start >= start && hole.end <= end)
        .map((hole) => ({ ...hole, start: hole.start - start, end: hole.end - start }));
      start = end + by.length;
      return borrowedScalar({ value: part, holes }, span);
    });
    return { kind: 'list', span, items, open: false };
  }

  private select(argument: Node): Node | undefined {
    const [index, list] = this.pair(argument);
    return index?.kind === 'scalar' && list?.kind === 'list' && !list.open ? list.items[Number(index.value)] : undefined;
  }

  private pair(argument: Node): (Node | undefined)[] {
    return argument.kind === 'list' && argument.items.length === 2 ? argument.items.map((item) => this.evaluate(item)) : [];
  }
}

/** `${path}` of a text; `$${` is the text `${`. Source: Pulumi YAML language reference, expressions. */
function* variablesIn(value: string): Generator<Variable> {
  for (const match of value.matchAll(/(\$?)\$\{([^{}]*)\}/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    yield match[1] ? { start, end, stays: [[start + 1, end]] } : { start, end, name: match[2]!.trim() };
  }
}

/** The names of a path: `cluster.identities[0]["oidcs"]`; undefined where it is none. */
function stepsOf(path: string): string[] | undefined {
  if (!/^[\w-]+(?:\.[\w$-]+|\[\d+\]|\["[^"\]]*"\])*$/.test(path)) return undefined;
  return Array.from(path.matchAll(/[\w$-]+|"([^"]*)"/g), ([word, quoted]) => quoted ?? word);
}

function navigate(node: Node | undefined, steps: readonly string[]): Node | undefined {
  let at = node;
  for (const step of steps) at = stepInto(at, step);
  return at?.kind === 'unknown' ? undefined : at;
}

function stepInto(node: Node | undefined, step: string): Node | undefined {
  return node?.kind === 'list' ? node.items[Number(step)] : entryOf(node, step)?.value;
}

/** A cluster's issuer without its scheme: one hole wherever the cluster is meant. */
function issuerOf({ id }: Resource): Value {
  return holeText(`${id}'s issuer`, true, `unknown issuer of ${id}`);
}
