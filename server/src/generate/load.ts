import type * as Generate from './chunk';

/** What the wizard needs beyond the server's own modules. */
export type GenerateParts = typeof Generate;

let loading: Promise<GenerateParts> | undefined;

/** Loads what writes formats and calls AWS, once for the process: a bundle of its own, read when somebody opens the wizard. */
export function loadGenerate(): Promise<GenerateParts> {
  loading ??= import('./chunk');
  return loading;
}
