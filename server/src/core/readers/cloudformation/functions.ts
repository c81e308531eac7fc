import { parseEmbedded } from '../../syntax/embedded';
import { entryOf, outerSpan, valueAt } from '../../syntax/nodes';
import { objectId, type ObjectId, type ObjectReference } from '../../text/objects';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import type { Entry, ListNode, MapNode, Node, ScalarNode } from '../../syntax/tree';
import { concat, joined, type Value } from '../shared/joinedTexts';
import { borrowedScalar, holeText } from '../terraform/texts';
import { substitute } from '../substitute';
import type { Resource, Template } from './template';

/** How deep a document in a text is looked through. */
const deepestText = 60;

/** Functions whose value no template tells. `Fn::If` and unknown ones may also be nothing, or a whole map. */
const holeFunctions = new Set(['Fn::ImportValue', 'Fn::FindInMap', 'Fn::GetAZs', 'Fn::Cidr', 'Fn::Base64']);

/**
 * Puts in place of CloudFormation's intrinsic functions what they stand for: texts with holes, and where the template
 * does not tell whether anything is there, a part that is not known. Short tags and long forms are the same.
 */
export class Functions {
  private readonly done = new Map<Node, Node>();
  private depth = 0;
  /** The texts that `Fn::Sub` works on, by where they start. */
  private readonly substituted = new Set<number>();

  /** What refers to a role, by the text that it comes to: the same in any function, and in what a text holds. */
  private readonly roles = new Map<string, { readonly value: Value; readonly refers: ObjectReference }>();

  private readonly restored = new Map<Node, Node>();

  /** @param uri of the template's file, by which its resources are told from those of others */
  constructor(
    private readonly template: Template,
    private readonly uri: string,
  ) {}

  idOf(logicalId: string): ObjectId {
    return objectId('cloudformation', this.uri, logicalId);
  }

  /** A role's name; one that CloudFormation makes is told by its logical id. */
  roleName(resource: Resource, span: Span): ScalarNode {
    return borrowedScalar(this.nameOfRole(resource), span, false);
  }

  /** A document that a text holds, put together by functions, with what refers to a role in it. */
  embedded(node: Node | undefined): Node | undefined {
    const root = node?.kind === 'scalar' ? parseEmbedded(node)?.root : node;
    return root && this.withRoles(root, 0);
  }

  private withRoles(node: Node, depth: number): Node {
    if (node.kind === 'scalar') return this.withRole(node);
    if (node.kind === 'unknown' || depth > deepestText) return node;
    // Aliases share nodes: each is made once.
    const known = this.restored.get(node);
    if (known) return known;
    const made: Node =
      node.kind === 'list'
        ? { ...node, items: node.items.map((item) => this.withRoles(item, depth + 1)) }
        : {
            ...node,
            entries: node.entries.map((entry) => (entry.value ? { ...entry, value: this.withRoles(entry.value, depth + 1) } : entry)),
          };
    this.restored.set(node, made);
    return made;
  }

  private withRole(scalar: ScalarNode): ScalarNode {
    const role = scalar.holes.length > 0 && !scalar.refers ? this.roles.get(scalar.value) : undefined;
    if (!role) return scalar;
    // The whole of it stands for the role: no part is written here.
    const borrowed = scalar.borrowed ?? [{ start: 0, end: scalar.value.length, span: scalar.outer }];
    return { ...scalar, holes: role.value.holes, refers: role.refers, borrowed };
  }

  /** The node with every function in it evaluated. */
  evaluate(node: Node): Node {
    const known = this.done.get(node);
    if (known) return known;
    if (this.depth > 200) return { kind: 'unknown', span: outerSpan(node), source: '' };
    this.depth++;
    const result = this.evaluated(node);
    this.depth--;
    this.done.set(node, result);
    return result;
  }

