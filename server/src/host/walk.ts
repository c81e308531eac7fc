import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { GitIgnore } from './gitIgnore';
import { byCodeUnits, isWithin } from './paths';
import { systemReason } from './readText';

/** What the walk met: a file to look at, or something it could not take and why. */
export type Walked =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: string };

export interface WalkOptions {
  /** Which files are wanted, by their absolute path. */
  readonly wants: (path: string) => boolean;
  /** Which files and folders are passed over, by their absolute path. */
  readonly ignores?: (path: string) => boolean;
  /** Real paths already taken; shared between walks so that nothing is read twice. */
  readonly seen?: Set<string>;
}

/** Folders that hold no one's manifests: other people's packages, and tools' own stores. */
export const passedOver: ReadonlySet<string> = new Set([
  'node_modules', '.git', '.hg', '.svn', '.terraform', '.terragrunt-cache', '.cache', '.venv', '.tox', '__pycache__',
  '.mypy_cache', '.pytest_cache', '.yarn', '.pnpm-store', '.gradle', '.next', '.nuxt', '.nx', '.turbo', '.vscode-test', '.eggs',
]);

/**
 * All wanted files below a folder, in one order on every machine (names by code units). Ignored files are
 * passed over. Links are followed once everything real is taken, so that a file is named by its own path;
 * a link to a folder outside of the start is not followed.
 */
export function* walk(start: string, options: WalkOptions): Generator<Walked> {
  let real: string;
  try {
    real = realpathSync(start);
  } catch (error) {
    yield { kind: 'skipped', path: start, reason: systemReason(error) };
    return;
  }
  const seen = options.seen ?? new Set<string>();
  const links: Link[] = [];
  yield* folder({ path: start, real, ignored: GitIgnore.above(real), root: real, links, seen, options });
  // Links met while following links come at the list's end: the loop takes them too.
  for (let i = 0; i < links.length; i++) yield* follow(links[i]!, { root: real, links, seen, options });
}

interface Link {
  readonly path: string;
  readonly real: string;
  readonly ignored: GitIgnore;
}

interface Shared {
  readonly root: string;
  readonly links: Link[];
  readonly seen: Set<string>;
  readonly options: WalkOptions;
}

function* folder(at: Link & Shared): Generator<Walked> {
  const { options, seen, links } = at;
  if (seen.has(at.real)) return;
  seen.add(at.real);
  let entries: Dirent[];
  try {
    entries = readdirSync(at.path, { withFileTypes: true });
  } catch (error) {
    yield { kind: 'skipped', path: at.path, reason: `a folder that cannot be read: ${systemReason(error)}` };
    return;
  }
  // Most folders have none: asking the system for each would cost as much as reading the manifests.
  const ignored = entries.some((entry) => entry.name === '.gitignore') ? at.ignored.enter(at.real) : at.ignored;
  entries.sort((a, b) => byCodeUnits(a.name, b.name));
  for (const entry of entries) {
    const isFolder = entry.isDirectory();
    if (isFolder && passedOver.has(entry.name)) continue;
    const path = join(at.path, entry.name);
    const real = at.real + (at.real.endsWith(sep) ? '' : sep) + entry.name;
    const link = entry.isSymbolicLink();
    if (!isFolder && !link && !options.wants(path)) continue;
    if (options.ignores?.(path) || ignored.ignores(real, isFolder)) continue;
    if (link) links.push({ path, real, ignored });
    else if (isFolder) yield* folder({ ...at, path, real, ignored });
    else if (entry.isFile()) yield* file(path, real, seen);
    else yield { kind: 'skipped', path, reason: entry.isFIFO() ? 'a named pipe' : entry.isSocket() ? 'a socket' : 'a device' };
  }
}

function* file(path: string, real: string, seen: Set<string>): Generator<Walked> {
  if (seen.has(real)) return;
  seen.add(real);
  yield { kind: 'file', path };
}

function* follow(link: Link, shared: Shared): Generator<Walked> {
  let target: string;
  let isFolder: boolean;
  try {
    target = realpathSync(link.path);
    isFolder = statSync(target).isDirectory();
  } catch (error) {
    // A dangling link of another kind of file concerns nobody here.
    if (!shared.options.wants(link.path) && (error as NodeJS.ErrnoException).code !== 'ELOOP') return;
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'a link to nothing' : systemReason(error);
    yield { kind: 'skipped', path: link.path, reason };
    return;
  }
  if (!isFolder) {
    if (shared.options.wants(link.path)) yield* file(link.path, target, shared.seen);
  } else if (isWithin(target, link.real)) {
    yield { kind: 'skipped', path: link.path, reason: 'a link back to a folder that holds it; its files are read once' };
  } else if (!isWithin(shared.root, target)) {
    yield { kind: 'skipped', path: link.path, reason: 'a link to a folder outside of the one that was given' };
  } else {
    yield* folder({ ...shared, path: link.path, real: target, ignored: link.ignored });
  }
}
