import { Worker } from 'node:worker_threads';

/** How often it is looked after the client, in milliseconds. */
const interval = 1000;

/**
 * What runs beside the server. A client that is gone and not yet fetched by its own parent still answers a signal, so
 * where the client started this process, the process that it now belongs to is asked as well.
 */
const watch = `
const { workerData: { client, interval, held } } = require('node:worker_threads');
const isParent = process.ppid === client;
const isGone = () => {
  if (isParent && process.ppid !== client) return true;
  try { process.kill(client, 0); return false; } catch (error) { return error.code === 'ESRCH'; }
};
setInterval(() => { if (Atomics.load(held, 0) === 0 && isGone()) process.kill(process.pid, 'SIGKILL'); }, interval);
`;

const held = new Int32Array(new SharedArrayBuffer(4));

/**
 * Keeps the watch from ending the process until the returned function is called: while calls that change AWS are under
 * way. They are bounded, and whoever makes them sees to it that the process ends when they are done.
 */
export function holdWatch(): () => void {
  Atomics.add(held, 0, 1);
  return () => void Atomics.sub(held, 0, 1);
}

/**
 * Ends this process soon after its client ended, even while it works and sees no event: then neither the end of its
 * input nor a timer of its own would be noticed. The watch runs in a thread, which keeps nothing alive.
 * @param client the client's process, as `initialize` names it
 */
export function watchClient(client: number | null): void {
  if (client === null || !Number.isSafeInteger(client) || client <= 1) return;
  try {
    const worker = new Worker(watch, {
      eval: true,
      execArgv: [],
      workerData: { client, interval, held },
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
    });
    // Without it the client is looked after between two steps of work, as the protocol's library does.
    worker.on('error', () => undefined);
    worker.unref();
  } catch {
    // No thread is to be had: the same.
  }
}
