import { attributeOf, type HclBlock, type HclBody, type HclExpression } from '../../syntax/hcl/body';
import type { Span } from '../../text/span';
import { isSameSpan } from './source';

/** Entries of a list or an object of Terraform, and the one that was looked for. */
export interface FoundEntry {
  readonly entries: readonly Span[];
  readonly index: number;
  readonly holder: Span;
}

/** The item of a list, or the entry of an object, that stands at a span (a text's with or without its quotes), somewhere in a block's arguments. */
export function entryAt(body: HclBody, span: Span): FoundEntry | undefined {
  const stack: HclExpression[] = body.attributes.flatMap(({ value }) => value ?? []);
  for (let each = stack.pop(); each; each = stack.pop()) {
    if (each.span.start > span.start || each.span.end < span.end) continue;
    const entries = each.kind === 'tuple' || each.kind === 'object' ? entriesOf(each) : [];
    const index = entries.findIndex((entry) => isSameSpan(entry, span) || isSameSpan({ start: entry.start + 1, end: entry.end - 1 }, span));
    if (index >= 0) return { entries, index, holder: each.span };
    if (each.kind === 'tuple') stack.push(...each.items);
    else if (each.kind === 'object') stack.push(...each.entries.flatMap(({ value }) => value ?? []));
    else if (each.kind === 'call') stack.push(...each.args);
  }
  return undefined;
}

/** Where the items of a list, or the entries of an object, stand. */
export function entriesOf(expression: HclExpression): Span[] {
  if (expression.kind === 'tuple') return expression.items.map(({ span }) => span);
  return expression.kind === 'object' ? expression.entries.map(({ span }) => span) : [];
}

/** An argument that is a text without expressions. */
export function literalArgument({ body }: HclBlock, name: string, text: string): string | undefined {
  const value = attributeOf(body, name)?.value;
  return value?.kind === 'template' && value.parts.length === 0 && value.heredoc === 'none'
    ? text.slice(value.content.start, value.content.end)
    : undefined;
}
