import { add, both, firstCell, isEmpty, isWithin, meet, noCells, without, type Cells } from './cells';
import { whole, type Formula, type Unknown, type Variable } from './formula';

/** How much work a comparison may be: what is past it is not decided. */
export interface Budget {
  left: number;
}

/** Thrown where a comparison takes more work than it may. */
export class TooMuch extends Error {}

export function spend(budget: Budget, steps: number): void {
  budget.left -= steps;
  if (budget.left < 0) throw new TooMuch();
}

/** A request that was found, by the cells of its keys. */
export interface Model {
  /** The cell of a key; undefined where the key doesn't matter. */
  cell(variable: Variable): number | undefined;
}

/** One variable among some of its cells. */
interface Literal {
  readonly variable: number;
  readonly cells: Cells;
}

/**
 * Looks for a request that meets two formulas, by unit propagation and case distinction (DPLL, over variables of many values).
 * `possibly`: what no file tells may be either; none found is a proof that there is none. `surely`: it counts as neither, so that
 * what is found holds whatever it is. Cases are distinguished by the first formula before the second.
 */
export function solve(first: Formula, second: Formula, how: 'possibly' | 'surely', budget: Budget): Model | undefined {
  return new Search(how, budget).run(first, second);
}

class Search {
  /** The cells that are left of each variable; the first one stands for what is false. */
  private readonly domains: Cells[] = [bit(0)];
  /**
   * A part with several parts of its own is a variable that its clauses imply it by: that it does not hold is their first literal. A
   * clause is active once that one is false; the others hold by leaving the part aside.
   */
  private readonly clauses: (readonly Literal[])[] = [];
  /** So many clauses are of the first formula. */
  private ofFirst = 0;
  /** For each variable the clauses that hold it. */
  private readonly occurrences: number[][] = [[]];
  private readonly variables = new Map<Variable, number>();
  private readonly unknowns = new Map<string, number>();
  private readonly known = new Map<Formula, Literal>();
  private readonly trail: { readonly variable: number; readonly before: Cells }[] = [];

  constructor(
    private readonly how: 'possibly' | 'surely',
    private readonly budget: Budget,
  ) {}

  run(first: Formula, second: Formula): Model | undefined {
    for (const formula of [first, second]) {
      const root = this.literal(formula);
      if (root === false) return undefined;
      this.clause([never, root]);
      if (formula === first) this.ofFirst = this.clauses.length;
    }
    if (!this.propagate(this.clauses.map((_, i) => i)) || !this.search()) return undefined;
    return {
      cell: (variable) => {
        const index = this.variables.get(variable);
        return index === undefined ? undefined : firstCell(this.domains[index]!);
      },
    };
  }

  /** A literal that implies the formula; formulas of several parts get a variable of their own. */
  private literal(formula: Formula): Literal | boolean {
    if (typeof formula === 'boolean') return formula;
    if (formula.kind === 'in') {
      if (this.how === 'surely' && !formula.variable.certain) return false;
      return { variable: this.variable(formula.variable), cells: formula.cells };
    }
    if (formula.kind === 'unknown') return this.unknownLiteral(formula.unknown, formula.negated);
    let own = this.known.get(formula);
    if (own) return own;
    const variable = this.fresh(2);
    own = { variable, cells: bit(1) };
    this.known.set(formula, own);
    const unless = { variable, cells: bit(0) };
    const parts = formula.of.map((each) => this.literal(each));
    if (formula.kind === 'any') this.clause([unless, ...parts]);
    else for (const part of parts) this.clause([unless, part]);
    return own;
  }

  private unknownLiteral(unknown: Unknown, negated: boolean): Literal | boolean {
    if (this.how === 'surely') return negated ? this.outside(unknown.within) : false;
    let variable = this.unknowns.get(unknown.id);
    if (variable === undefined) {
      this.unknowns.set(unknown.id, (variable = this.fresh(2)));
      this.clause([{ variable, cells: bit(0) }, this.literal(unknown.within)]);
    }
    return { variable, cells: bit(negated ? 0 : 1) };
  }

