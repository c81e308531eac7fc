import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { isWithin } from '../paths';

/** A program and the words before its own arguments. */
export interface Tool {
  readonly command: string;
  readonly arguments: readonly string[];
  /** For people: `kubectl kustomize`. */
  readonly name: string;
}

export interface Tools {
  readonly helm?: Tool;
  readonly kustomize?: Tool;
}

/**
 * The renderers on the PATH. Never one that stands in the folders that are checked: a workspace names nothing that is
 * executed, though its own `node_modules/.bin` may stand on the PATH of an npm script.
 * @param folders what is checked, absolute
 */
export function findTools(folders: readonly string[], environment: NodeJS.ProcessEnv = process.env): Tools {
  const find = (name: string): string | undefined => findOnPath(name, folders, environment);
  const [helm, kustomize] = [find('helm'), find('kustomize')];
  const kubectl = kustomize === undefined ? find('kubectl') : undefined;
  return {
    ...(helm === undefined ? {} : { helm: { command: helm, arguments: ['template'], name: 'helm' } }),
    ...(kustomize !== undefined ? { kustomize: { command: kustomize, arguments: ['build'], name: 'kustomize' } }
      : kubectl === undefined ? {} : { kustomize: { command: kubectl, arguments: ['kustomize'], name: 'kubectl kustomize' } }),
  };
}

function findOnPath(name: string, folders: readonly string[], environment: NodeJS.ProcessEnv): string | undefined {
  const path = Object.entries(environment).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  // Scripts (.cmd, .bat) run through a shell, which nothing here does.
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const candidate of names.map((each) => join(folder, each))) {
      if (isExecutable(candidate) && !folders.some((checked) => isWithin(real(checked), real(candidate)))) return candidate;
    }
  }
  return undefined;
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
    return path;
  }
}