  private evaluated(node: Node): Node {
    if (node.kind === 'unknown') {
      const { tagged } = node;
      return tagged ? this.call(functionOf(tagged.tag), tagged.node, node.span) : node;
    }
    if (node.kind === 'scalar') {
      if (!node.substitutes) return node;
      const given = node.substitutes === true ? undefined : node.substitutes;
      return this.substitute(node, given?.items[1]);
    }
    if (node.kind === 'list') return this.list(node);
    const [only] = node.entries;
    if (only?.value && node.entries.length === 1 && /^(Fn::|Ref$)/.test(only.key.value))
      return this.call(only.key.value, only.value, node.span);
    return this.map(node);
  }

  /** Whether a text was put together by `Fn::Sub`. */
  isSubstituted(text: Text): boolean {
    return this.substituted.has(text.outer.start);
  }

  private substitute(text: ScalarNode, variables: Node | undefined): ScalarNode {
    this.substituted.add(text.outer.start);
    return this.withRole(substitute(text, this.lookup(variables)));
  }

  private list(node: ListNode): Node {
    let { open } = node;
    const items: Node[] = [];
    for (const item of node.items) {
      const value = this.evaluate(item);
      // A reference to a list in a list is a list of lists, which nobody takes; what may be nothing opens it.
      if (value.kind === 'unknown') open = true;
      items.push(value);
    }
    return { ...node, items, open };
  }

  private map(node: MapNode): MapNode {
    const entries: Entry[] = node.entries.map((entry) => (entry.value ? { ...entry, value: this.evaluate(entry.value) } : entry));
    return { ...node, entries, open: node.open || node.entries.some(({ key }) => /^Fn::/.test(key.value)) };
  }

  private call(name: string, argument: Node, span: Span): Node {
    switch (name) {
      case 'Ref': {
        const id = argument.kind === 'scalar' ? literalOf(argument) : undefined;
        return id === undefined ? this.hole(name, argument, span) : this.attribute(id, span);
      }
      case 'Fn::GetAtt': {
        const path = attributePath(argument);
        if (path === undefined) return this.hole(name, argument, span);
        return this.documentOf(path) ?? this.attribute(path, span);
      }
      case 'Fn::Sub': {
        const [text, variables] = argument.kind === 'list' ? argument.items : [argument];
        return text?.kind === 'scalar' ? this.substitute(text, variables) : this.hole(name, argument, span);
      }
      case 'Fn::Join': {
        const joined = this.join(argument, span);
        return joined ? this.withRole(joined) : this.hole(name, argument, span);
      }
      case 'Fn::If':
        return this.either(argument, span) ?? { kind: 'unknown', span, source: name };
      case 'Fn::Select':
        return this.select(argument, span) ?? this.hole(name, argument, span);
      default:
        return holeFunctions.has(name) ? this.hole(name, argument, span) : { kind: 'unknown', span, source: name };
    }
  }

  /** A value of its own that nothing tells: the same function with the same arguments is the same value. */
  private hole(name: string, argument: Node, span: Span): ScalarNode {
    const source = describe(argument);
    return borrowedScalar(holeText(source === undefined ? name : `${name} ${source}`, source !== undefined), span, false);
  }

  /** What a reference comes to, with the role that it is of. */
  private attribute(path: string, span: Span): ScalarNode {
    const node = borrowedScalar(this.reference(path) ?? holeText(path, true), span, this.isOne(path));
    const refers = this.referenceTo(path);
    return refers ? { ...node, refers } : node;
  }

  /** Whether a reference is certainly one text. Source: CloudFormation user guide, pseudo parameters (`NotificationARNs` is a list). */
  private isOne(path: string): boolean {
    return /^AWS::(AccountId|Partition|Region|StackId|StackName|URLSuffix)$/.test(path) || this.template.texts.has(path);
  }

  /** One of two roles: which one a condition says. */
  private either(argument: Node, span: Span): ScalarNode | undefined {
    if (argument.kind !== 'list' || argument.items.length !== 3) return undefined;
    const [first, second] = argument.items.slice(1).map((item) => {
      const value = this.evaluate(item);
      return value.kind === 'scalar' ? value.refers : undefined;
    });
    if (!first || first.attribute !== second?.attribute) return undefined;
    const source = describe(argument);
    const node = borrowedScalar(holeText(source === undefined ? 'Fn::If' : `Fn::If ${source}`, source !== undefined), span, false);
    const open = (first.open ?? second.open) ? { open: true as const } : {};
    return { ...node, refers: { ...first, objects: [...new Set([...first.objects, ...second.objects])], ...open } };
  }

