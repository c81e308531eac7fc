import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { dirname, sep } from 'node:path';
import { GitIgnore, type Unread } from './gitIgnore';
import { byCodeUnits, isWithin, repositoryRoot } from './paths';
import { systemReason } from './readText';

/** What the walk met: a file to look at, or something it could not take and why. */
export type Walked =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'skipped'; readonly path: string; readonly reason: string };

export interface WalkOptions {
  /** Which files are wanted, by their absolute path. */
  readonly wants: (path: string) => boolean;
  /** Which files and folders are passed over, by their absolute path. */
  readonly ignores?: (path: string) => boolean;
  /** What was taken already; shared between walks so that nothing is read twice. */
  readonly seen?: Seen;
}

/** What walks took, by real paths. A folder stands for the files in it. */
export class Seen {
  readonly folders = new Set<string>();
  /** Files that are in no such folder, or were passed over there by their own names. */
  private readonly linked = new Set<string>();
  private readonly passed = new Set<string>();

  /** Notes a wanted file in a walked folder that is not taken by its own name. */
  pass(real: string): void {
    this.passed.add(real);
  }

  /** Takes a file that a link leads to; false where it was taken. */
  take(real: string, wants: (path: string) => boolean): boolean {
    if (this.linked.has(real)) return false;
    if (this.folders.has(dirname(real)) && wants(real) && !this.passed.has(real)) return false;
    this.linked.add(real);
    return true;
  }
}

/** Why a link that a walk met was not followed. */
export const linkOut = 'a link to a file outside of this repository or folder; name it to read it';

/** Folders that hold no one's manifests: other people's packages, and tools' own stores. */
export const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.terraform',
  '.terragrunt-cache',
  '.cache',
  '.venv',
  '.tox',
  '__pycache__',
  '.mypy_cache',
  '.pytest_cache',
  '.yarn',
  '.pnpm-store',
  '.gradle',
  '.next',
  '.nuxt',
  '.nx',
  '.turbo',
  '.vscode-test',
  '.eggs',
]);

/**
 * All wanted files below a folder, in one order on every machine (names by code units). Ignored files are
 * passed over. Links are followed once everything real is taken, so that a file is named by its own path;
 * a link to a folder outside of the start is not followed, nor one to a file outside of the repository (without a
 * repository: of the start).
 */
export function* walk(start: string, options: WalkOptions): Generator<Walked> {
  let real: string;
  try {
    real = realpathSync(start);
  } catch (error) {
    yield { kind: 'skipped', path: start, reason: systemReason(error) };
    return;
  }
  const shared: Shared = { root: real, tree: repositoryRoot(real) ?? real, links: [], seen: options.seen ?? new Seen(), options };
  const ignored = GitIgnore.above(real);
  for (const unread of ignored.unread) yield { kind: 'skipped', ...unread };
  yield* below({ path: start, real, ignored }, shared);
  // Links met while following links come at the list's end: the loop takes them too.
  for (let i = 0; i < shared.links.length; i++) yield* follow(shared.links[i]!, shared);
}

interface Place {
  readonly path: string;
  readonly real: string;
  readonly ignored: GitIgnore;
}

interface Shared {
  readonly root: string;
  /** Files that links lead to must lie in it. */
  readonly tree: string;
  readonly links: Place[];
  readonly seen: Seen;
  readonly options: WalkOptions;
}

/** A folder with the entries of it that are still to come. */
interface Frame extends Place {
  /** Its own ignore file, where that is not read. */
  readonly unread: readonly Unread[];
  readonly entries: readonly Dirent[];
  next: number;
}

/** All below a folder, itself included; depth first without recursion, for it is most of what a walk costs. */
function* below(start: Place, { seen, links, options }: Shared): Generator<Walked> {
  const first = enter(start, seen);
  if (!first) return;
  if ('reason' in first) {
    yield first;
    return;
  }
  for (const unread of first.unread) yield { kind: 'skipped', ...unread };
  const stack = [first];
  for (let frame = stack[0]; frame !== undefined; frame = stack[stack.length - 1]) {
    const entry = frame.entries[frame.next++];
    if (entry === undefined) {
      stack.pop();
      continue;
    }
    const isFolder = entry.isDirectory();
    if (isFolder && passedOver.has(entry.name)) continue;
    const path = within(frame.path, entry.name);
    const real = frame.real === frame.path ? path : within(frame.real, entry.name);
    const isLink = entry.isSymbolicLink();
    if (!isFolder && !isLink && !options.wants(path)) continue;
    if (options.ignores?.(path) || frame.ignored.ignores(real, isFolder)) {
      if (!isFolder) seen.pass(real);
    } else if (isLink) links.push({ path, real, ignored: frame.ignored });
    else if (isFolder) {
      const inner = enter({ path, real, ignored: frame.ignored }, seen);
      if (inner && 'reason' in inner) yield inner;
      else if (inner) {
        for (const unread of inner.unread) yield { kind: 'skipped', ...unread };
        stack.push(inner);
      }
    } else if (entry.isFile()) yield { kind: 'file', path };
    else yield { kind: 'skipped', path, reason: entry.isFIFO() ? 'a named pipe' : entry.isSocket() ? 'a socket' : 'a device' };
  }
}

/** Reads a folder; undefined where it was read before. */
function enter({ path, real, ignored }: Place, seen: Seen): Frame | Extract<Walked, { kind: 'skipped' }> | undefined {
  if (seen.folders.has(real)) return undefined;
  seen.folders.add(real);
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    return { kind: 'skipped', path, reason: `a folder that cannot be read: ${systemReason(error)}` };
  }
  // Most folders have none: asking the system for each would cost as much as reading the manifests.
  const own = entries.some((entry) => entry.name === '.gitignore') ? ignored.enter(real) : ignored;
  return {
    path,
    real,
    ignored: own,
    unread: own.unread.slice(ignored.unread.length),
    entries: entries.sort((a, b) => byCodeUnits(a.name, b.name)),
    next: 0,
  };
}

function within(folder: string, name: string): string {
  return folder.endsWith(sep) ? folder + name : folder + sep + name;
}

function* follow(link: Place, shared: Shared): Generator<Walked> {
  let target: string;
  let stats: Stats;
  try {
    target = realpathSync(link.path);
    stats = statSync(target);
  } catch (error) {
    // A dangling link of another kind of file concerns nobody here.
    if (!shared.options.wants(link.path) && (error as NodeJS.ErrnoException).code !== 'ELOOP') return;
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'a link to nothing' : systemReason(error);
    yield { kind: 'skipped', path: link.path, reason };
    return;
  }
  if (!stats.isDirectory()) {
    if (!shared.options.wants(link.path)) return;
    if (!stats.isFile())
      yield {
        kind: 'skipped',
        path: link.path,
        reason: `a link to ${stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device'}`,
      };
    // Like ripgrep and Git, which follow none: a clone must not be able to have other files of this machine read.
    else if (!isWithin(shared.tree, target)) yield { kind: 'skipped', path: link.path, reason: linkOut };
    else if (shared.seen.take(target, shared.options.wants)) yield { kind: 'file', path: link.path };
  } else if (isWithin(target, link.real)) {
    yield { kind: 'skipped', path: link.path, reason: 'a link back to a folder that holds it; its files are read once' };
  } else if (!isWithin(shared.root, target)) {
    yield { kind: 'skipped', path: link.path, reason: 'a link to a folder outside of the one that was given' };
  } else {
    yield* below({ path: link.path, real: target, ignored: link.ignored }, shared);
  }
}
