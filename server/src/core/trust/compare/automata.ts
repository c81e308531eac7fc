import type { Program } from '../../text/regular/program';
import { spend, type Budget } from './solve';
import { ANY_ONE, lowerCase, STAR, WITHIN_PART } from '../../text/wildcards/compile';

/** Any run of characters without a colon: `*` in a part of an ARN. */
export const WITHIN_COLONS = -101;
/** Any one character but a colon: `?` in a part of an ARN. */
export const ONE_WITHIN_COLONS = -102;

/** A pattern of a policy, as symbols of text/wildcards without unknown ones, and the two above. */
export interface Pattern {
  readonly symbols: readonly number[];
  readonly ignoreCase: boolean;
}

/** A finite automaton whose states are made when they are reached. State 0 is the dead one. */
export interface Automaton {
  readonly start: number;
  step(state: number, code: number): number;
  accepts(state: number): boolean;
  /** The characters that it treats in a way of their own in a state; all others of one class are alike there. */
  codes(state: number): Iterable<number>;
}

/** Sets of positions, each set a state. */
abstract class PositionSets implements Automaton {
  readonly start: number;
  private readonly states: (readonly number[])[] = [[]];
  private readonly byKey = new Map<string, number>([['', 0]]);
  private readonly steps: Map<number, number>[] = [new Map<number, number>()];

  protected constructor(
    start: readonly number[],
    private readonly budget: Budget,
  ) {
    this.start = this.stateOf(start);
  }

  step(state: number, code: number): number {
    if (state === 0) return 0;
    let next = this.steps[state]!.get(code);
    if (next === undefined) this.steps[state]!.set(code, (next = this.stateOf(this.after(this.states[state]!, code))));
    return next;
  }

  accepts(state: number): boolean {
    return this.states[state]!.some((position) => this.isEnd(position));
  }

  *codes(state: number): Iterable<number> {
    for (const position of this.states[state]!) yield* this.codesAt(position);
  }

  private stateOf(positions: readonly number[]): number {
    spend(this.budget, positions.length + 1);
    const sorted = [...new Set(positions)].sort((a, b) => a - b);
    const key = sorted.join();
    let state = this.byKey.get(key);
    if (state === undefined) {
      this.byKey.set(key, (state = this.states.length));
      this.states.push(sorted);
      this.steps.push(new Map());
    }
    return state;
  }

  protected abstract after(positions: readonly number[], code: number): readonly number[];
  protected abstract isEnd(position: number): boolean;
  protected abstract codesAt(position: number): Iterable<number>;
}

/** The automaton of IAM's wildcards. */
export class PatternAutomaton extends PositionSets {
  constructor(
    private readonly pattern: Pattern,
    budget: Budget,
  ) {
    super(withEmptyRuns(pattern.symbols, [0]), budget);
  }

  protected after(positions: readonly number[], code: number): readonly number[] {
    const { symbols, ignoreCase } = this.pattern;
    const read = ignoreCase ? lowerCase(code) : code;
    const next: number[] = [];
    for (const position of positions) {
      const symbol = symbols[position];
      if (symbol === undefined) continue;
      if (isRun(symbol)) {
        if (holds(symbol, code)) next.push(position);
      } else if (symbol === read || symbol === ANY_ONE || (symbol === ONE_WITHIN_COLONS && code !== COLON)) next.push(position + 1);
    }
    return withEmptyRuns(symbols, next);
  }

  protected isEnd(position: number): boolean {
    return position === this.pattern.symbols.length;
  }

  protected codesAt(position: number): Iterable<number> {
    const symbol = this.pattern.symbols[position];
    if (symbol === undefined || symbol === STAR || symbol === ANY_ONE) return [];
    if (symbol < 0) return [COLON, SLASH];
    return this.pattern.ignoreCase ? casesOf(symbol) : [symbol];
  }
}

/** The automaton of an expression without places. */
export class ExpressionAutomaton extends PositionSets {
  constructor(
    private readonly program: Program,
    budget: Budget,
  ) {
    super(reached(program, [0]), budget);
  }

  protected after(positions: readonly number[], code: number): readonly number[] {
    const next: number[] = [];
    for (const position of positions) {
      const step = this.program[position]!;
      if (step.kind === 'character' && step.fits(code)) next.push(step.next);
    }
    return reached(this.program, next);
  }

  protected isEnd(position: number): boolean {
    return this.program[position]!.kind === 'match';
  }

  protected codesAt(): Iterable<number> {
    return [];
  }
}

const COLON = 0x3a;
const SLASH = 0x2f;

function isRun(symbol: number): boolean {
  return symbol === STAR || symbol === WITHIN_PART || symbol === WITHIN_COLONS;
}

function holds(run: number, code: number): boolean {
  return run === STAR || (code !== COLON && !(run === WITHIN_PART && code === SLASH));
}

/** The positions with those behind runs, which may be empty. What stands before the last `*` that is reached adds nothing to it. */
function withEmptyRuns(symbols: readonly number[], positions: readonly number[]): readonly number[] {
  const reached = new Set(positions);
  for (const position of reached) if (position < symbols.length && isRun(symbols[position]!)) reached.add(position + 1);
  let lastStar = -1;
  for (const position of reached) if (symbols[position] === STAR && position > lastStar) lastStar = position;
  return [...reached].filter((position) => position >= lastStar);
}

/** The steps that read a character or end, from some on. */
function reached(program: Program, from: readonly number[]): readonly number[] {
  const found = new Set(from);
  for (const position of found) {
    const step = program[position]!;
    if (step.kind === 'split') found.add(step.next).add(step.other);
  }
  return [...found].filter((position) => program[position]!.kind !== 'split');
}

/** A letter, given in lower case, in all its cases. Kelvin, Ångström and the large ß are letters whose lower case is another one's. */
export function casesOf(code: number): readonly number[] {
  const character = String.fromCodePoint(code);
  const upper = character.toUpperCase();
  const others = [0x212a, 0x212b, 0x1e9e].filter((other) => lowerCase(other) === code);
  return upper !== character && [...upper].length === 1 ? [code, upper.codePointAt(0)!, ...others] : [code, ...others];
}
