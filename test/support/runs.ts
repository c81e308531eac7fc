/** The step that runs these tests; `vitest.long.config.ts` and `npm run fuzz` set it. */
export const inLongStep = process.env['POD_ROLES_LONG'] === '1';

/**
 * How many cases a property tries: all of them in the long step (`npm run test:long`) and in `npm run fuzz`, a tenth of
 * them in the unit step, which is to take seconds. The cases of the short form are the first ones of the long form.
 * @param full the number in the long form. `POD_ROLES_RUNS=N` tries N by hand.
 */
export function runs(full: number): number {
  const byHand = process.env['POD_ROLES_RUNS'];
  if (byHand !== undefined) return Number(byHand);
  return inLongStep ? full : Math.min(full, Math.max(20, Math.ceil(full / 10)));
}
