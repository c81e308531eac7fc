/**
 * Kleene's three-valued logic: `null` is "no file can tell".
 * A known part decides where it can: false ∧ null = false, true ∨ null = true.
 */
export type Tri = true | false | null;

/** Conjunction; true for no operands. */
export function all(values: Iterable<Tri>): Tri {
  let result: Tri = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === null) result = null;
  }
  return result;
}

/** Disjunction; false for no operands. */
export function any(values: Iterable<Tri>): Tri {
  let result: Tri = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === null) result = null;
  }
  return result;
}

/** Negation; unknown stays unknown. */
export function not(value: Tri): Tri {
  return value === null ? null : !value;
}
