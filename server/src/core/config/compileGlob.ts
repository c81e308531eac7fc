import picomatch from 'picomatch/posix';

/** Whether a path relative to the base matches a glob. A glob that cannot be read matches nothing. */
export function compileGlob(glob: string): (path: string) => boolean {
  try {
    return picomatch(glob, { dot: true });
  } catch {
    return () => false;
  }
}
