import { statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { AwsIndex } from '../../core/wiring/aws';
import type { Settings } from '../../core/config/settings';
import { Workspace } from '../../core/workspace/workspace';
import { accountUrisOf, trustUriOf } from '../../core/generate/existing';
import type { ExistingFiles } from '../../core/generate/planFiles';
import type { Pair } from '../../core/generate/pair';
import { serviceAccountFile } from '../../core/generate/writers/serviceAccount';
import { toPath } from '../../host/paths';
import { readText, systemReason, type TextFile } from '../../host/readText';
import { isInTree, treeOf } from '../../host/tree';
import { hasLinkBelow, linkBelow } from '../../host/writeText';
import { addAws } from '../aws';
import { findConfig, readConfig, withoutConfig } from '../config';
import type { Console } from '../console';
import { Failure } from '../failure';
import { load, type Loaded } from '../load';
import type { GenerateOptions } from './options';

/** What stands around the pair: the output folder's files, the settings that apply there, and a snapshot where there is one. */
export interface Surroundings {
  /** Absolute; undefined where nothing is written. */
  readonly out: string | undefined;
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly aws: AwsIndex | undefined;
  /** pod-roles.yaml, where there is one. */
  readonly config: string | undefined;
}

export async function readSurroundings(options: GenerateOptions, cwd: string, console: Console): Promise<Surroundings> {
  const out = options.out === undefined || options.out === '-' ? undefined : resolve(cwd, options.out);
  const config = options.config === undefined ? findConfig(out ?? cwd) : resolve(cwd, options.config);
  const loaded = await loadFolder(out, config, options, cwd, console);
  await addAws(loaded, options.snapshot === undefined ? {} : { snapshot: options.snapshot }, cwd, console);
  const [{ workspace }] = loaded.groups as [Loaded['groups'][number]];
  return { out, workspace, settings: workspace.wiring.settings, aws: workspace.wiring.aws, config };
}

async function loadFolder(
  out: string | undefined,
  config: string | undefined,
  options: GenerateOptions,
  cwd: string,
  console: Console,
): Promise<Loaded> {
  const stats = out === undefined || !isThere(out) ? undefined : statSync(out);
  if (stats && !stats.isDirectory()) throw new Failure(`${options.out!} is a file: --out names a folder, or - to print.`);
  if (stats) return load({ paths: [out!], config: options.config, cwd, console });
  const settings = config === undefined ? withoutConfig(cwd) : readConfig(config, cwd, { named: options.config !== undefined });
  return { groups: [{ workspace: new Workspace({ settings }), files: new Map(), folders: [] }], files: 0, skipped: [] };
}

/** The files that are there already, as the plan asks for them; keeps what it read, so that it can be written back alike. */
export class FolderFiles implements ExistingFiles {
  readonly read = new Map<string, TextFile>();
  readonly accountPath: string | undefined;
  readonly trustPath: string | undefined;
  readonly config: ExistingFiles['config'];
  /** Absolute. */
  readonly out: string;

  constructor({ out, workspace, config }: Surroundings & { readonly out: string }, pair: Pair) {
    this.out = out;
    const accounts = accountUrisOf(workspace.wiring, pair).map((uri) => this.below(toPath(uri)));
    const generated = serviceAccountFile(pair).path;
    if (!accounts.includes(generated)) {
      if (accounts.length > 1)
        throw new Failure(
          `${pair.account.namespace}/${pair.account.name} is in ${accounts.length} files (${accounts.join(', ')}): give a narrower folder with --out.`,
        );
      this.accountPath = accounts[0];
    }
    const trust = trustUriOf(workspace.wiring, pair);
    this.trustPath = trust === undefined ? undefined : this.below(toPath(trust));
    if (config !== undefined) {
      const way = slashes(relative(dirname(config), out));
      this.config = { path: this.below(config), toOutput: way === '' ? '' : `${way}/` };
    }
  }

  absolute(path: string): string {
    return join(this.out, ...path.split('/'));
  }

  text(path: string): string | undefined {
    const absolute = this.absolute(path);
    if (hasLinkBelow(this.out, absolute)) throw new Failure(`${path}: ${linkBelow}.`);
    if (path === this.config?.path && !isInTree(treeOf(dirname(absolute)), absolute))
      throw new Failure(`${path}: it is a link to a file outside of this repository.`);
    if (!isThere(absolute)) return undefined;
    const result = readText(absolute);
    if (result.kind !== 'text') throw new Failure(`${path}: ${result.kind === 'skipped' ? result.reason : 'not read'}`);
    this.read.set(path, result.file);
    return result.file.text;
  }

  private below(path: string): string {
    return slashes(relative(this.out, path));
  }
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // A file stands where a folder is needed: writing will say so.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw new Failure(`${path}: ${systemReason(error)}`);
  }
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
