import { PatternList, type ListedPattern } from '../text/patterns/patternList';
import { parseGlob } from './parseGlob';
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
  const listed: (ListedPattern & { readonly takesBack: boolean })[] = [];
  for (const { glob, takesBack } of globs.flatMap(readable)) {
    if (listed.length >= mostPatterns) break;
    for (const pattern of parseGlob(glob) ?? []) listed.push({ pattern, folderOnly: false, takesBack });
  }
  if (listed.length === 0) return () => false;
  const list = new PatternList(listed, true);
  return (uri) => {
    const path = relativePath(uri, base);
    if (path === undefined) return false;
    const last = list.last(path.split('/'), false);
    return last >= 0 && !listed[last]!.takesBack;
  };
}

/** So many patterns are taken from a list of globs, alternatives written out; more match nothing. */
const mostPatterns = 100_000;

/** A glob from the base folder, without what says how it is meant. */
function readable(written: string): { glob: string; takesBack: boolean }[] {
  const trimmed = written.trim();
  const takesBack = /^!(?!\()/.test(trimmed);
  let glob = trimmed.slice(takesBack ? 1 : 0).replace(/^\.\//, '');
  while (glob.endsWith('/') && glob[glob.length - 2] !== '\\') glob = glob.slice(0, -1);
  if (glob === '') return [];
  return [{ takesBack, glob: glob.startsWith('/') ? glob.slice(1) : glob.includes('/') ? glob : `**/${glob}` }];
}
