import type { Node, ScalarNode } from '../../syntax/tree';
import { findHoles } from '../../text/holes';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { borrowedScalar } from '../terraform/texts';

/** A text without its place: what a function of a template makes. */
export type Value = Pick<Text, 'value' | 'holes'>;

/** One text after another, with the holes of both. */
export function concat(a: Value, b: Value): Value {
  const moved = b.holes.map((hole) => ({ ...hole, start: hole.start + a.value.length, end: hole.end + a.value.length }));
  return { value: a.value + b.value, holes: [...a.holes, ...moved] };
}

/**
 * What `Fn::Join` and its like make of a separator and a list, as a value at `span`; undefined where one of them is no text,
 * or the list may be longer.
 */
export function joined(separator: Node | undefined, parts: Node | undefined, span: Span): ScalarNode | undefined {
  if (separator?.kind !== 'scalar' || parts?.kind !== 'list' || parts.open) return undefined;
  let whole: Value = { value: '', holes: [] };
  for (const [i, part] of parts.items.entries()) {
    if (part.kind !== 'scalar') return undefined;
    whole = concat(i > 0 ? concat(whole, separator) : whole, part);
  }
  // Placeholders may lie across the parts (`<` and `>` do not): those of the whole text count as well.
  return borrowedScalar(whole.holes.length > 0 ? whole : { value: whole.value, holes: findHoles(whole.value) }, span);
}
