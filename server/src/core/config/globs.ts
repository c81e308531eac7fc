import { compileGlob } from './compileGlob';
import { relativePath } from './paths';

/** Says whether a file is one of those that the globs name. */
export type FileMatcher = (uri: string) => boolean;

/**
 * A matcher for globs as ESLint and git users write them: relative to the base folder; a glob without a slash
 * names a file or folder anywhere; a glob that names a folder takes everything below it. Files outside the
 * base are never matched; a glob that cannot be read matches nothing.
 */
export function fileMatcher(globs: readonly string[], base: string | undefined): FileMatcher {
  const matchers = globs.flatMap(variants).map(compileGlob);
  if (matchers.length === 0) return () => false;
  return (uri) => {
    const path = relativePath(uri, base);
    return path !== undefined && matchers.some((matches) => matches(path));
  };
}

function variants(glob: string): string[] {
  const trimmed = glob.trim().replace(/^\.\//, '').replace(/\/+$/, '');
  if (trimmed === '') return [];
  const rooted = trimmed.startsWith('/') ? trimmed.slice(1) : trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  return [rooted, `${rooted}/**`];
}
