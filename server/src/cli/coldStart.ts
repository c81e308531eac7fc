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

/** To be called when the run turns out to be a long one: from now on code that runs often is optimized. */
export function optimizeSooner(): void {
  if (isKnown) setFlagsFromString(`--interrupt-budget=${8 * usualBudget}`);
}
