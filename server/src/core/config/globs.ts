import { globMatcher } from './globMatcher';
import { relativePath } from './paths';

/** Says whether a file is one of those that the globs name. */
export type FileMatcher = (uri: string) => boolean;

/**
 * A matcher for globs as ESLint and git users write them: relative to the base folder; a glob without a slash
 * names a file or folder anywhere; a glob that names a folder takes everything below it; one that begins with `!` takes
 * back what those before it name. Files outside the base are never matched; a glob that cannot be read matches nothing.
 * No glob, however it is written, takes more than its length times the path's.
 */
export function fileMatcher(globs: readonly string[], base: string | undefined): FileMatcher {
  if (globs.length === 0) return () => false;
  const matches = globMatcher(globs);
  return (uri) => {
    const path = relativePath(uri, base);
    return path !== undefined && matches(path);
  };
}
