import { fitsName, type Segment } from './segment';

/** What a path may be, name by name; `folders` stands for any number of names, none too (`**`). */
export type PathPattern = readonly (Segment | 'folders')[];

/** Whether the names of a path fit a pattern. At most pattern × path steps of {@link fitsName}, however many `**` there are. */
export function fitsPath(pattern: PathPattern, names: readonly string[]): boolean {
  let [at, next, foldersAt, resume] = [0, 0, -1, 0];
  while (next < names.length) {
    const segment = pattern[at];
    if (segment === 'folders') {
      foldersAt = at++;
      resume = next;
      // Nothing behind it: the rest is taken, whatever it is.
      if (at === pattern.length) return true;
    } else if (segment !== undefined && fitsName(segment, names[next]!)) {
      at++;
      next++;
    } else if (foldersAt >= 0) {
      at = foldersAt + 1;
      next = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === 'folders') at++;
  return at === pattern.length;
}
