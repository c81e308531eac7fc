import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileMatcher } from '../core/config/globs';
import type { Settings } from '../core/config/settings';
import type { Level } from '../core/rules/rule';
import { hclParser, setHclParser } from '../core/syntax/hcl/parser';
import { parseJson } from '../core/syntax/json/parse';
import { Workspace } from '../core/workspace/workspace';
import { actionCatalogue } from '../host/actionCatalogue';
import { loadHcl } from '../hcl/load';
import { isCandidate, isDocumentation, readMet } from '../host/candidates';
import { byCodeUnits, relativePath, toPath, toUri } from '../host/paths';
import { readStdin } from '../host/readStdin';
import { isNotText, isOfShell, readBytes, readText, systemReason, type ReadResult, type TextFile } from '../host/readText';
import { treeForWriting } from '../host/tree';
import { Seen, walk } from '../host/walk';
import { keepMuch, noteProgress, optimizeSooner } from './coldStart';
import { findConfig, readConfig, withLevels, withoutConfig } from './config';
import type { Console } from './console';
import { Failure } from './failure';

export interface LoadRequest {
  /** As given; `-` is standard input. */
  readonly paths: readonly string[];
  readonly stdinPath?: string | undefined;
  readonly ignore?: readonly string[] | undefined;
  /** True: documentation and scripts in folders are read too. A file that is named is read anyway. */
  readonly documents?: boolean | undefined;
  readonly config?: string | undefined;
  readonly levels?: Readonly<Record<string, Level>>;
  /** True where every file's text is to be what was checked, as for mending it. */
  readonly keepTexts?: boolean;
  /** True where accounts that nothing asks about need not be read: for findings, which hang on none of them. */
  readonly onlyAsked?: boolean;
  readonly cwd: string;
  readonly console: Console;
}

/** Files that one configuration applies to, joined. */
export interface Group {
  readonly workspace: Workspace;
  /** The files that may matter, by URI, in the order of reading. */
  readonly files: Map<string, LoadedFile>;
  /** The folders that were walked for them, and which paths in them are ignored. */
  readonly folders: { readonly path: string; readonly ignores: (path: string) => boolean }[];
}

interface IgnoringGroup extends Group {
  readonly ignores: (path: string) => boolean;
  readonly wants: (path: string) => boolean;
}

/** A file's text as it is now; undefined for one that was not read. */
function textOf(file: LoadedFile | undefined): { text: string; languageId?: string | undefined } | undefined {
  return file && { text: file.content.text, languageId: file.languageId };
}

export interface LoadedFile {
  /** For reports: relative to the working directory, with `/`. */
  readonly path: string;
  /** For writing; absent for standard input. */
  readonly absolute?: string;
  /** Where texts are kept, for writing: the folder, without links in its path, that the file must lie in. */
  readonly tree?: string;
  /** The language it is read in, where its name does not tell. */
  readonly languageId?: string | undefined;
  /** Its text; read again when it is asked for, unless texts are kept. */
  readonly content: TextFile;
}

/** A run over so many files, or over one of so many characters, is long enough for V8 to optimize in. */
const longRun = { files: 12_000, characters: 1_000_000 } as const;

const nothing: TextFile = { text: '', encoding: { name: 'utf8', bom: false } };

/** A file whose text is not kept: few of them are ever asked for it, and all together they are the workspace. */
class FileOnDisk implements LoadedFile {
  constructor(
    private readonly uri: string,
    private readonly cwd: string,
    readonly languageId?: string,
  ) {}

  get absolute(): string {
    return toPath(this.uri);
  }

  get path(): string {
    return relativePath(this.cwd, this.absolute);
  }

  get content(): TextFile {
    const result = readText(this.absolute);
    return result.kind === 'text' ? result.file : nothing;
  }
}

export interface Loaded {
  readonly groups: readonly Group[];
  /** How many files were read, those included that concern no pod. */
  readonly files: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** 200 MB: standard input is one stream that the user made on purpose, such as every object of a cluster. */
const stdinLimit = 200 * 1024 * 1024;
export const stdinName = '<stdin>';

/** Reads everything that the paths name into workspaces. Throws a {@link Failure} for a path that is not there. */
export async function load(request: LoadRequest): Promise<Loaded> {
  const loader = new Loader(request);
  const starts = (request.paths.length > 0 ? request.paths : ['.']).map((path) => loader.start(path));
  for (const start of starts) loader.read(start);
  request.console.endProgress();
  await loader.readTerraform();
  const loaded = loader.done();
  if (!request.onlyAsked) for (const { workspace } of loaded.groups) workspace.readAccounts();
  return loaded;
}

interface Start {
  readonly kind: 'folder' | 'file' | 'stdin';
  readonly path: string;
  readonly config: string | undefined;
  /** Of {@link LoadedFile}; undefined where nothing is written. */
  readonly tree?: string;
}

class Loader {
  private readonly groups = new Map<string, IgnoringGroup>();
  private readonly configs = new Set<string>();
  private readonly seen = new Seen();
  /** Files that were taken, where several paths are given: a walk takes none twice. */
  private readonly taken: Set<string> | undefined;
  private readonly skipped = new Map<string, string>();
  private readonly ignored: (path: string) => boolean;
  private readonly given: string | undefined;
  private files = 0;

