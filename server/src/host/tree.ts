import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isWithin, repositoryRoot } from './paths';

/**
 * The folder that holds all that belongs together with a folder: its repository, or without one the folder itself.
 * Links that lead out of it are not followed, neither for reading what a walk met nor for writing.
 * Throws what the system answers if the folder does not exist.
 */
export function treeOf(folder: string): string {
  const real = realpathSync(folder);
  return repositoryRoot(real) ?? real;
}

/**
 * The tree in which files may be written that were found from a start (a folder that was named, or the folder of a file
 * that was named). A start inside of the working directory's own tree that a link takes out of it is not a tree of its
 * own: what is found through it lies outside. Throws what the system answers.
 */
export function treeForWriting(start: string, cwd: string): string {
  const own = treeOf(cwd);
  const real = realpathSync(start);
  return isWithin(own, start) && !isWithin(own, real) ? own : (repositoryRoot(real) ?? real);
}

/** What is said of a pod-roles.yaml that is a link out of its tree. */
export const configLinkOut =
  'it is a link to a file outside of this repository or folder, so it is not read. The command line reads it with --config FILE.';

/** True if a path that a file of the tree names leads out of it: by `..`, as an absolute path, or through a link. */
export function leadsOutOf(tree: string, path: string): boolean {
  return !isWithin(tree, path) || (existsSync(path) && !isInTree(tree, path));
}

/** True if a path, with every link in it followed, lies in a tree. False for what does not exist. `tree` has no links in it. */
export function isInTree(tree: string, path: string): boolean {
  try {
    return isWithin(tree, realpathSync(path));
  } catch {
    return false;
  }
}

/**
 * Tells for paths that a configuration names whether they exist, counted from its folder. What leads out of its tree is not
 * looked for, and counts as existing: nothing is told of what is outside.
 */
export function existsBeside(configPath: string): (path: string) => boolean {
  const folder = dirname(configPath);
  const tree = treeOf(folder);
  return (path) => {
    const target = resolve(folder, path);
    return leadsOutOf(tree, target) || existsSync(target);
  };
}
