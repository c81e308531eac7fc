import { both, cellsWhere, either, isEmpty, isWithin, without, type Cells } from './cells';

/** What a request may have, divided into cells that no condition tells apart: the values of a key, or its absence. */
export interface Variable {
  readonly size: number;
  /** The cells among which it surely is; fewer where a key's presence is assumed. */
  readonly assumed: Cells;
  /** False where no file tells whether a request can have any of the values: then nobody is a witness by them. */
  readonly certain: boolean;
  /** How people are told of it, as the end of "It depends on …". */
  readonly words: string;
}

/** What no file tells, and what is the same wherever it has the same identity. True at most where `within` holds. */
export interface Unknown {
  readonly id: string;
  readonly words: string;
  readonly within: Formula;
}

/** When a statement applies, or a policy allows. Negation stands at unknowns alone: see {@link not}. */
export type Formula =
  | boolean
  | { readonly kind: 'in'; readonly variable: Variable; readonly cells: Cells }
  | { readonly kind: 'unknown'; readonly unknown: Unknown; readonly negated: boolean }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Formula[] };

type Inside = Extract<Formula, { kind: 'in' }>;

export function inside(variable: Variable, cells: Cells): Formula {
  if (isEmpty(cells)) return false;
  return isWithin(whole(variable), cells) ? true : { kind: 'in', variable, cells };
}

export function unknown(id: string, words: string, within: Formula = true): Formula {
  return within === false ? false : { kind: 'unknown', unknown: { id, words, within }, negated: false };
}

export function all(of: readonly Formula[]): Formula {
  return joined('all', of, both);
}

export function any(of: readonly Formula[]): Formula {
  return joined('any', of, either);
}

/** Conditions on one variable become one; what decides by itself decides. */
function joined(kind: 'all' | 'any', of: readonly Formula[], join: (a: Cells, b: Cells) => Cells): Formula {
  const decides = kind === 'any';
  const rest: Formula[] = [];
  const sets = new Map<Variable, Cells>();
  const flat = of.flatMap((each) => (typeof each === 'object' && each.kind === kind ? each.of : [each]));
  for (const each of flat) {
    if (each === decides) return decides;
    if (typeof each === 'boolean') continue;
    if (each.kind !== 'in') rest.push(each);
    else {
      const known = sets.get(each.variable);
      sets.set(each.variable, known ? join(known, each.cells) : each.cells);
    }
  }
  const simple: Formula[] = [];
  for (const [variable, cells] of sets) {
    const one = inside(variable, cells);
    if (one === decides) return decides;
    if (one !== !decides) simple.push(one);
  }
  const parts = [...simple, ...rest];
  return parts.length === 0 ? !decides : parts.length === 1 ? parts[0]! : { kind, of: parts };
}

export function not(formula: Formula): Formula {
  if (typeof formula === 'boolean') return !formula;
  switch (formula.kind) {
    case 'in':
      return complement(formula);
    case 'unknown':
      return { ...formula, negated: !formula.negated };
    case 'all':
      return any(formula.of.map(not));
    case 'any':
      return all(formula.of.map(not));
  }
}

function complement({ variable, cells }: Inside): Formula {
  return inside(variable, without(whole(variable), cells));
}

/** All cells of a variable. */
export function whole({ size }: Variable): Cells {
  return cellsWhere(size, () => true);
}

/** All that is unknown in a formula, by its identity, in words. */
export function unknownsIn(formula: Formula, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (typeof formula === 'boolean' || formula.kind === 'in') return found;
  if (formula.kind === 'unknown') found.set(formula.unknown.id, formula.unknown.words);
  else for (const part of formula.of) unknownsIn(part, found);
  return found;
}
