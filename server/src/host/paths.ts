import { existsSync } from 'node:fs';
import host, { join, type PlatformPath } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a system names files. All paths are absolute and normalised. */
export interface Paths {
  /**
   * A path as the engine names files, spelled as VS Code does (`file:///c%3A/x/a%40b`): a file that the editor opens and
   * the same file on disk have one name. Source: vscode-uri, `URI.file(path).toString()`.
   */
  toUri(path: string): string;
  /**
   * The path of a `file:` URI, on Windows with the drive's letter in lower case; the URI itself if it is of another scheme.
   * Throws for a URI that names no path on the system, such as one with a host on POSIX.
   */
  toPath(uri: string): string;
  /** The path from a folder, with `/` on every system; `.` for the folder itself, absolute on another drive. */
  relativePath(from: string, path: string): string;
  /** True when a path is a folder or lies below it. Windows does not tell upper from lower case. */
  isWithin(folder: string, path: string): boolean;
  /** The folders from a folder up to the file system's root, nearest first. */
  upward(folder: string): string[];
}

/** Paths that are in a URI as they are: of letters, digits, `_`, `-` and `.` alone. */
const plainPath = /^(?:\/[\w-][\w.-]*)+$/;

/** Names files as POSIX does (`path.posix`), or as Windows does (`path.win32`). */
export function pathsOn(system: PlatformPath): Paths {
  const { sep } = system;
  const windows = sep === '\\';
  return {
    toUri(path) {
      if (!windows && plainPath.test(path)) return `file://${path}`;
      const parts = system.resolve(windows ? withoutPrefix(path) : path).split(sep);
      // \\server\share, whose server is the URI's host.
      if (windows && parts[0] === '') return `file:${parts.map((part, i) => encoded(i === 2 ? part.toLowerCase() : part)).join('/')}`;
      return `file://${windows ? `/${encoded(parts.shift()!.toLowerCase())}/` : ''}${parts.map(encoded).join('/')}`;
    },
    toPath(uri) {
      if (!uri.startsWith('file:')) return uri;
      const path = fileURLToPath(uri, { windows });
      return windows ? path.replace(/^[A-Z]:/, (drive) => drive.toLowerCase()) : path;
    },
    relativePath(from, path) {
      const way = system.relative(from, path);
      if (way === '') return '.';
      return (system.isAbsolute(way) ? path : way).split(sep).join('/');
    },
    isWithin(folder, path) {
      if (path === folder) return true;
      const below = folder.endsWith(sep) ? folder : folder + sep;
      if (!windows) return path.startsWith(below);
      return path.toLowerCase() === folder.toLowerCase() || path.toLowerCase().startsWith(below.toLowerCase());
    },
    upward(folder) {
      const folders = [folder];
      const { root } = system.parse(folder);
      for (let at = folder; at !== root;) {
        const above = system.dirname(at);
        if (above === at) break;
        folders.push((at = above));
      }
      return folders;
    },
  };
}

/** How this system names files. */
export const { toUri, toPath, relativePath, isWithin, upward } = pathsOn(host);

/** `\\?\C:\x` and `\\?\UNC\server\share`, as Windows writes long paths, without what marks them. */
function withoutPrefix(path: string): string {
  return path.startsWith('\\\\?\\') ? path.slice(4).replace(/^UNC\\/i, '\\\\') : path;
}

/** A name in a URI. Half a pair of UTF-16, which Windows allows in names, has no encoding. */
function encoded(name: string): string {
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The Git work tree that a folder is in: the nearest folder above that holds `.git` (a folder, or a file in worktrees). */
export function repositoryRoot(folder: string): string | undefined {
  return upward(folder).find((at) => existsSync(join(at, '.git')));
}

/** Compares strings by code units: the same order on every machine and in every language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
