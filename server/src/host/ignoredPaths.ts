import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { GitIgnore } from './gitIgnore';
import { passedOver } from './walk';

/**
 * Answers for single paths what a walk of the folder would have skipped: Git-ignored paths, excluded ones, and folders of
 * tools. Remembers the ignore files it read, so make a new one for each batch of changes.
 */
export class IgnoredPaths {
  private readonly folders = new Map<string, GitIgnore | undefined>();
  private readonly real: string;

  /**
   * @param root the folder of the workspace, absolute
   * @param excluded paths that the settings exclude
   */
  constructor(
    private readonly root: string,
    private readonly excluded: (path: string) => boolean,
  ) {
    this.real = realOf(root);
  }

  /** Whether a walk of the root would skip this path below it. The root itself is never ignored. */
  ignores(path: string, isFolder: boolean): boolean {
    if (path === this.root) return false;
    if (isFolder && passedOver.has(basename(path))) return true;
    const above = this.rulesIn(dirname(path));
    return above === undefined || this.excluded(path) || above.ignores(this.realPath(path), isFolder);
  }

  /** The ignore files that apply to what is in a folder; undefined if the folder itself is skipped. */
  private rulesIn(folder: string): GitIgnore | undefined {
    if (this.folders.has(folder)) return this.folders.get(folder);
    let rules: GitIgnore | undefined;
    if (folder === this.root) rules = GitIgnore.above(this.real).enter(this.real);
    else if (folder.length > this.root.length && !this.ignores(folder, true))
      rules = this.rulesIn(dirname(folder))?.enter(this.realPath(folder));
    this.folders.set(folder, rules);
    return rules;
  }

  /** Ignore files are read by real paths, as the walk does. */
  private realPath(path: string): string {
    return this.real === this.root ? path : join(this.real, relative(this.root, path));
  }
}

/** True if changing this file changes which paths are ignored. */
export function isIgnoreFile(path: string): boolean {
  return basename(path) === '.gitignore' || path.endsWith(`${sep}.git${sep}info${sep}exclude`);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
