import type { Expression, Fits } from './expression';

/** One step of an automaton. `next` and `other` are indices of steps; `next` is tried first. */
type Step =
  | { readonly kind: 'character'; readonly fits: Fits; next: number }
  | { readonly kind: 'place'; readonly holds: (before: number | undefined, after: number | undefined) => boolean; next: number }
  | { readonly kind: 'split'; next: number; other: number }
  | { readonly kind: 'match' };

/** An automaton (Thompson's construction); the first step is at 0. */
export type Program = readonly Step[];

/** An automaton of more steps is not made: counted repetition may ask for any number. */
const mostSteps = 2000;

/** Makes an expression's automaton; undefined where it would be too large. */
export function compile(expression: Expression): Program | undefined {
  const compiler = new Compiler();
  compiler.add(expression);
  if (compiler.isFull) return undefined;
  return [...compiler.steps, { kind: 'match' }];
}

/** Writes steps one behind the other: each expression ends at the step that comes next. */
class Compiler {
  readonly steps: Step[] = [];

  get isFull(): boolean {
    return this.steps.length >= mostSteps;
  }

  add(expression: Expression): void {
    if (this.isFull) return;
    switch (expression.kind) {
      case 'character':
        this.steps.push({ kind: 'character', fits: expression.fits, next: this.steps.length + 1 });
        break;
      case 'place':
        this.steps.push({ kind: 'place', holds: expression.holds, next: this.steps.length + 1 });
        break;
      case 'sequence':
        for (const part of expression.parts) this.add(part);
        break;
      case 'choice':
        this.choice(expression.options);
        break;
      case 'repeat':
        this.repeat(expression);
        break;
    }
  }

  private choice(options: readonly Expression[]): void {
    const ends: { next: number }[] = [];
    for (const [i, option] of options.entries()) {
      if (this.isFull) return;
      if (i === options.length - 1) {
        this.add(option);
        break;
      }
      const split = this.split(true);
      this.add(option);
      const end = this.split(true);
      ends.push(end);
      split.other = this.steps.length;
    }
    for (const end of ends) Object.assign(end, { next: this.steps.length, other: this.steps.length });
  }

  private repeat({ of, min, max, greedy }: Extract<Expression, { kind: 'repeat' }>): void {
    for (let i = 0; i < min && !this.isFull; i++) this.add(of);
    if (max === Infinity) {
      const start = this.steps.length;
      const split = this.split(greedy);
      this.add(of);
      const back = this.split(true);
      Object.assign(back, { next: start, other: start });
      this.leave(split, greedy);
      return;
    }
    const splits: { next: number; other: number }[] = [];
    for (let i = min; i < max && !this.isFull; i++) {
      splits.push(this.split(greedy));
      this.add(of);
    }
    for (const split of splits) this.leave(split, greedy);
  }

  /** A step that goes on with the next one; where else it leads is told later. */
  private split(goesOnFirst: boolean): { next: number; other: number } {
    const after = this.steps.length + 1;
    const split = { kind: 'split' as const, next: goesOnFirst ? after : -1, other: goesOnFirst ? -1 : after };
    this.steps.push(split);
    return split;
  }

  private leave(split: { next: number; other: number }, greedy: boolean): void {
    if (greedy) split.other = this.steps.length;
    else split.next = this.steps.length;
  }
}
