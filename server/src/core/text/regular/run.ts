import type { Program } from './program';

/** How many steps may be taken; shared by all runs that one question needs. */
export interface Budget {
  left: number;
}

/** A stretch of the text that was matched, in code points. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** Whether a program matches a whole text; undefined where the budget is spent. Takes at most steps × characters. */
export function matchesWhole(program: Program, codes: readonly number[], budget: Budget): boolean | undefined {
  let threads = new Threads(program, codes, budget);
  threads.add(0, 0, 0);
  for (let at = 0; at < codes.length && !threads.isEmpty; at++) {
    const next = new Threads(program, codes, budget);
    for (const { step } of threads.list) {
      const each = program[step]!;
      if (each.kind === 'character' && each.fits(codes[at]!)) next.add(each.next, at + 1, 0);
    }
    if (budget.left <= 0) return undefined;
    threads = next;
  }
  return budget.left <= 0 ? undefined : threads.list.some(({ step }) => program[step]!.kind === 'match');
}

/**
 * The first match at or behind a place, the one that Perl and RE2 prefer: the leftmost, and of several the one whose
 * choices come first. `'spent'` where the budget is. Source: R. Cox, Regular Expression Matching: the Virtual Machine Approach.
 */
export function findMatch(program: Program, codes: readonly number[], from: number, budget: Budget): Match | undefined | 'spent' {
  let found: Match | undefined;
  let threads = new Threads(program, codes, budget);
  for (let at = from; at <= codes.length; at++) {
    if (!found) threads.add(0, at, at);
    else if (threads.isEmpty) break;
    const next = new Threads(program, codes, budget);
    for (const { step, start } of threads.list) {
      const each = program[step]!;
      if (each.kind === 'match') {
        found = { start, end: at };
        // Those behind it are preferred less.
        break;
      }
      if (each.kind === 'character' && at < codes.length && each.fits(codes[at]!)) next.add(each.next, at + 1, start);
    }
    if (budget.left <= 0) return 'spent';
    threads = next;
  }
  return found;
}

/** The places in a program that are reached at one place of the text, the preferred ones first; each once. */
class Threads {
  readonly list: { readonly step: number; readonly start: number }[] = [];
  /** Steps that were reached, one byte each. */
  private readonly reached: Uint8Array;

  constructor(
    private readonly program: Program,
    private readonly codes: readonly number[],
    private readonly budget: Budget,
  ) {
    this.reached = new Uint8Array(program.length);
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  /** Adds a step and what follows from it without a character. */
  add(first: number, at: number, start: number): void {
    const stack = [first];
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      if (this.reached[step] === 1) continue;
      this.reached[step] = 1;
      this.budget.left--;
      const each = this.program[step]!;
      if (each.kind === 'split') stack.push(each.other, each.next);
      else if (each.kind !== 'place') this.list.push({ step, start });
      else if (each.holds(this.codes[at - 1], this.codes[at])) stack.push(each.next);
    }
  }
}