  /** Where an unknown is surely false. */
  private outside(within: Formula): Literal | boolean {
    if (typeof within === 'boolean') return !within;
    if (within.kind !== 'in' || !within.variable.certain) return false;
    return { variable: this.variable(within.variable), cells: without(whole(within.variable), within.cells) };
  }

  private variable(variable: Variable): number {
    let index = this.variables.get(variable);
    if (index === undefined) {
      this.variables.set(variable, (index = this.fresh(variable.size)));
      if (this.how === 'surely') this.domains[index] = variable.assumed;
    }
    return index;
  }

  private fresh(size: number): number {
    this.domains.push(size === 2 ? everyBit : whole({ size } as Variable));
    this.occurrences.push([]);
    return this.domains.length - 1;
  }

  private clause(literals: readonly (Literal | boolean)[]): void {
    if (literals.includes(true)) return;
    const clause = literals.filter((each) => typeof each === 'object');
    for (const { variable } of clause) this.occurrences[variable]!.push(this.clauses.length);
    this.clauses.push(clause);
    spend(this.budget, clause.length);
  }

  /** Draws what follows from clauses with one literal left; false on a contradiction. */
  private propagate(pending: number[]): boolean {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const open = this.openLiterals(this.clauses[next]!);
      if (open === true) continue;
      if (open.length === 0) return false;
      if (open.length === 1 && !this.narrow(open[0]!, pending)) return false;
    }
    return true;
  }

  /** True for a clause that holds already, else the literals that may. */
  private openLiterals(clause: readonly Literal[]): true | Literal[] {
    const open: Literal[] = [];
    for (const literal of clause) {
      const domain = this.domains[literal.variable]!;
      spend(this.budget, domain.length);
      if (isWithin(domain, literal.cells)) return true;
      if (meet(domain, literal.cells)) open.push(literal);
    }
    return open;
  }

  private narrow({ variable, cells }: Literal, pending: number[]): boolean {
    const before = this.domains[variable]!;
    const now = both(before, cells);
    if (isEmpty(now)) return false;
    this.trail.push({ variable, before });
    this.domains[variable] = now;
    for (const clause of this.occurrences[variable]!) pending.push(clause);
    return true;
  }

  private undo(to: number): void {
    while (this.trail.length > to) {
      const { variable, before } = this.trail.pop()!;
      this.domains[variable] = before;
    }
  }

  /** Tries the literals of the clause with the fewest open ones, each without those before it. */
  private search(): boolean {
    const clause = this.tightest();
    if (!clause) return true;
    for (const { variable, cells } of clause) {
      const mark = this.trail.length;
      const pending: number[] = [];
      if (this.narrow({ variable, cells }, pending) && this.propagate(pending) && this.search()) return true;
      this.undo(mark);
      const others: number[] = [];
      const rest = { variable, cells: without(this.domains[variable]!, cells) };
      if (!this.narrow(rest, others) || !this.propagate(others)) return false;
    }
    return false;
  }

  /** The open literals of an active clause: the first one of the first formula, else one with few. */
  private tightest(): Literal[] | undefined {
    let best: Literal[] | undefined;
    for (const [i, clause] of this.clauses.entries()) {
      const [guard] = clause;
      if (meet(this.domains[guard!.variable]!, guard!.cells)) continue;
      const open = this.openLiterals(clause);
      if (open === true) continue;
      if (i < this.ofFirst) return open;
      if (!best || open.length < best.length) best = open;
      if (best.length === 2) break;
    }
    return best;
  }
}

function bit(value: 0 | 1): Cells {
  const cells = noCells(2);
  add(cells, value);
  return cells;
}

const everyBit: Cells = new Uint32Array([3]);
/** What is false always: no part is left aside by it. */
const never: Literal = { variable: 0, cells: bit(1) };
