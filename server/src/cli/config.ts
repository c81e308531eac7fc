import { lstatSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSettings } from '../core/config/readSettings';
import { defaultSettings, type Settings } from '../core/config/settings';
import { allRules } from '../core/rules/registry';
import type { Level } from '../core/rules/rule';
import { relativePath, repositoryRoot, toUri, upward } from '../host/paths';
import { readText } from '../host/readText';
import { configLinkOut, existsBeside, isInTree, treeOf } from '../host/tree';
import { Failure } from './failure';
import { count } from './words';

/** The names of the configuration file, the usual one first. */
const configNames = ['pod-roles.yaml', '.pod-roles.yaml'];

const knownRules: readonly string[] = allRules.map((rule) => rule.id);

/** The configuration file that applies in a folder: the nearest one upward, not beyond the repository. */
export function findConfig(folder: string): string | undefined {
  const root = repositoryRoot(folder);
  for (const at of upward(folder)) {
    const found = configNames.map((name) => join(at, name)).find(isThere);
    if (found) return found;
    if (at === root) return undefined;
  }
  return undefined;
}

/**
 * Reads a configuration file. What is wrong in it is a {@link Failure} that names line and column.
 * @param options.files true where files that it names and that don't exist are mistakes
 * @param options.named the user named it on the command line: only then may it be a pipe, as `<(command)` of a shell is, and a link out of its repository
 */
export function readConfig(path: string, cwd: string, options: { readonly named?: boolean; readonly files?: boolean } = {}): Settings {
  const shown = relativePath(cwd, path);
  if (!options.named && !isInTree(treeOf(dirname(path)), path)) throw new Failure(`${shown}: ${configLinkOut}`);
  const result = readText(path, { pipes: options.named ?? false, limit });
  if (result.kind !== 'text') throw new Failure(`${shown}: ${result.kind === 'skipped' ? result.reason : 'not read'}`);
  const { settings, problems } = readSettings(result.file.text, toUri(path), {
    ruleIds: knownRules,
    ...(options.files ? { exists: existsBeside(path) } : {}),
  });
  // A file from elsewhere is any file: what the parser says would quote it.
  if (problems.length > 0 && !isInTree(treeOf(cwd), path)) {
    const [{ line, column }] = problems as [(typeof problems)[number]];
    throw new Failure(
      `${shown}:${line}:${column}: this is not a valid pod-roles.yaml (${count(problems.length, 'problem')}; a file outside of this repository or folder is not quoted).`,
    );
  }
  if (problems.length > 0) {
    throw new Failure(problems.map(({ message, line, column }) => `${shown}:${line}:${column}: ${message}`));
  }
  return { ...settings, base: settings.base ?? toUri(dirname(resolve(path))) };
}

/** Without a configuration file: everything inferred, globs count from the working directory. */
export function withoutConfig(cwd: string): Settings {
  return { ...defaultSettings, base: toUri(cwd) };
}

/** Levels from the command line win over the file's, those for paths included. */
export function withLevels(settings: Settings, levels: Readonly<Record<string, Level>>): Settings {
  if (Object.keys(levels).length === 0) return settings;
  const kept = (rules: Readonly<Record<string, Level>>) => Object.fromEntries(Object.entries(rules).filter(([id]) => !(id in levels)));
  return {
    ...settings,
    rules: { ...settings.rules, ...levels },
    overrides: settings.overrides.map((override) => ({ ...override, rules: kept(override.rules) })),
  };
}

/** 5 MB: a configuration of a hundred thousand globs. */
const limit = 5 * 1024 * 1024;

/** Whether something stands under a name that is no folder. A pipe, a device or a link to nothing is told when it is read. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
      ? statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true
      : !statSync(path).isDirectory();
  } catch (error) {
    // A link that leads back to itself is there.
    return (error as NodeJS.ErrnoException).code === 'ELOOP';
  }
}
