/** Work in steps: between two of them others may have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** What steps give in the end, without a pause. */
export function finished<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
