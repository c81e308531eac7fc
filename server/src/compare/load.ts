import { setComparison } from '../core/trust/compare/port';

/** Tells core where the comparison of trust policies is. In dist/ it is compare.js, which is read when something has to be proven. */
export function provideComparison(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- fixes are judged synchronously, so import() can't load it
  setComparison(() => require('../core/trust/compare/includes') as typeof import('../core/trust/compare/includes'));
}
