import { setMaxListeners } from 'node:events';

/** Runs at most so many calls at once; the others wait their turn, and leave the queue when they are cancelled. */
export class Limiter {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  /** Runs `call` when its turn comes. An aborted signal rejects at once, whatever the call does. */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    // One signal ends a whole load of calls: that many listeners are no leak.
    if (signal) setMaxListeners(0, signal);
    if (this.running >= this.limit) await this.turn(signal);
    else this.running++;
    try {
      return await orAborted(call(), signal);
    } finally {
      this.done();
    }
  }

  private turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((go, fail) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        go();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        fail(signal!.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(enter);
    });
  }

  /** Hands the place to the next in the queue, or frees it. */
  private done(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running--;
  }
}

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((go, fail) => {
    const stop = (): void => fail(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(go, fail).finally(() => signal.removeEventListener('abort', stop));
  });
}
