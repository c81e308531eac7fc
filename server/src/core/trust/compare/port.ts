import type { includes } from './includes';

/** The comparison, in a file of its own: most texts are checked and corrected without it. */
export interface ComparisonLibrary {
  readonly includes: typeof includes;
}

let load: (() => ComparisonLibrary) | undefined;

/** Tells where the comparison is. It is loaded when it is first needed. */
export function setComparison(loader: () => ComparisonLibrary): void {
  load = loader;
}

/** See {@link includes}. Throws where {@link setComparison} was not called. */
export function comparison(): typeof includes {
  if (!load) throw new Error('setComparison was not called');
  return load().includes;
}
