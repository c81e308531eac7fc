import type * as Diagnose from '../core/diagnose/chunk';

let loading: Promise<typeof Diagnose> | undefined;

/** Loads the engine of Diagnose an Error, once for the process: a bundle of its own, read when somebody first asks. */
export function loadDiagnose(): Promise<typeof Diagnose> {
  loading ??= import('../core/diagnose/chunk');
  return loading;
}
