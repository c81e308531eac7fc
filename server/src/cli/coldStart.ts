import { setFlagsFromString } from 'node:v8';

/*
 * A run is over before code that V8 optimizes pays for its making: compiling it takes a third of the run's CPU on a
 * second core, and the run is no faster for it. So functions are optimized much later than usual, and sooner only in
 * a long run ({@link optimizeSooner}); the quick compiler, whose code comes nearly free, is asked at once.
 *
 * What is read of a file and kept of none is garbage at once: the space for young objects stays as small as it begins,
 * where it would grow to most of the run's memory and be no faster.
 *
 * Tried with Node 20, 22 and 24; elsewhere V8 is left alone, since it complains of flags that it does not know.
 */
const major = Number.parseInt(process.versions.node, 10);
const isKnown = major >= 20 && major <= 24;
const usual = 66 * 1024;

if (isKnown) {
  setFlagsFromString(`--interrupt-budget=${60 * usual}`);
  setFlagsFromString('--always-sparkplug');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-parallel-scavenge');
}

/** To be called when the run turns out to be a long one: from now on code that runs often is optimized. */
export function optimizeSooner(): void {
  if (isKnown) setFlagsFromString(`--interrupt-budget=${8 * usual}`);
}
