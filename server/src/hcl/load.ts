import type { HclParser } from '../core/syntax/hcl/parser';

let loading: Promise<HclParser> | undefined;

/** Loads the parser of HCL, once for the process. Rejects where its files are not there. */
export function loadHcl(): Promise<HclParser> {
  loading ??= import('./chunk').then(({ makeHclParser }) => makeHclParser());
  return loading;
}
