import { PatternList, type ListedPattern } from '../text/patterns/patternList';
import { parseGlob } from './parseGlob';

/** So many patterns are taken from a list of globs, alternatives written out; more match nothing. */
const mostPatterns = 100_000;

/** Whether a path below the base is one that the globs name; see fileMatcher. In a bundle it stands apart: most repositories have no globs. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const listed: (ListedPattern & { readonly takesBack: boolean })[] = [];
  for (const { glob, takesBack } of globs.flatMap(readable)) {
    if (listed.length >= mostPatterns) break;
    for (const pattern of parseGlob(glob) ?? []) listed.push({ pattern, folderOnly: false, takesBack });
  }
  const list = new PatternList(listed, true);
  return (path) => {
    const last = list.last(path.split('/'), false);
    return last >= 0 && !listed[last]!.takesBack;
  };
}

/** A glob from the base folder, without what says how it is meant. */
function readable(written: string): { glob: string; takesBack: boolean }[] {
  const trimmed = written.trim();
  const takesBack = /^!(?!\()/.test(trimmed);
  let glob = trimmed.slice(takesBack ? 1 : 0).replace(/^\.\//, '');
  while (glob.endsWith('/') && glob[glob.length - 2] !== '\\') glob = glob.slice(0, -1);
  if (glob === '') return [];
  return [{ takesBack, glob: glob.startsWith('/') ? glob.slice(1) : glob.includes('/') ? glob : `**/${glob}` }];
}