  constructor(private readonly request: LoadRequest) {
    this.taken = request.paths.length > 1 ? new Set() : undefined;
    this.ignored = ignoring(request.ignore ?? [], toUri(request.cwd));
    this.given = request.config === undefined ? undefined : resolve(request.cwd, request.config);
  }

  start(given: string): Start {
    if (given === '-') {
      const path = resolve(this.request.cwd, this.request.stdinPath ?? stdinName);
      return this.configured({ kind: 'stdin', path, config: this.given ?? findConfig(dirname(path)) });
    }
    if (given === '') throw new Failure('a path is empty. Name a file or a folder, or - for standard input.');
    const path = resolve(this.request.cwd, given);
    try {
      const isFolder = statSync(path).isDirectory();
      const folder = isFolder ? path : dirname(path);
      const tree = this.request.keepTexts ? { tree: treeForWriting(folder, this.request.cwd) } : {};
      return this.configured({ kind: isFolder ? 'folder' : 'file', path, config: this.given ?? findConfig(folder), ...tree });
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(`${given}: ${systemReason(error)}`);
    }
  }

  private configured(start: Start): Start {
    if (start.config !== undefined) this.configs.add(start.config);
    return start;
  }

  read(start: Start): void {
    // One configuration rules all: paths outside of its folder are joined with those in it.
    const config = this.configs.size === 1 ? [...this.configs][0] : start.config;
    const group = this.group(config);
    if (start.kind === 'stdin') this.take(group, start, start.path, this.stdin(), 'stdin');
    else if (start.kind === 'file') this.take(group, start, start.path, this.file(group, start.path), 'named');
    else this.folder(group, start);
  }

  /**
   * A file that is named is read whatever its name is and whatever Git ignores, but not against the user's own word. Hooks
   * name files of every kind, so one that is not a text is skipped; that any other can't be read is a {@link Failure}:
   * "no problems" would be said of what nobody looked at.
   */
  private file(group: IgnoringGroup, path: string): ReadResult {
    if (this.ignored(path)) return { kind: 'skipped', reason: 'ignored by --ignore' };
    if (group.ignores(path)) return { kind: 'skipped', reason: 'ignored by pod-roles.yaml' };
    const result = readText(path, { pipes: true });
    if (result.kind === 'skipped' && !isNotText(result.reason))
      throw new Failure(`${relativePath(this.request.cwd, path)}: ${result.reason}`);
    return result;
  }

  private folder(group: IgnoringGroup, start: Start): void {
    const ignores = (path: string) => this.ignored(path) || group.ignores(path);
    group.folders.push({ path: start.path, ignores });
    for (const met of walk(start.path, { wants: group.wants, ignores, seen: this.seen })) {
      if (met.kind === 'skipped') this.skip(group, met.path, met.reason);
      else this.take(group, start, met.path, readMet(met.path), 'met');
      this.request.console.progress(() => `Reading: ${this.files} files`);
    }
  }

  /** @param from a walk met it, it was named, or it is standard input */
  private take(group: Group, { tree }: Start, path: string, result: ReadResult, from: 'met' | 'named' | 'stdin'): void {
    if (this.taken?.has(path)) return;
    this.taken?.add(path);
    if (result.kind === 'skipped') {
      this.skip(group, path, result.reason);
      return;
    }
    if (++this.files === longRun.files) optimizeSooner();
    else noteProgress();
    if (result.kind === 'irrelevant') return;
    const uri = toUri(path);
    const { text } = result.file;
    if (text.length > longRun.characters) {
      optimizeSooner();
      keepMuch();
    }
    const languageId = from === 'met' ? undefined : languageOf(path, text);
    group.workspace.load(uri, text, languageId);
    const { cwd, keepTexts } = this.request;
    // A pipe is read once.
    const again = !keepTexts && (from === 'met' || (from === 'named' && !isOfShell(path)));
    group.files.set(
      uri,
      again
        ? new FileOnDisk(uri, cwd, languageId)
        : {
            path: relativePath(cwd, path),
            content: result.file,
            languageId,
            ...(from === 'stdin' ? {} : { absolute: path, ...(tree === undefined ? {} : { tree }) }),
          },
    );
  }

