import { toPath, toUri } from '../host/paths';

/**
 * The URI by which client and workspace name each file. Clients spell one path in several ways (`file:///c%3A/x` or
 * `file:///C:/x`, `%40` or `@`): a file that is open keeps the client's spelling, and is not read from the disk as a second
 * file.
 */
export class FileUris {
  /** Path → the client's URI, if it isn't the usual one. */
  private readonly spelled = new Map<string, string>();

  /** The URI of a path. */
  of(path: string): string {
    return this.spelled.get(path) ?? toUri(path);
  }

  /** Takes the client's spelling of a file. Gives the URI that named the file so far, if that was another. */
  learn(uri: string): string | undefined {
    const path = pathOf(uri);
    if (path === undefined) return undefined;
    const before = this.of(path);
    if (before === uri) return undefined;
    if (uri === toUri(path)) this.spelled.delete(path);
    else this.spelled.set(path, uri);
    return before;
  }
}

/** The path of a `file:` URI; undefined for other schemes, and for URIs that name no path on this system. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return toPath(uri);
  } catch {
    return undefined;
  }
}