  /** What CDK's `CfnJson` gives back: the document of its text, for keys that are put together. Source: aws-cdk-lib core, cfn-json.ts. */
  private documentOf(path: string): Node | undefined {
    const [, id = ''] = /^(.*)\.Value$/.exec(path) ?? [];
    const resource = this.template.resources.get(id);
    if (resource?.type !== 'Custom::AWSCDKCfnJson') return undefined;
    const value = valueAt(resource.map, 'Properties', 'Value');
    return value && this.embedded(this.evaluate(value));
  }

  private join(argument: Node, span: Span): ScalarNode | undefined {
    if (argument.kind !== 'list' || argument.items.length !== 2) return undefined;
    const [separator, parts] = argument.items.map((item) => this.evaluate(item));
    return joined(separator, parts, span);
  }

  /** `Fn::Select` of `Fn::Split`: how templates take the scheme from an issuer's URL. */
  private select(argument: Node, span: Span): ScalarNode | undefined {
    if (argument.kind !== 'list' || argument.items.length !== 2) return undefined;
    const [index, source] = argument.items;
    const split = splitOf(source);
    const number = index?.kind === 'scalar' ? Number(index.value) : NaN;
    if (!split || !Number.isInteger(number)) return undefined;
    const [separator, text] = split.items.map((item) => this.evaluate(item));
    const by = separator?.kind === 'scalar' ? literalOf(separator) : undefined;
    if (!by || text?.kind !== 'scalar') return undefined;
    // A hole may hold the separator too, save that no host and path holds these.
    const parts = text.holes.length === 0 || by === '//' || by === 'https://' ? splitAt(text, by) : [];
    const part = parts[number];
    return part && borrowedScalar(part, span);
  }

  /** What `${name}` stands for in a text: a variable of the function's own map, else what the template tells. */
  private lookup(variables: Node | undefined): (name: string) => Value | undefined {
    return (name) => {
      const own = entryOf(variables, name)?.value;
      if (!own) return this.reference(name);
      const value = this.evaluate(own);
      // Two functions may use one name for two things.
      if (value.kind !== 'scalar') return holeText(describe(own) ?? `${name} `, false);
      return value;
    };
  }

  /** What is known of a reference: an attribute whose form AWS lays down, or a name that the template gives. */
  private reference(path: string): Value | undefined {
    const dot = path.indexOf('.');
    const [id, attribute] = dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
    const resource = this.template.resources.get(id);
    if (!resource) return undefined;
    if (resource.type === 'AWS::IAM::OIDCProvider' && (attribute === '' || attribute === 'Arn')) return this.providerArn(resource);
    if (resource.type === 'AWS::EKS::Cluster' && attribute === 'OpenIdConnectIssuerUrl') {
      return concat(text('https://'), holeText(`${path} without https:`, true));
    }
    if (resource.type === 'AWS::EKS::Cluster' && attribute === '') return this.property(resource, 'Name');
    if (resource.type !== 'AWS::IAM::Role') return undefined;
    if (attribute !== '' && attribute !== 'Arn') return undefined;
    const value = attribute === '' ? this.nameOfRole(resource) : this.roleArn(resource);
    // What is written out is a name for all that read it.
    if (value && value.holes.length > 0) this.roles.set(value.value, { value, refers: this.referenceTo(path)! });
    return value;
  }

  /** The role that a reference is of: by its name (`Ref`) or its ARN. */
  private referenceTo(path: string): ObjectReference | undefined {
    const id = path.endsWith('.Arn') ? path.slice(0, -'.Arn'.length) : path;
    if (this.template.resources.get(id)?.type !== 'AWS::IAM::Role') return undefined;
    return id === path
      ? { objects: [this.idOf(id)], attribute: 'name', written: `!Ref ${id}` }
      : { objects: [this.idOf(id)], attribute: 'arn', written: `!GetAtt ${path}` };
  }

  private nameOfRole(resource: Resource): Value {
    return this.property(resource, 'RoleName') ?? holeText(resource.id, true, `name of ${resource.id}`);
  }

