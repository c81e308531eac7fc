/**
 * The longest waits for one call, in milliseconds: `making` is more than the SDK's own limit, so that its word on what went
 * wrong comes first; `undoing` counts from a cancellation or a failure on.
 */
export const defaultLimits = { making: 60_000, undoing: 20_000 };

/** Waits so many milliseconds, or until the signal is aborted; never rejects. Tests give one of their own. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** How work ended, or that it had not when the time was up: then it may still come to something. */
export type Ended<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly error: unknown } | { readonly kind: 'pending' };

/** Waits with the machine's clock. */
export const sleepByClock: Sleep = (ms, signal) =>
  new Promise((done) => {
    if (signal?.aborted) return done();
    const timer = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      done();
    }
    signal?.addEventListener('abort', finish, { once: true });
  });

/**
 * The outcome of work that nothing cuts off: when `limit` resolves first, the answer is that it is pending. The work
 * itself goes on, and what it comes to later is dropped.
 */
export async function bounded<T>(work: Promise<T>, limit: Promise<unknown>): Promise<Ended<T>> {
  const ended = work.then(
    (value): Ended<T> => ({ kind: 'done', value }),
    (error: unknown): Ended<T> => ({ kind: 'failed', error }),
  );
  return Promise.race([ended, limit.then((): Ended<T> => ({ kind: 'pending' }))]);
}

/** Resolves when the signal is aborted; never without one. `over` ends the listening. */
export function aborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (!signal) return;
    if (signal.aborted) return resolve();
    const done = (): void => resolve();
    signal.addEventListener('abort', done, { once: true });
    over.addEventListener('abort', () => signal.removeEventListener('abort', done), { once: true });
  });
}
