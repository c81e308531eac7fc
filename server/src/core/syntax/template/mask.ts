import { buildMask, type Mask } from './buildMask';
import { findExpressions, findPlaceholders, type Expression } from './expressions';

export type { Emission, Mask, Taken } from './buildMask';

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
