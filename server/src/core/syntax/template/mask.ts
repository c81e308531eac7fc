import type { Span } from '../../text/span';
import { buildMask } from './buildMask';
import { findExpressions, findPlaceholders, type Expression } from './expressions';

/** A template's line that gives lines of its own: where it stands, and the column that its lines take. */
export interface Emission {
  readonly span: Span;
  readonly column: number;
}

/** Placeholder characters. `source` is set where they do not cover the whole expression. */
export interface Taken extends Span {
  readonly source?: string;
}

/** A text of the same length that a plain parser can read, and what was taken out of it. */
export interface Mask {
  readonly text: string;
  /** Expressions that stand as placeholder characters, ascending: part of scalars. */
  readonly spans: readonly Taken[];
  /** Block expressions that became white space, ascending. */
  readonly controls: readonly Expression[];
  readonly emissions: readonly Emission[];
  /** Expressions that became white space inside of block scalars, ascending: holes without a width. */
  readonly gaps: readonly Span[];
}

/**
 * Takes the template expressions out of a text: alone on their lines they become blank, elsewhere
 * characters of the private use area, which no syntax knows. `wide` takes out `${…}`, `<…>` and the
 * like too, for texts that do not parse with them. Undefined where there is nothing to take out.
 */
export function maskTemplate(text: string, wide = false): Mask | undefined {
  const found = wide ? merge(findExpressions(text), findPlaceholders(text)) : findExpressions(text);
  if (found.length === 0) return undefined;
  return buildMask(text, found);
}

/** Both lists in order; where two overlap, the one that begins first stays. */
function merge(a: readonly Expression[], b: readonly Expression[]): Expression[] {
  const all = [...a, ...b].sort((x, y) => x.start - y.start || y.end - x.end);
  const kept: Expression[] = [];
  for (const expression of all) if (expression.start >= (kept[kept.length - 1]?.end ?? 0)) kept.push(expression);
  return kept;
}
