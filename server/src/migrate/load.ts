import type * as Migrate from './chunk';

let loading: Promise<typeof Migrate> | undefined;

/** Loads the engine of the move to EKS Pod Identity, once for the process: a bundle of its own, read when somebody first asks. */
export function loadMigrate(): Promise<typeof Migrate> {
  loading ??= import('./chunk');
  return loading;
}
