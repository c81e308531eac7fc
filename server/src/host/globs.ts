import picomatch from 'picomatch';

/**
 * A test of relative paths (with `/`) against globs, as people write them for ignore lists: a glob without
 * a slash stands for that name at any depth, and a glob that matches a folder takes all that is in it.
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap(expand);
  if (patterns.length === 0) return () => false;
  const matches = picomatch(patterns, { dot: true });
  return (path) => matches(path);
}

function expand(glob: string): string[] {
  const trimmed = glob.trim().replace(/^\.\//, '').replace(/\/+$/, '');
  if (trimmed === '') return [];
  const rooted = trimmed.replace(/^\/+/, '');
  const pattern = trimmed.includes('/') ? rooted : `**/${rooted}`;
  return [pattern, `${pattern}/**`];
}
