import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Paths that stand in a URI as they are: absolute, normal, of letters, digits, `_`, `-` and `.` alone. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/;

/** A path as the engine names files. */
export function toUri(path: string): string {
  return sep === '/' && plainPath.test(path) ? `file://${path}` : pathToFileURL(path).href;
}

/** The path of a `file:` URI; the URI itself where it is of another scheme. */
export function toPath(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

/** The path from a folder, with `/` on every system; `.` for the folder itself, absolute on another drive. */
export function relativePath(from: string, path: string): string {
  const way = relative(from, path);
  if (way === '') return '.';
  return (isAbsolute(way) ? path : way).split(sep).join('/');
}

/** True when a path is a folder or lies below it. Both absolute and normalised. */
export function isWithin(folder: string, path: string): boolean {
  if (path === folder) return true;
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The folders from a folder up to the file system's root, nearest first. */
export function upward(folder: string): string[] {
  const folders = [folder];
  const { root } = parse(folder);
  for (let at = folder; at !== root;) {
    const above = dirname(at);
    if (above === at) break;
    folders.push((at = above));
  }
  return folders;
}

/** The Git work tree that a folder is in: the nearest folder above that holds `.git` (a folder, or a file in worktrees). */
export function repositoryRoot(folder: string): string | undefined {
  return upward(folder).find((at) => existsSync(join(at, '.git')));
}

/** Compares strings by code units: the same order on every machine and in every language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
