import { setFlagsFromString } from 'node:v8';

const major = Number.parseInt(process.versions.node, 10);
/** Tried with Node 20, 22 and 24; elsewhere V8 is left alone, since it complains of flags that it doesn't know. */
const isKnown = major >= 20 && major <= 24;
const usualBudget = 66 * 1024;

/**
 * Sets V8 up for a run of a second or less, before the program is loaded. Such a run is over before optimized code pays
 * for its making, which would take a third of the run's CPU on a second core: functions are optimized much later than
 * usual, and sooner only in a long run ({@link optimizeSooner}). Most of what is read of a file is garbage at once: the
 * space for young objects stays as small as it begins, where it would grow to most of the run's memory and be no faster.
 */
export function prepareForShortRun(): void {
  if (!isKnown) return;
  setFlagsFromString(`--interrupt-budget=${60 * usualBudget}`);
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
}

let isProgram = false;
let optimizes = false;
let grows = false;

/** To be called by the program that {@link prepareForShortRun} was called for. The flags are the process's: where these modules are a part of another one, V8 is left alone. */
export function runAsProgram(): void {
  isProgram = isKnown;
}

/** To be called when the run turns out to be a long one: from now on code that runs often is optimized. */
export function optimizeSooner(): void {
  if (optimizes || !isProgram) return;
  optimizes = true;
  setFlagsFromString(`--interrupt-budget=${8 * usualBudget}`);
}

/** To be called when the run keeps much: the space for young objects grows, since what is kept would be copied again and again in a small one. */
export function keepMuch(): void {
  if (grows || !isProgram) return;
  grows = true;
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** After so much CPU time, in microseconds, a run is no short one; and one with so many bytes of memory keeps much. */
const short = { time: 2_000_000, memory: 150_000_000 } as const;
/** What the run has cost is asked once in so many times: asking costs more than what lies between two. */
const seldom = 32;
let calls = 0;

/** To be called now and then: what the run has cost until now tells whether it is a long one. */
export function noteProgress(): void {
  if (!isProgram || (optimizes && grows) || ++calls % seldom !== 0) return;
  if (process.cpuUsage().user > short.time) optimizeSooner();
  if (process.memoryUsage.rss() > short.memory) keepMuch();
}