  private skip(group: Group, path: string, reason: string): void {
    group.workspace.skip(toUri(path), reason);
    this.skipped.set(relativePath(this.request.cwd, path), reason);
  }

  private group(config: string | undefined): IgnoringGroup {
    const key = config ?? '';
    let group = this.groups.get(key);
    if (!group) {
      const { cwd, console } = this.request;
      const given: Settings = withLevels(
        config === undefined ? withoutConfig(cwd) : readConfig(config, cwd, { named: this.given !== undefined, files: true }),
        this.request.levels ?? {},
      );
      // Files of documentation that are here were asked for.
      const documents = this.request.documents ?? given.documents ?? false;
      const settings: Settings = { ...given, documents: true };
      const files = new Map<string, LoadedFile>();
      const workspace = new Workspace({
        settings,
        catalogue: actionCatalogue,
        reread: (uri) => files.get(uri)?.content.text,
        textOf: (uri) => textOf(files.get(uri)),
        records: false,
        log: (message) => tellFault(message, console),
      });
      group = {
        workspace,
        files,
        folders: [],
        ignores: ignoring(settings.ignore, settings.base),
        wants: documents ? (path) => isCandidate(path) || isDocumentation(path) : isCandidate,
      };
      this.groups.set(key, group);
    }
    return group;
  }

  private stdin(): ReadResult {
    let result: ReadResult;
    try {
      result = readBytes(readStdin(stdinLimit));
    } catch (error) {
      throw new Failure(`standard input: ${systemReason(error)}`);
    }
    if (result.kind === 'skipped') throw new Failure(`standard input: ${result.reason}`);
    if (result.kind === 'text') refuseFailedPipe(result.file.text, this.request.stdinPath);
    return result;
  }

  /** Loads the parser of HCL where Terraform files wait for it. */
  async readTerraform(): Promise<void> {
    if (hclParser() || ![...this.groups.values()].some(({ workspace }) => workspace.waitsForHcl)) return;
    try {
      setHclParser(await loadHcl());
    } catch (error) {
      this.request.console.complain(`Terraform files are not read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  done(): Loaded {
    const groups = [...this.groups.values()];
    // What the engine could not read of what was handed to it.
    for (const { workspace, files } of groups) {
      for (const { uri, reason } of workspace.skipped()) {
        const path = files.get(uri)?.path;
        if (path !== undefined && !this.skipped.has(path)) this.skipped.set(path, reason);
      }
    }
    const skipped = [...this.skipped].map(([path, reason]) => ({ path, reason })).sort((a, b) => byCodeUnits(a.path, b.path));
    return { groups, files: this.files, skipped };
  }
}

/** A fault of our own; its stack only with `--debug`. */
function tellFault(message: string, console: Console): void {
  const [head = '', ...frames] = message.split('\n');
  for (const line of [head, ...(console.debug ? frames : [])]) console.complain(line);
}

/** Which paths globs pass over. Most repositories have none, and no path is made a URI for them. */
function ignoring(globs: readonly string[], base: string | undefined): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const matches = fileMatcher(globs, base);
  return (path) => matches(toUri(path));
}

/** For a file that was named and whose name tells nothing, such as standard input: JSON by how it begins, else YAML. */
function languageOf(path: string, text: string): string | undefined {
  if (isCandidate(path) || isDocumentation(path)) return undefined;
  return beginsAsJson.test(text) ? 'json' : 'yaml';
}

/** Not `{{`, which begins a Helm template, and not YAML's `{a: b}`. */
const beginsAsJson = /^\s*(?:\[|\{\s*(?:["}/]|$))/;

/**
 * A command that failed writes nothing to its pipe, or half an object: "No problems" would be said of what nobody looked at.
 * An empty text is right where `--stdin-path` names the file that an editor holds. Throws a {@link Failure}.
 */
function refuseFailedPipe(text: string, stdinPath: string | undefined): void {
  if (text.trim() === '') {
    if (stdinPath === undefined) throw new Failure('standard input is empty.');
    return;
  }
  if (stdinPath === undefined ? !beginsAsJson.test(text) : !/\.json$/i.test(stdinPath)) return;
  try {
    JSON.parse(text);
  } catch {
    const problem = parseJson(text).problems.find(({ inTemplate }) => !inTemplate);
    if (!problem) return;
    const line = text.slice(0, problem.span.start).split('\n').length;
    throw new Failure(`standard input isn't valid JSON, line ${line}: ${problem.message}`);
  }
}
