import { setPlanLibrary } from '../core/readers/terraformPlan/port';

/** Tells core where the reader of Terraform's plans is. In dist/ it is plan.js, which is read for the first plan. */
export function providePlans(): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- reading is synchronous, so import() can't load it
  setPlanLibrary(() => require('../core/readers/terraformPlan/library') as typeof import('../core/readers/terraformPlan/library'));
}
