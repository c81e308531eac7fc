import { lineStart } from '../../text/lineIndex';
import type { Span } from '../../text/span';
import type { Comment, SyntaxProblem, Tree } from '../tree';
import type { HclAttribute, HclBlock, HclBody, HclEntry, HclExpression, HclName, HclPart, HclStep, HclTemplate } from './body';

/** What is needed of a node of a concrete syntax tree in the shape of tree-sitter-hcl's grammar. Offsets are UTF-16. */
export interface CstNode {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly children: readonly (CstNode | null)[];
}

/** How deep expressions are read; far beyond what people write, and short of the stack's end. */
const deepest = 150;

/** Turns the concrete tree of an HCL file into ours. Never throws for any tree; what cannot be read is left out or `unknown`. */
export function convertHcl(root: CstNode, text: string): Tree {
  const converter = new Converter(text);
  const hcl = converter.body([root], { start: 0, end: text.length }, 0);
  const { comments, problems } = converter;
  return { root: undefined, hcl, comments, problems, templated: false, language: 'hcl' };
}

class Converter {
  readonly comments: Comment[] = [];
  readonly problems: SyntaxProblem[] = [];

  constructor(private readonly text: string) {}

  /** The attributes and blocks below some nodes; through `body` and what could not be read. */
  body(nodes: readonly CstNode[], span: Span, depth: number): HclBody {
    const attributes: HclAttribute[] = [];
    const blocks: HclBlock[] = [];
    const stack = [...nodes].reverse();
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (node.type === 'attribute') attributes.push(this.attribute(node, depth));
      else if (node.type === 'block') {
        if (depth < deepest) blocks.push(this.block(node, depth));
      } else if (node.type === 'comment') this.comment(node);
      else if (node.type === 'config_file' || node.type === 'body' || node.type === 'ERROR') {
        if (node.type === 'ERROR') this.problem(node);
        const inner = childrenOf(node);
        for (let i = inner.length - 1; i >= 0; i--) stack.push(inner[i]!);
      }
    }
    return { span, attributes, blocks };
  }

  private comment(node: CstNode): void {
    const span = spanOf(node);
    this.comments.push({
      span,
      text: this.text
        .slice(span.start, span.end)
        .replace(/^(#|\/\/|\/\*)/, '')
        .replace(/\*\/$/, ''),
    });
  }

  private problem(node: CstNode): void {
    if (this.problems.length < 50) this.problems.push({ span: spanOf(node), message: 'this HCL is invalid', inTemplate: false });
  }

  private block(node: CstNode, depth: number): HclBlock {
    const names: HclName[] = [];
    const inside: CstNode[] = [];
    for (const child of childrenOf(node)) {
      if (child.type === 'identifier') names.push({ text: this.source(child), span: spanOf(child) });
      else if (child.type === 'string_lit') names.push(this.label(child));
      else inside.push(child);
    }
    const [type = { text: '', span: { start: node.startIndex, end: node.startIndex } }, ...labels] = names;
    return { type, labels, body: this.body(inside, spanOf(node), depth + 1), span: spanOf(node) };
  }

  private label(node: CstNode): HclName {
    const span = { start: Math.min(node.startIndex + 1, node.endIndex), end: Math.max(node.startIndex + 1, node.endIndex - 1) };
    return { text: this.text.slice(span.start, span.end), span };
  }

  private attribute(node: CstNode, depth: number): HclAttribute {
    const children = childrenOf(node);
    const name = children.find((child) => child.type === 'identifier');
    const value = children.find((child) => child.type === 'expression');
    for (const child of children) if (child.type === 'comment') this.comment(child);
    const span = spanOf(node);
    return {
      name: name ? { text: this.source(name), span: spanOf(name) } : { text: '', span: { start: span.start, end: span.start } },
      value: value && this.expression(value, depth + 1),
      span,
    };
  }

  /** An expression: a wrapper around one thing and the steps that follow it, or something in parentheses. */
  private expression(node: CstNode, depth: number): HclExpression {
    if (depth > deepest) return { kind: 'unknown', span: spanOf(node) };
    const children = childrenOf(node).filter((child) => (child.type === 'comment' ? (this.comment(child), false) : true));
    return this.fromChildren(children, spanOf(node), depth);
  }

  /** What stands in an expression, or is an operand in one: one thing and the steps that follow it. */
  private fromChildren(children: readonly CstNode[], span: Span, depth: number): HclExpression {
    const [first, ...rest] = children;
    if (!first || first.isMissing) return { kind: 'unknown', span };
    if (first.type === '(') {
      const inner = children.find((child) => child.type === 'expression');
      const steps = rest.filter((child) => isStep(child));
      return inner ? this.withSteps(this.expression(inner, depth + 1), steps, span, depth) : { kind: 'unknown', span: span };
    }
    if (first.type === 'variable_expr') {
      return { kind: 'reference', root: this.source(first), steps: this.steps(rest, depth), span: span };
    }
    const primary = first.type === 'expression' ? this.expression(first, depth + 1) : this.primary(first, depth);
    return this.withSteps(
      primary,
      rest.filter((child) => isStep(child)),
      span,
      depth,
    );
  }

  private withSteps(base: HclExpression, steps: readonly CstNode[], span: Span, depth: number): HclExpression {
    return steps.length === 0 ? base : { kind: 'reference', root: '', base, steps: this.steps(steps, depth), span };
  }

  private steps(nodes: readonly CstNode[], depth: number): HclStep[] {
    return nodes.flatMap((node) => this.step(node, depth));
  }

  private step(node: CstNode, depth: number): HclStep[] {
    const inner = childrenOf(node);
    switch (node.type) {
      case 'get_attr': {
        const name = inner.find((child) => child.type === 'identifier');
        return name ? [{ kind: 'attribute', name: this.source(name) }] : [];
      }
      case 'index': {
        const [only] = inner;
        if (only?.type === 'legacy_index') {
          const number = /\d+/.exec(this.text.slice(only.startIndex, node.endIndex));
          return [{ kind: 'index', index: number ? Number(number[0]) : -1 }];
        }
        const index = only && childrenOf(only).find((child) => child.type === 'expression');
        return [{ kind: 'index', index: index ? this.expression(index, depth + 1) : -1 }];
      }
      case 'splat':
        return [
          { kind: 'splat', full: inner[0]?.type === 'full_splat' },
          ...inner.flatMap((child) => this.steps(childrenOf(child).filter(isStep), depth)),
        ];
      default:
        return [];
    }
  }

  private primary(node: CstNode, depth: number): HclExpression {
    const span = spanOf(node);
    const inner = childrenOf(node);
    const [first] = inner;
    switch (node.type) {
      case 'literal_value':
      case 'template_expr':
      case 'collection_value':
        return first && depth < deepest ? this.primary(first, depth + 1) : { kind: 'unknown', span };
      case 'numeric_lit':
        return { kind: 'literal', type: 'number', text: this.source(node), span };
      case 'bool_lit':
        return { kind: 'literal', type: 'boolean', text: this.source(node), span };
      case 'null_lit':
        return { kind: 'literal', type: 'null', text: 'null', span };
      case 'string_lit':
      case 'quoted_template':
        return this.quoted(node, depth);
      case 'heredoc_template':
        return this.heredoc(node, depth);
      case 'tuple':
        return {
          kind: 'tuple',
          items: inner.filter((child) => child.type === 'expression').map((child) => this.expression(child, depth + 1)),
          span,
        };
      case 'object':
        for (const child of inner) if (child.type === 'comment') this.comment(child);
        return {
          kind: 'object',
          entries: inner.filter((child) => child.type === 'object_elem').map((child) => this.entry(child, depth)),
          span,
        };
      case 'function_call': {
        const name = inner.find((child) => child.type === 'identifier');
        const args = inner.filter((child) => child.type === 'function_arguments').flatMap(childrenOf);
        return {
          kind: 'call',
          name: name ? this.source(name) : '',
          span,
          expands: args.some((child) => child.type === 'ellipsis'),
          args: args.filter((child) => child.type === 'expression').map((child) => this.expression(child, depth + 1)),
        };
      }
      case 'conditional': {
        const [condition, whenTrue, whenFalse] = inner
          .filter((child) => child.type === 'expression')
          .map((child) => this.expression(child, depth + 1));
        return condition && whenTrue && whenFalse
          ? { kind: 'conditional', condition, whenTrue, whenFalse, span }
          : { kind: 'unknown', span };
      }
      case 'for_expr':
        return first && depth < deepest ? this.loop(first, span, depth + 1) : { kind: 'unknown', span };
      case 'operation':
        return first && depth < deepest ? this.operation(first, span, depth + 1) : { kind: 'unknown', span };
      default:
        return { kind: 'unknown', span };
    }
  }

  private loop(node: CstNode, span: Span, depth: number): HclExpression {
    const children = childrenOf(node);
    const intro = children.find((child) => child.type === 'for_intro');
    const condition = children.find((child) => child.type === 'for_cond');
    const expressionIn = (of: CstNode | undefined) => {
      const found = of && childrenOf(of).find((child) => child.type === 'expression');
      return found && this.expression(found, depth + 1);
    };
    const collection = expressionIn(intro);
    const given = expressionIn(condition);
    const values = children.filter((child) => child.type === 'expression').map((child) => this.expression(child, depth + 1));
    const makes = node.type === 'for_object_expr' ? 'map' : 'list';
    const [key, value] = makes === 'map' ? values : [undefined, values[0]];
    if (!collection || !value || (condition && !given)) return { kind: 'unknown', span };
    return {
      kind: 'for',
      makes,
      names: childrenOf(intro!)
        .filter((child) => child.type === 'identifier')
        .map((child) => this.source(child)),
      collection,
      ...(key ? { key } : {}),
      value,
      ...(given ? { condition: given } : {}),
      groups: children.some((child) => child.type === 'ellipsis'),
      span,
    };
  }

  private operation(node: CstNode, span: Span, depth: number): HclExpression {
    const operands: CstNode[][] = [[]];
    let operator = '';
    for (const child of childrenOf(node)) {
      if (child.type === 'comment') this.comment(child);
      else if (!child.isNamed && isOperator(child.type) && (node.type === 'unary_operation' || operands[0]!.length > 0)) {
        operator = child.type;
        if (node.type === 'binary_operation') operands.push([]);
      } else operands[operands.length - 1]!.push(child);
    }
    if (operator === '' || operands.some((nodes) => nodes.length === 0) || operands.length > 2) return { kind: 'unknown', span };
    return {
      kind: 'operation',
      operator,
      operands: operands.map((nodes) =>
        this.fromChildren(nodes, { start: nodes[0]!.startIndex, end: nodes[nodes.length - 1]!.endIndex }, depth),
      ),
      span,
    };
  }

  private entry(node: CstNode, depth: number): HclEntry {
    const [key, value] = childrenOf(node)
      .filter((child) => child.type === 'expression')
      .map((child) => this.expression(child, depth + 1));
    const span = spanOf(node);
    if (!key) return { key: { kind: 'unknown', span }, value: undefined, span };
    const bare = key.kind === 'reference' && key.root !== '' && key.steps.length === 0 && this.text[key.span.start] !== '(';
    return { key: bare ? { kind: 'name', text: key.root, span: key.span } : key, value, span };
  }

  private quoted(node: CstNode, depth: number): HclTemplate {
    const span = spanOf(node);
    const content = { start: Math.min(span.start + 1, span.end), end: Math.max(span.start + 1, span.end - 1) };
    return { kind: 'template', span, content, heredoc: 'none', parts: this.parts(childrenOf(node), depth) };
  }

  private heredoc(node: CstNode, depth: number): HclTemplate {
    const span = spanOf(node);
    const header = /^<<(-?)[^\n]*(?:\n|$)/.exec(this.text.slice(span.start, span.end));
    const start = span.start + (header?.[0].length ?? 0);
    const lastLine = lineStart(this.text, span.end);
    const content = { start, end: Math.max(start, lastLine) };
    return {
      kind: 'template',
      span,
      content,
      heredoc: header?.[1] === '-' ? 'indented' : 'plain',
      parts: this.parts(childrenOf(node), depth),
    };
  }

  private parts(nodes: readonly CstNode[], depth: number): HclPart[] {
    const parts: HclPart[] = [];
    for (const node of nodes) {
      if (node.type !== 'template_interpolation' && node.type !== 'template_directive') continue;
      const span = spanOf(node);
      const source = this.source(node);
      const inner = node.type === 'template_interpolation' ? childrenOf(node).find((child) => child.type === 'expression') : undefined;
      parts.push({
        span,
        trimBefore: source.startsWith('~', 2),
        trimAfter: source.endsWith('~}'),
        ...(inner ? { expression: this.expression(inner, depth + 1) } : {}),
      });
    }
    return parts;
  }

  private source(node: CstNode): string {
    return this.text.slice(node.startIndex, node.endIndex);
  }
}

function isOperator(type: string): boolean {
  return /^(?:[!=]=|[<>]=?|&&|\|\||[!+\-*/%])$/.test(type);
}

function isStep({ type }: CstNode): boolean {
  return type === 'get_attr' || type === 'index' || type === 'splat';
}

function childrenOf(node: CstNode): CstNode[] {
  return node.children.filter((child): child is CstNode => child !== null);
}

function spanOf({ startIndex, endIndex }: CstNode): Span {
  return { start: startIndex, end: endIndex };
}
