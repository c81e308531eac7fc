import { accessSync, constants, existsSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { isWithin, upward } from '../paths';

/** A program and the words before its own arguments. */
export interface Tool {
  readonly command: string;
  readonly arguments: readonly string[];
  /** For people: `kubectl kustomize`. */
  readonly name: string;
  /** The PATH that it runs with, without folders that the workspace may write to; absent: that of this process. */
  readonly path?: string;
}

export interface Tools {
  readonly helm?: Tool;
  readonly kustomize?: Tool;
}

/**
 * The renderers on the PATH. Never one of the repository, of the folders that are checked or of the working directory, nor
 * one that is reached through a link there: a workspace names nothing that is executed, though its own
 * `node_modules/.bin` may stand on the PATH of an npm script.
 * @param folders what is checked, absolute
 */
export function findTools(folders: readonly string[], environment: NodeJS.ProcessEnv = process.env): Tools {
  const closed = closedFolders(folders);
  const isClosed = (at: string): boolean => closed.some((folder) => isWithin(folder, at)) || isOwnPackage(at, closed);
  const given = Object.entries(environment).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  // An empty entry and a relative one are the working directory, or in it.
  const path = given.split(delimiter).filter((folder) => isAbsolute(folder) && !isClosed(resolve(folder)) && !isClosed(real(folder)));
  const find = (name: string, words: readonly string[], shown: string): Tool | undefined => {
    const command = findOnPath(name, path, isClosed);
    return command === undefined ? undefined : { command, arguments: words, name: shown, path: path.join(delimiter) };
  };
  const helm = find('helm', ['template'], 'helm');
  const kustomize = find('kustomize', ['build'], 'kustomize') ?? find('kubectl', ['kustomize'], 'kubectl kustomize');
  return { ...(helm ? { helm } : {}), ...(kustomize ? { kustomize } : {}) };
}

function findOnPath(name: string, path: readonly string[], isClosed: (at: string) => boolean): string | undefined {
  // Scripts (.cmd, .bat) run through a shell, which nothing here does.
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  for (const candidate of path.flatMap((folder) => names.map((each) => join(folder, each)))) {
    const target = real(candidate);
    if (!isExecutable(target) || isClosed(target) || linksThrough(candidate, isClosed)) continue;
    // Some do by their name what they are to do (busybox, a version manager's shim): they keep the one they were found by.
    return basename(candidate) === basename(target) ? target : candidate;
  }
  return undefined;
}

/** What tells the root of a repository. */
const rootMarks = ['.git', '.hg', '.svn', '.jj', 'pod-roles.yaml', '.pod-roles.yaml'];

/**
 * The folders that nothing is run from: those that are checked and the working directory, as named and as they are, and
 * the repositories around them, the outermost too. Not the file system's root, which holds every program, nor, as a
 * repository around others, the home folder, where people keep their settings in Git.
 */
function closedFolders(checked: readonly string[]): readonly string[] {
  const starts = [...checked, process.cwd()].flatMap((folder) => [resolve(folder), real(folder)]);
  const around = starts.flatMap(upward).filter((at) => at !== homedir() && rootMarks.some((mark) => existsSync(join(at, mark))));
  return [...new Set([...starts, ...around])].filter((folder) => parse(folder).root !== folder);
}

/** A program in the `node_modules` of a folder around a closed one: a repository need not be Git's. */
function isOwnPackage(at: string, closed: readonly string[]): boolean {
  const parts = at.split(sep);
  return parts.some((part, i) => part === 'node_modules' && closed.some((folder) => isWithin(parts.slice(0, i).join(sep) || sep, folder)));
}

/** Whether a link on the way from a path to what it leads to lies in a closed folder: who writes there chooses what is run. */
function linksThrough(path: string, isClosed: (at: string) => boolean): boolean {
  let at = path;
  for (let steps = 0; steps < 40; steps++) {
    let next: string;
    try {
      next = readlinkSync(at);
    } catch {
      return false;
    }
    at = resolve(dirname(at), next);
    if (isClosed(at) || isClosed(join(real(dirname(at)), basename(at)))) return true;
  }
  return true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
