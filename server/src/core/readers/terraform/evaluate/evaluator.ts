import type { HclEntry, HclExpression, HclPart, HclReference } from '../../../syntax/hcl/body';
import { unknownNode } from '../../../syntax/nodes';
import type { Entry, Node, ScalarNode } from '../../../syntax/tree';
import type { UnknownReason } from '../../../text/objects';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import type { Member } from '../modules/definition';
import type { ModuleInstance, Value } from '../modules/instance';
import { borrowedScalar, holeText, relocated, TextBuilder, type Known } from '../texts';
import { combined } from './alternatives';
import { constantNode, isConstant } from './constants';
import { call } from './functions';
import { loop } from './loops';
import { navigate } from './navigate';
import { operation } from './operations';
import { resolveReference } from './references';
import { readTemplate } from './templates';
import { whyUnknown } from './reasons';

/** Names whose meaning changes with their place: instances of a block and loops. */
/** Functions that give another value each time they are called, or by where they stand. Source: Terraform, functions. */
const impure = /\b(?:uuid|timestamp|plantimestamp|bcrypt|path|self|each|count)\b/;
const changing = /(^|[^\w.-])(each|count|self)\s*[.[]/;

/** So long a text may grow beyond what is written of it. */
export const longest = 50_000;

/** Names that a reference begins with. */
const roots = /(?<![\p{ID_Continue}.-])([\p{ID_Start}_][\p{ID_Continue}-]*)\s*(?:[.[]|$|[^\s\p{ID_Continue}("'-])/gu;

/** What names stand for that are no block of the module: `each`, `count`, a loop's; undefined where it is not known. */
export type Scope = ReadonlyMap<string, Node | undefined>;

/**
 * Gives the value of an expression as a node, as far as the workspace's text tells; what it does not tell is a hole. Spans
 * lead to the file the expression stands in; what is taken from elsewhere stands where the reference does.
 */
export class Evaluator {
  constructor(
    readonly module: ModuleInstance,
    readonly member: Member,
    readonly scope: Scope = new Map(),
  ) {}

  /** The same file with more names. */
  within(scope: Iterable<readonly [string, Node | undefined]>): Evaluator {
    return new Evaluator(this.module, this.member, new Map([...this.scope, ...scope]));
  }

  get text(): string {
    return this.member.input.text;
  }

  evaluate(expression: HclExpression): Node {
    const { run } = this.module;
    const node = isConstant(expression) ? (run.take() ? this.constant(expression) : undefined) : run.within(() => this.valueOf(expression));
    const isWithin = node && (node.kind !== 'scalar' || node.value.length <= longest + expression.span.end - expression.span.start);
    return isWithin ? node : this.hole(expression, false, { kind: 'limit', what: this.sourceOf(expression.span).slice(0, 100) });
  }

  /** The value of an expression that is all written out: whole, for it costs no more than its text, and that once. */
  private constant(expression: HclExpression): Node {
    return constantNode(expression, () => {
      switch (expression.kind) {
        case 'tuple':
          return this.tuple(expression, (item) => this.constant(item));
        case 'object':
          return this.object(expression.entries, expression, (each) => this.constant(each));
        default:
          return this.valueOf(expression);
      }
    });
  }

  private valueOf(expression: HclExpression): Node {
    switch (expression.kind) {
      case 'literal':
        return this.literal(expression);
      case 'template':
        return readTemplate(expression, this.text, (part) => this.interpolate(part));
      case 'tuple':
        return this.tuple(expression, (item) => this.evaluate(item));
      case 'object':
        return this.object(expression.entries, expression, (each) => this.evaluate(each));
      case 'call':
        return call(expression, this);
      case 'reference':
        return this.reference(expression);
      case 'conditional':
        return this.conditional(expression);
      case 'for':
        return loop(expression, this) ?? unknownNode(this.text, expression.span);
      case 'operation':
        return operation(expression, this) ?? this.hole(expression);
      case 'unknown':
        return this.hole(expression);
    }
  }

  /** One hole for the whole expression. `one`: surely a single string. */
  hole(expression: HclExpression, one = false, why: UnknownReason | undefined = whyUnknown(expression, this)): Known {
    return borrowedScalar(this.holeFor(this.sourceOf(expression.span), why), expression.span, one);
  }

  /** A hole by its source: named where the same source means the same thing in the whole file. */
  holeFor(source: string, why?: UnknownReason) {
    const loops =
      this.scope.size > 0 &&
      Array.from(source.matchAll(roots), ([, name]) => name!).some((name) => name !== 'each' && this.scope.has(name));
    return this.identified(holeText(source, !loops && !changing.test(source), undefined, why));
  }

  /**
   * A value whose hole knows what it is: in one instance of a module the same expression has one value, wherever it stands and
   * goes, but for what a loop or a function changes.
   */
  identified<T extends Pick<Text, 'value' | 'holes'>>(text: T): T {
    const [hole, another] = text.holes;
    if (!hole || another || !hole.named || hole.identity || hole.start > 0 || hole.end < text.value.length) return text;
    // One instance that stands for many says of two values only that each is of one of them.
    if (impure.test(hole.source) || this.module.address.includes('[?]')) return text;
    return { ...text, holes: [{ ...hole, identity: this.module.idOf(`= ${hole.source}`) }] };
  }

  sourceOf({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** A value from another place of the module, or another module, as it stands at `span` of this file. */
  placed(value: Value, node: Node, span: Span): Node {
    const moved = this.relocated(node, span);
    const from = value.member.input.doc;
    return moved.kind === 'scalar' && node.kind === 'scalar' && !moved.filledBy && from.uri !== this.member.input.doc.uri
      ? { ...moved, filledBy: { uri: from.uri, span: node.outer } }
      : moved;
  }

  /** Evaluates an expression of another place of the module; it then stands at `span` of this file. */
  elsewhere(member: Member, expression: HclExpression, span: Span, scope?: Scope): Node {
    return this.relocated(new Evaluator(this.module, member, scope).evaluate(expression), span);
  }

  /** A value as it stands at `span`; what it costs is taken from what the root module may cost. */
  relocated(node: Node, span: Span): Node {
    const { run } = this.module;
    return relocated(node, span, () => run.take());
  }

  /** What a condition decides: one of two, where it is not known. */
  private conditional(expression: Extract<HclExpression, { kind: 'conditional' }>): Node {
    const condition = this.evaluate(expression.condition);
    const known = condition.kind === 'scalar' && condition.holes.length === 0 && condition.type !== 'null' ? condition.value : undefined;
    if (known === 'true') return this.evaluate(expression.whenTrue);
    if (known === 'false') return this.evaluate(expression.whenFalse);
    const branches = [expression.whenTrue, expression.whenFalse].map((each) => this.evaluate(each));
    const why = condition.kind === 'scalar' ? condition.holes.find((hole) => hole.why)?.why : undefined;
    const node = combined(branches, expression.span, this.sourceOf(expression.span), why);
    return node.kind === 'scalar' ? this.identified(node) : node;
  }

  private literal({ type, text, span }: Extract<HclExpression, { kind: 'literal' }>): Node {
    const builder = new TextBuilder();
    builder.own(text, span.start);
    return { kind: 'scalar', type, ...builder.text({ span, outer: span, encodings: [] }, false), quoted: false };
  }

  private tuple({ items, span }: Extract<HclExpression, { kind: 'tuple' }>, evaluate: (item: HclExpression) => Node): Node {
    return { kind: 'list', span, open: false, items: items.map((item) => single(evaluate(item))) };
  }

  private object(entries: readonly HclEntry[], { span }: HclExpression, evaluate: (each: HclExpression) => Node): Node {
    const read: Entry[] = [];
    let open = false;
    for (const { key, value, span: place } of entries) {
      const name = key.kind === 'name' ? this.name(key.text, key.span) : evaluate(key);
      if (name.kind !== 'scalar') {
        open = true;
        continue;
      }
      read.push({ key: name, value: value && evaluate(value), span: place, merged: false });
    }
    return { kind: 'map', span, entries: read, open };
  }

  private name(text: string, span: Span): ScalarNode {
    return { kind: 'scalar', type: 'string', value: text, holes: [], span, outer: span, encodings: [], quoted: false };
  }

  private interpolate({ expression }: HclPart): Node {
    return expression ? this.evaluate(expression) : { kind: 'unknown', span: { start: 0, end: 0 }, source: '' };
  }

  private reference(expression: HclReference): Node {
    if (expression.base) return navigate(this.evaluate(expression.base), expression.steps, this) ?? this.hole(expression);
    if (this.scope.has(expression.root)) {
      const node = this.scope.get(expression.root);
      const value = node && navigate(node, expression.steps, this);
      return value ? this.relocated(value, expression.span) : this.hole(expression);
    }
    return resolveReference(expression, this) ?? this.hole(expression);
  }
}

/** An item of a list is one value, whatever it is. */
function single(node: Node): Node {
  return node.kind === 'scalar' && !node.quoted && node.type === 'string' ? { ...node, quoted: true } : node;
}