  private roleArn(resource: Resource): Value | undefined {
    const name = this.nameOfRole(resource);
    const path = valueAt(resource.map, 'Properties', 'Path') ? this.property(resource, 'Path') : { value: '/', holes: [] };
    if (!path) return undefined;
    const parts = [
      text('arn:'),
      holeText('AWS::Partition', true, 'unknown partition'),
      text(':iam::'),
      holeText('AWS::AccountId', true, 'unknown account'),
      text(':role'),
      path,
      name,
    ];
    return parts.reduce((whole, part) => concat(whole, part));
  }

  /** `Ref` of a provider is its ARN, which holds the issuer without its scheme. Source: CloudFormation reference, AWS::IAM::OIDCProvider. */
  private providerArn(resource: Resource): Value {
    const url = this.property(resource, 'Url');
    const scheme = 'https://';
    const host =
      url?.value.startsWith(scheme) && url.holes.every((hole) => hole.start >= scheme.length)
        ? {
            value: url.value.slice(scheme.length),
            holes: url.holes.map((hole) => ({ ...hole, start: hole.start - scheme.length, end: hole.end - scheme.length })),
          }
        : holeText(`${resource.id}.Url without https:`, true);
    return [
      text('arn:'),
      holeText('AWS::Partition', true, 'unknown partition'),
      text(':iam::'),
      holeText('AWS::AccountId', true, 'unknown account'),
      text(':oidc-provider/'),
      host,
    ].reduce((whole, part) => concat(whole, part));
  }

  private property(resource: Resource, name: string): Value | undefined {
    const node = valueAt(resource.map, 'Properties', name);
    const value = node && this.evaluate(node);
    return value?.kind === 'scalar' && value.type !== 'null' && value.value !== '' ? value : undefined;
  }
}

function text(value: string): Value {
  return { value, holes: [] };
}

function splitAt({ value, holes }: Value, separator: string): Value[] {
  let start = 0;
  return value.split(separator).map((part) => {
    const end = start + part.length;
    const own = holes
      .filter((hole) => hole.start >= start && hole.end <= end)
      .map((hole) => ({ ...hole, start: hole.start - start, end: hole.end - start }));
    start = end + separator.length;
    return { value: part, holes: own };
  });
}

function splitOf(node: Node | undefined): ListNode | undefined {
  const list = node?.kind === 'unknown' && node.tagged?.tag === '!Split' ? node.tagged.node : valueAt(node, 'Fn::Split');
  return list?.kind === 'list' && list.items.length === 2 ? list : undefined;
}

/** `!Ref` and `!Condition` have no `Fn::` in their long form. Source: CloudFormation user guide, intrinsic functions. */
function functionOf(tag: string): string {
  const name = tag.slice(1);
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

function attributePath(argument: Node): string | undefined {
  if (argument.kind === 'scalar') return literalOf(argument);
  if (argument.kind !== 'list') return undefined;
  const parts = argument.items.map((item) => (item.kind === 'scalar' ? literalOf(item) : undefined));
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join('.') : undefined;
}

/** A logical id in capitals is a name here, and no placeholder. */
function literalOf(scalar: ScalarNode): string | undefined {
  return literal(scalar) ?? (/^[\w.:]+$/.test(scalar.value) ? scalar.value : undefined);
}

/** A node in one line, to tell equal arguments from others; undefined for big ones. */
function describe(node: Node): string | undefined {
  const parts: string[] = [];
  const visit = (each: Node | undefined): void => {
    if (!each || parts.length > 30) return;
    if (each.kind === 'scalar') parts.push(each.value);
    else if (each.kind === 'list') for (const item of each.items) visit(item);
    else if (each.kind === 'unknown') {
      parts.push(each.tagged?.tag ?? each.source);
      visit(each.tagged?.node);
    } else
      for (const { key, value } of each.entries) {
        parts.push(key.value);
        visit(value);
      }
  };
  visit(node);
  const whole = parts.join(' ');
  return parts.length > 0 && parts.length <= 30 && whole.length < 200 && !/[{}]/.test(whole) ? whole : undefined;
}
