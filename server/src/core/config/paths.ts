/** The folders and the name of a file, decoded. Made once for each file. */
export interface FilePath {
  readonly folders: readonly string[];
  readonly name: string;
}

/** Splits a URI into decoded folders and a name; scheme, authority and the case of a drive's letter count as nothing. Never throws. */
export function filePath(uri: string): FilePath {
  const path = decode(uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')).replaceAll('\\', '/');
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (isDrive(segments[0])) segments[0] = segments[0]!.toLowerCase();
  return { folders: segments.slice(0, -1), name: segments[segments.length - 1] ?? '' };
}

/** A URI's path below a base, with `/`; from the root where there is no base; undefined for a file outside it. */
export function relativePath(uri: string, base: string | undefined): string | undefined {
  const path = joined(filePath(uri));
  if (base === undefined) return path;
  const root = joined(filePath(base));
  if (root === '') return path;
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
}

/** The folder of a file as one comparable text. */
export function folderKey(uri: string): string {
  const path = plainPath(uri);
  return path === undefined ? filePath(uri).folders.join('/') : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Folders and name as one comparable text, without a leading slash. */
export function pathKey(uri: string): string {
  return plainPath(uri) ?? joined(filePath(uri));
}

/** The path of a URI in which nothing is encoded and no part is empty, as nearly all are; undefined for others. */
function plainPath(uri: string): string | undefined {
  return uri.startsWith('file:///') && !/[%\\]|\/\.?(?:\/|$)|^\/[A-Z]:/.test(uri.slice(7)) && !/^\.?\//.test(uri.slice(8))
    ? uri.slice(8)
    : undefined;
}

/** Goes from a folder along a relative path: `../../base` from `a/overlays/dev` is `a/base`. Undefined for URLs. */
export function resolvePath(folder: string, relative: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(relative) || relative.includes('?ref=')) return undefined;
  const names = relative.replaceAll('\\', '/').split('/');
  if (isDrive(names[0])) names[0] = names[0]!.toLowerCase();
  const parts = (names.length > 1 && names[0] === '') || isDrive(names[0]) ? [] : folder.split('/').filter(Boolean);
  for (const part of names) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length === 0) return undefined;
    else parts.pop();
  }
  return parts.join('/');
}

/** `C:`, of Windows. */
function isDrive(name: string | undefined): boolean {
  return name !== undefined && /^[a-z]:$/i.test(name);
}

function joined(path: FilePath): string {
  return [...path.folders, path.name].filter(Boolean).join('/');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
