import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Ignore } from 'ignore';
import { ignoreRules, isIgnorePath } from './ignoreRules';
import { relativePath, repositoryRoot, upward } from './paths';

interface Layer {
  readonly folder: string;
  readonly rules: Ignore;
}

/** The ignore files that apply in a folder, outermost first. Immutable: a folder below makes its own with {@link enter}. */
export class GitIgnore {
  private constructor(private readonly layers: readonly Layer[]) {}

  /**
   * The ignore files from the repository's root down to a folder, the folder's own not yet. Outside of a
   * repository there are none above. A folder that is ignored itself and named all the same loses those above.
   */
  static above(folder: string): GitIgnore {
    const root = repositoryRoot(folder);
    if (root === undefined) return new GitIgnore([]);
    let result = new GitIgnore(layer(root, join(root, '.git', 'info', 'exclude')));
    const between = upward(folder).filter((at) => at.length >= root.length && at !== folder).reverse();
    for (const at of between) result = result.enter(at);
    const ignoredItself = [...between.slice(1), folder].some((at) => result.ignores(at, true));
    return ignoredItself && folder !== root ? new GitIgnore([]) : result;
  }

  /** The same with a folder's own `.gitignore`. */
  enter(folder: string): GitIgnore {
    const own = layer(folder, join(folder, '.gitignore'));
    return own.length === 0 ? this : new GitIgnore([...this.layers, ...own]);
  }

  /** Whether Git passes over a path. The nearest file that has a rule for it decides. */
  ignores(path: string, isFolder: boolean): boolean {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { folder, rules } = this.layers[i]!;
      const way = sep === '/' && path.startsWith(folder) && path[folder.length] === sep ? path.slice(folder.length + 1) : relativePath(folder, path);
      if (way === '.' || !isIgnorePath(way)) continue;
      const { ignored, unignored } = rules.test(isFolder ? `${way}/` : way);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

function layer(folder: string, file: string): Layer[] {
  try {
    const text = readFileSync(file, 'utf8');
    return text.trim() === '' ? [] : [{ folder, rules: ignoreRules(text) }];
  } catch {
    // No such file, or one that cannot be read: Git goes on too.
    return [];
  }
}
