import { describe } from 'vitest';

/** True in the long run (`POD_ROLES_FUZZ=1`), which tries fresh cases, and more of them. */
export const isLongRun = process.env['POD_ROLES_FUZZ'] === '1';

/** How often a property is tried: always the same cases, but in the long run. A seed that failed once is kept as an example beside its property. */
export function runs(count: number): { readonly numRuns: number; readonly seed?: number } {
  return isLongRun ? { numRuns: count * 40 } : { numRuns: count, seed: 20_261_129 };
}

/** Properties; in the long run they take long. */
export const properties = (name: string, define: () => void): void => void describe(name, { timeout: isLongRun ? 3_600_000 : 120_000 }, define);
