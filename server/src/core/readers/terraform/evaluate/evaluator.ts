import type { HclEntry, HclExpression, HclPart, HclReference } from '../../../syntax/hcl/body';
import { unknownNode } from '../../../syntax/nodes';
import type { Entry, Node, ScalarNode } from '../../../syntax/tree';
import { call } from './functions';
import type { Member, TerraformModule } from '../modules/definition';
import { navigate } from './navigate';
import { resolveReference } from './references';
import { readTemplate } from './templates';
import { borrowedScalar, holeText, relocated, TextBuilder } from '../texts';

/** How many references are followed one into another. */
const deepest = 20;
/** So far people's references lead; longer chains share a budget. */
const usual = 5;
/** How many expressions are looked at for one value: locals may double at each step. */
const most = 20_000;

/** Names whose meaning changes with their place: instances of a block and loops. */
const changing = /(^|[^\w.-])(each|count|self)\s*[.[]/;

/** Names that a reference begins with. */
const roots = /(?<![\p{ID_Continue}.-])([\p{ID_Start}_][\p{ID_Continue}-]*)\s*[.[]/gu;

/**
 * Gives the value of an expression as a node, as far as the module's text tells; what it does not tell is a hole. Spans
 * lead to the file the expression stands in; what is taken from elsewhere stands where the reference does.
 */
export class Evaluator {
  private left = most;

  constructor(
    readonly module: TerraformModule,
    readonly member: Member,
    private readonly iterators: ReadonlySet<string> = new Set(),
    private readonly depth = 0,
  ) {}

  /** The same file with more names that stand for a loop's item. */
  within(...iterators: readonly string[]): Evaluator {
    return new Evaluator(this.module, this.member, new Set([...this.iterators, ...iterators]), this.depth);
  }

  get text(): string {
    return this.member.input.text;
  }

  evaluate(expression: HclExpression): Node {
    if (this.left-- <= 0) return this.hole(expression);
    switch (expression.kind) {
      case 'literal':
        return this.literal(expression);
      case 'template':
        return readTemplate(expression, this.text, (part) => this.interpolate(part));
      case 'tuple':
        return { kind: 'list', span: expression.span, open: false, items: expression.items.map((item) => single(this.evaluate(item))) };
      case 'object':
        return this.object(expression.entries, expression);
      case 'call':
        return call(expression, this);
      case 'reference':
        return this.reference(expression);
      case 'conditional': {
        const condition = this.evaluate(expression.condition);
        const known =
          condition.kind === 'scalar' && condition.holes.length === 0 && condition.type === 'boolean' ? condition.value : undefined;
        if (known === undefined) return this.hole(expression);
        return this.evaluate(known === 'true' ? expression.whenTrue : expression.whenFalse);
      }
      case 'for':
        return unknownNode(this.text, expression.span);
      case 'unknown':
        return this.hole(expression);
    }
  }

  /** One hole for the whole expression. `one`: surely a single string. */
  hole(expression: HclExpression, one = false): ScalarNode {
    const source = this.text.slice(expression.span.start, expression.span.end);
    return borrowedScalar(this.holeFor(source), expression.span, one);
  }

  /** A hole by its source: named where the same source means the same thing in the whole file. */
  holeFor(source: string) {
    const loop =
      this.iterators.size > 0 && Array.from(source.matchAll(roots), ([, name]) => name!).some((name) => this.iterators.has(name));
    return holeText(source, !loop && !changing.test(source));
  }

  /** Evaluates an expression of another place of the module; it then stands at `span` of this file. Undefined where references run in circles. */
  elsewhere(member: Member, expression: HclExpression, span: { readonly start: number; readonly end: number }): Node | undefined {
    if (this.depth >= deepest || this.left <= 0) return undefined;
    if (this.depth >= usual && this.module.longReferences.left-- <= 0) return undefined;
    const other = new Evaluator(this.module, member, new Set(), this.depth + 1);
    other.left = this.left;
    const node = other.evaluate(expression);
    this.left = other.left;
    return relocated(node, span);
  }

  private literal({ type, text, span }: Extract<HclExpression, { kind: 'literal' }>): Node {
    const builder = new TextBuilder();
    builder.own(text, span.start);
    return { kind: 'scalar', type, ...builder.text({ span, outer: span, encodings: [] }, false), quoted: false };
  }

  private object(entries: readonly HclEntry[], { span }: HclExpression): Node {
    const read: Entry[] = [];
    let open = false;
    for (const { key, value, span: place } of entries) {
      const name = key.kind === 'name' ? this.name(key.text, key.span) : this.evaluate(key);
      if (name.kind !== 'scalar') {
        open = true;
        continue;
      }
      read.push({ key: name, value: value && this.evaluate(value), span: place, merged: false });
    }
    return { kind: 'map', span, entries: read, open };
  }

  private name(text: string, span: { readonly start: number; readonly end: number }): ScalarNode {
    return { kind: 'scalar', type: 'string', value: text, holes: [], span, outer: span, encodings: [], quoted: false };
  }

  private interpolate({ expression }: HclPart): Node {
    return expression ? this.evaluate(expression) : { kind: 'unknown', span: { start: 0, end: 0 }, source: '' };
  }

  private reference(expression: HclReference): Node {
    if (expression.base) return navigate(this.evaluate(expression.base), expression.steps, this) ?? this.hole(expression);
    if (this.iterators.has(expression.root)) return this.hole(expression);
    return resolveReference(expression, this) ?? this.hole(expression);
  }
}

/** An item of a list is one value, whatever it is. */
function single(node: Node): Node {
  return node.kind === 'scalar' && !node.quoted && node.type === 'string' ? { ...node, quoted: true } : node;
}
