/** Anything that can say that its work is no longer wanted. */
export interface Cancellable {
  readonly isCancellationRequested: boolean;
}

/**
 * Runs steps to their end as {@link inSlices} does, and gives what they return; undefined when the token was cancelled, or
 * `isOver` said so.
 */
export async function steppedInSlices<T>(
  steps: Iterator<unknown, T>,
  token: Cancellable | undefined,
  isOver: () => boolean = () => false,
): Promise<T | undefined> {
  let result: { readonly value: T } | undefined;
  const each = function* (): Generator<undefined> {
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) result = step;
      if (step.done || isOver()) return;
      yield;
    }
  };
  await inSlices(each(), token, () => undefined);
  return result?.value;
}

/** The longest that background work may keep a request waiting, in milliseconds. */
const slice = 8;

/**
 * Does work item by item and lets requests in between, at the latest after {@link slice} milliseconds.
 * @returns false when the token was cancelled before the end.
 */
export async function inSlices<T>(items: Iterable<T>, token: Cancellable | undefined, work: (item: T) => void): Promise<boolean> {
  let until = performance.now() + slice;
  for (const item of items) {
    if (token?.isCancellationRequested) return false;
    work(item);
    if (performance.now() >= until) {
      await new Promise((resolve) => setImmediate(resolve));
      until = performance.now() + slice;
    }
  }
  return true;
}
