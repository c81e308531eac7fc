import { lstatSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { ignoreRules, type IgnoreRules } from './ignoreRules';
import { relativePath, repositoryRoot, upward } from './paths';
import { readRegular, systemReason } from './readText';

interface Layer {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** An ignore file that is not read, and why. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

/** The ignore files that apply in a folder, outermost first. Immutable: a folder below makes its own with {@link enter}. */
export class GitIgnore {
  /** The ignore files that were met and not read: what they would ignore is not ignored. */
  readonly unread: readonly Unread[];

  private constructor(
    private readonly layers: readonly Layer[],
    unread: readonly Unread[] = [],
  ) {
    this.unread = unread;
  }

  /**
   * The ignore files from the repository's root down to a folder, the folder's own not yet. Outside of a
   * repository there are none above. A folder that is ignored itself and named all the same loses those above.
   */
  static above(folder: string): GitIgnore {
    const root = repositoryRoot(folder);
    if (root === undefined) return new GitIgnore([]);
    let result = new GitIgnore([]).with(root, read(join(root, '.git', 'info', 'exclude')));
    const between = upward(folder)
      .filter((at) => at.length >= root.length && at !== folder)
      .reverse();
    for (const at of between) result = result.enter(at);
    const ignoredItself = [...between.slice(1), folder].some((at) => result.ignores(at, true));
    return ignoredItself && folder !== root ? new GitIgnore([], result.unread) : result;
  }

  /** The same with a folder's own `.gitignore`. */
  enter(folder: string): GitIgnore {
    return this.with(folder, readUnlinked(join(folder, '.gitignore')));
  }

  /** Whether Git passes over a path whose folders it does not pass over. The nearest file that has a rule for it decides. */
  ignores(path: string, isFolder: boolean): boolean {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { folder, rules } = this.layers[i]!;
      const way =
        sep === '/' && path.startsWith(folder) && path[folder.length] === sep ? path.slice(folder.length + 1) : relativePath(folder, path);
      if (way === '.' || way === '..' || way.startsWith('../') || isAbsolute(way)) continue;
      const answer = rules.of(way, isFolder);
      if (answer) return answer === 'ignored';
    }
    return false;
  }

  private with(folder: string, file: Unread | Buffer | undefined): GitIgnore {
    if (file === undefined) return this;
    if ('reason' in file) return new GitIgnore(this.layers, [...this.unread, file]);
    const rules = ignoreRules(file, ignoreCase);
    return rules.isEmpty ? this : new GitIgnore([...this.layers, { folder, rules }], this.unread);
  }
}

/** Git asks the file system when a repository is made; these are what it finds on theirs. */
const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';

/** 5 MB are more than a hundred thousand rules. */
const limit = 5 * 1024 * 1024;

/** The bytes of an ignore file; undefined where there is none. */
function read(path: string): Unread | Buffer | undefined {
  const result = readRegular(path, limit);
  if (result.kind === 'bytes') return result.bytes;
  return result.reason === systemReason({ code: 'ENOENT' }) || result.reason === 'a folder'
    ? undefined
    : { path, reason: `an ignore file that is not read: ${result.reason}` };
}

/** The same for one that may be a link, which Git does not follow. */
function readUnlinked(path: string): Unread | Buffer | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
      return { path, reason: 'an ignore file that is a link: it is not read, by Git neither' };
  } catch {
    // Reading says why.
  }
  return read(path);
}
