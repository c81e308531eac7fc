import { fitsPath, type PathPattern } from './pathPattern';
import { suffixOf } from './segment';

export interface ListedPattern {
  readonly pattern: PathPattern;
  /** Fits folders alone. */
  readonly folderOnly: boolean;
}

/** No file system has longer names. */
const longestName = 1000;

/** The last pattern of a kind that fits, and the last that fits folders alone; by their place in the list. */
interface Last {
  any: number;
  folder: number;
}

/**
 * Patterns in an order in which the last one that fits decides. Those that are plain names, plain paths or endings, as
 * nearly all are, are looked up; only the others are tried one by one. So a list may be long.
 */
export class PatternList {
  private readonly names = new Map<string, Last>();
  private readonly paths = new Map<string, Last>();
  private readonly endings = new Map<string, Last>();
  private readonly endingLengths = new Set<number>();
  /** The others, by the name of their first folder where that is plain. */
  private readonly byFirst = new Map<string, number[]>();
  private readonly rest: number[] = [];
  private readonly patterns: readonly ListedPattern[];

  /** @param below true: a pattern that fits a folder fits everything below it; none is then for folders alone */
  constructor(
    patterns: readonly ListedPattern[],
    private readonly below: boolean,
  ) {
    this.patterns = below ? patterns.map(({ pattern, folderOnly }) => ({ pattern: [...pattern, 'folders'], folderOnly })) : patterns;
    for (const [i, { pattern, folderOnly }] of patterns.entries()) this.add(pattern, folderOnly, i);
  }

  /** The place of the last pattern that fits a path, given as its names; -1 where none does. */
  last(names: readonly string[], isFolder: boolean): number {
    let found = -1;
    let path = '';
    for (const [i, name] of names.entries()) {
      const isLast = i === names.length - 1;
      if (this.paths.size > 0) path = i === 0 ? name : `${path}/${name}`;
      if (!this.below && !isLast) continue;
      const folder = isFolder || !isLast;
      found = Math.max(found, lastOf(this.names.get(name), folder), this.paths.size > 0 ? lastOf(this.paths.get(path), folder) : -1);
      for (const length of this.endingLengths) {
        if (length <= name.length) found = Math.max(found, lastOf(this.endings.get(name.slice(name.length - length)), folder));
      }
    }
    found = this.lastOf(this.rest, found, names, isFolder);
    return this.lastOf(this.byFirst.get(names[0] ?? '') ?? [], found, names, isFolder);
  }

  private lastOf(places: readonly number[], atLeast: number, names: readonly string[], isFolder: boolean): number {
    for (let i = places.length - 1; i >= 0 && places[i]! > atLeast; i--) {
      const { pattern, folderOnly } = this.patterns[places[i]!]!;
      if ((!folderOnly || isFolder) && fitsPath(pattern, names)) return places[i]!;
    }
    return atLeast;
  }

  private add(pattern: PathPattern, folderOnly: boolean, place: number): void {
    const [first, second] = pattern;
    if (first === 'folders' && pattern.length === 2 && second !== undefined && second !== 'folders') {
      const ending = suffixOf(second);
      if (second.kind === 'name') return note(this.names, second.name, folderOnly, place);
      if (ending !== undefined) {
        if (ending.length > longestName) return;
        this.endingLengths.add(ending.length);
        return note(this.endings, ending, folderOnly, place);
      }
    }
    const names = pattern.map((segment) => (segment !== 'folders' && segment.kind === 'name' ? segment.name : undefined));
    if (names.every((name) => name !== undefined)) return note(this.paths, names.join('/'), folderOnly, place);
    if (names[0] === undefined) this.rest.push(place);
    else if (this.byFirst.has(names[0])) this.byFirst.get(names[0])!.push(place);
    else this.byFirst.set(names[0], [place]);
  }
}

function note(map: Map<string, Last>, key: string, folderOnly: boolean, place: number): void {
  const last = map.get(key) ?? { any: -1, folder: -1 };
  last[folderOnly ? 'folder' : 'any'] = place;
  map.set(key, last);
}

function lastOf(last: Last | undefined, isFolder: boolean): number {
  return last === undefined ? -1 : isFolder ? Math.max(last.any, last.folder) : last.any;
}
