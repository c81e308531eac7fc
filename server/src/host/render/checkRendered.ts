import { join, relative, sep } from 'node:path';
import type { Settings } from '../../core/config/settings';
import type { Finding } from '../../core/rules/rule';
import type { SourceDocument } from '../../core/syntax/sourceFile';
import { LineIndex, type Position } from '../../core/text/lineIndex';
import { Workspace } from '../../core/workspace/workspace';
import type { AwsIndex } from '../../core/wiring/aws';
import { isCandidate, readOptions } from '../candidates';
import { toPath, toUri } from '../paths';
import { readText } from '../readText';
import { Seen, walk } from '../walk';
import { linkLeadingOut } from './links';
import { pointBack, renderedAt, type Source } from './pointBack';
import { findRoots, isSourceOf, type Root } from './roots';
import { runTool } from './run';
import type { Tools } from './tools';

export interface RenderRequest {
  /** Folders to look in, absolute. */
  readonly starts: readonly string[];
  readonly ignores: (path: string) => boolean;
  readonly settings: Settings;
  readonly tools: Tools;
  /** What AWS, or a snapshot of it, knows; undefined where it is not asked. */
  readonly aws?: AwsIndex | undefined;
  /** Values files for every chart, absolute, the last one winning as for helm. */
  readonly values: readonly string[];
  /** The release's namespace and name; absent: they are not known, and nothing is said that hangs on them. */
  readonly namespace?: string | undefined;
  readonly release?: string | undefined;
  /** A file's text where it is not the disk's. */
  readonly textOf?: ((path: string) => string | undefined) | undefined;
  readonly onProgress?: ((done: number, of: number, folder: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((message: string) => void) | undefined;
  /** Where a time limit other than 30 seconds a root is wanted. Milliseconds. */
  readonly timeLimit?: number | undefined;
}

/** A finding in rendered output, at the place in the sources that it comes from. */
export interface RenderedFinding {
  readonly rule: string;
  readonly level: Finding['level'];
  readonly message: string;
  readonly path: string;
  /** Lines and columns from 0. */
  readonly start: Position;
  readonly end: Position;
  /** The text of the first line. */
  readonly source: string;
  readonly related: readonly { readonly path: string; readonly start: Position; readonly end: Position; readonly message: string }[];
}

export interface RenderedRoot {
  readonly kind: Root['kind'];
  /** Absolute. */
  readonly folder: string;
  readonly tool: string;
  /** Why it was not rendered. */
  readonly problem?: string;
}

export interface RenderReport {
  readonly roots: readonly RenderedRoot[];
  /** Sorted by path and place. */
  readonly findings: readonly RenderedFinding[];
  /** Tools that are wanted and are not on the PATH: `helm`, `kustomize or kubectl`. */
  readonly missing: readonly string[];
}

const defaultTimeLimit = 30_000;
/** How many tools run at once. */
const atOnce = 4;
const sizeLimit = 50 * 1024 * 1024;
/** Stand for what nobody told; replaced in the output by placeholders, so that they are compared with nothing. */
const unknown = { namespace: 'pod-roles-unknown-namespace', release: 'pod-roles-unknown-release' } as const;

/**
 * Renders charts and kustomizations with the tools given and judges their output together with the other files: what
 * their sources say by themselves is left out. Runs nothing where no root is there or a tool is missing for one.
 */
export async function checkRendered(request: RenderRequest): Promise<RenderReport> {
  const roots = findRoots(request.starts, request.ignores);
  const missing = [
    ...(roots.some(({ kind }) => kind === 'chart') && !request.tools.helm ? ['helm'] : []),
    ...(roots.some(({ kind }) => kind === 'kustomization') && !request.tools.kustomize ? ['kustomize or kubectl'] : []),
  ];
  if (roots.length === 0 || missing.length > 0) return { roots: [], findings: [], missing };
  const outputs: { readonly root: Root; readonly uri: string; readonly tool: string }[] = [];
  const report: RenderedRoot[] = [];
  const workspace = new Workspace({ settings: request.settings, records: false, ...(request.log ? { log: request.log } : {}) });
  if (request.aws) workspace.setAws(request.aws);
  const texts = new Map<string, string>();
  let begun = 0;
  const results = await eachOf(roots, (root) => {
    request.onProgress?.(begun++, roots.length, root.folder);
    const tool = root.kind === 'chart' ? request.tools.helm! : request.tools.kustomize!;
    const link = root.kind === 'chart' ? linkLeadingOut(root.folder) : undefined;
    if (link !== undefined)
      return Promise.resolve({
        kind: 'failed',
        reason: `${relative(root.folder, link)} is a link to a file outside of this repository, which helm would read`,
      } as const);
    return runTool(tool, argumentsFor(root, request), {
      cwd: root.folder,
      timeLimit: request.timeLimit ?? defaultTimeLimit,
      sizeLimit,
      signal: request.signal,
    });
  });
  for (const [i, root] of roots.entries()) {
    const tool = root.kind === 'chart' ? request.tools.helm! : request.tools.kustomize!;
    const result = results[i]!;
    const about = { kind: root.kind, folder: root.folder, tool: tool.name };
    if (result.kind === 'failed') {
      report.push({ ...about, problem: result.reason });
      continue;
    }
    report.push(about);
    const uri = toUri(join(root.folder, `pod-roles-rendered-${root.kind}.yaml`));
    const text = withPlaceholders(result.stdout);
    texts.set(uri, text);
    outputs.push({ root, uri, tool: tool.name });
  }
  for (const path of otherFiles(
    request,
    outputs.map(({ root }) => root),
  )) {
    const text = request.textOf?.(path) ?? read(path);
    if (text !== undefined) workspace.load(toUri(path), text);
  }
  // Open, so that the text about a finding is at hand.
  for (const [uri, text] of texts) workspace.open(uri, text, 'yaml');
  const back = new BackPointer(workspace, new Map(outputs.map((output) => [output.uri, output])), request);
  const findings = outputs.flatMap(({ uri }) => workspace.check(uri).map((finding) => back.finding(finding)));
  return { roots: report, findings: distinct(findings), missing };
}

/** Works on some items at once, and gives the results in the items' order. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function argumentsFor(root: Root, { values, namespace, release }: RenderRequest): string[] {
  if (root.kind === 'kustomization') return [root.folder];
  return [
    release ?? unknown.release,
    root.folder,
    '--namespace',
    namespace ?? unknown.namespace,
    ...values.flatMap((path) => ['--values', path]),
  ];
}

function withPlaceholders(output: string): string {
  return output.replaceAll(unknown.namespace, '<RELEASE_NAMESPACE>').replaceAll(unknown.release, '<RELEASE_NAME>');
}

/** Every other file that may matter: what is rendered stands for its own sources. */
function* otherFiles({ starts, ignores, values }: RenderRequest, roots: readonly Root[]): Generator<string> {
  const seen = new Seen();
  for (const start of starts) {
    for (const met of walk(start, { wants: isCandidate, ignores, seen })) {
      if (met.kind === 'file' && !values.includes(met.path) && !roots.some((root) => isSourceOf(root, met.path))) yield met.path;
    }
  }
}

function read(path: string): string | undefined {
  const result = readText(path, readOptions(path));
  return result.kind === 'text' ? result.file.text : undefined;
}

/** Leads from places in the output to places in the sources. */
class BackPointer {
  private readonly sources = new Map<string, Source | undefined>();

  constructor(
    private readonly workspace: Workspace,
    private readonly outputs: ReadonlyMap<string, { readonly root: Root; readonly tool: string }>,
    private readonly request: RenderRequest,
  ) {}

  finding(finding: Finding): RenderedFinding {
    const place = this.place(finding.at);
    const { root, tool } = this.outputs.get(finding.at.doc.uri)!;
    const from = this.shown(root.folder);
    const words = place.sure ? `(Rendered by ${tool} from ${from}.)` : `(Rendered by ${tool} from ${from}; in its output: ${place.line}.)`;
    return {
      rule: finding.rule,
      level: finding.level,
      message: `${finding.message} ${words}`,
      path: place.path,
      start: place.start,
      end: place.end,
      source: place.source,
      related: finding.related.map(({ at, message }) => {
        const { path, start, end } = this.place(at);
        return { path, start, end, message };
      }),
    };
  }

  private place({ doc, span }: Finding['at']): {
    path: string;
    start: Position;
    end: Position;
    source: string;
    sure: boolean;
    line: string;
  } {
    const output = this.outputs.get(doc.uri);
    if (!output) {
      const start = this.workspace.position(doc, span.start) ?? { line: 0, character: 0 };
      return { path: toPath(doc.uri), start, end: this.workspace.position(doc, span.end) ?? start, source: '', sure: true, line: '' };
    }
    const document = this.workspace.documentAt(doc.uri, doc.start + span.start)!.document;
    const rendered = renderedAt(document.text, span.start, span.end);
    const { root } = output;
    const own = this.source(root.file) ?? { path: root.file, text: '' };
    const found = pointBack(rendered, this.sourcesOf(root, document), own);
    const text = found.path === own.path ? own.text : this.source(found.path)!.text;
    const lines = new LineIndex(text);
    const start = lines.positionAt(found.start);
    return {
      path: found.path,
      start,
      end: lines.positionAt(found.end),
      source: text.split('\n')[start.line]?.replace(/\r$/, '') ?? '',
      sure: found.sure,
      line: rendered.line,
    };
  }

  /** The texts that a document of the output may come from, nearest first. */
  private sourcesOf(root: Root, document: SourceDocument): Source[] {
    const paths = root.kind === 'chart' ? this.chartSources(root, document) : root.sources;
    const found = [...new Set(paths)].flatMap((path) => this.source(path) ?? []);
    if (root.kind === 'chart') return found;
    // Of several objects' files, those that speak of this one come first.
    const name = /^ {2}name: ["']?([\w.-]+)/m.exec(document.text)?.[1];
    const speaking = new Set(name === undefined ? [] : found.filter((source) => namesIn(source).has(name)));
    return [...speaking, ...found.filter((source) => !speaking.has(source))];
  }

  private chartSources(root: Root, { text }: SourceDocument): string[] {
    const template = /^# Source: [^/\s]+\/(\S+)/m.exec(text)?.[1];
    const values = [...this.request.values].reverse();
    const templates = root.sources.filter((path) => path.startsWith(join(root.folder, 'templates') + sep));
    // A chart within brings its own values.
    const inner = template === undefined ? undefined : /^((?:charts\/[^/]+\/)+)/.exec(template)?.[1];
    return [
      ...(template === undefined ? [] : [join(root.folder, ...template.split('/'))]),
      ...values,
      join(root.folder, 'values.yaml'),
      ...(inner === undefined ? templates.filter((path) => path.endsWith('.tpl')) : [join(root.folder, inner, 'values.yaml')]),
    ];
  }

  private source(path: string): Source | undefined {
    if (!this.sources.has(path)) {
      const result = readText(path);
      const text = this.request.textOf?.(path) ?? (result.kind === 'text' ? result.file.text : undefined);
      this.sources.set(path, text === undefined ? undefined : { path, text });
    }
    return this.sources.get(path);
  }

  /** A folder as people name it: from the start that it lies in. */
  private shown(folder: string): string {
    const start = this.request.starts.find((each) => folder === each || folder.startsWith(each.endsWith(sep) ? each : each + sep));
    return (start === undefined ? folder : relative(start, folder).split(sep).join('/')) || '.';
  }
}

const names = new WeakMap<Source, ReadonlySet<string>>();

/** The names that a source gives to objects. Each source is looked through once. */
function namesIn(source: Source): ReadonlySet<string> {
  const known = names.get(source) ?? new Set(Array.from(source.text.matchAll(/name: *["']?([\w.-]+)["']?\s/g), ([, name]) => name!));
  names.set(source, known);
  return known;
}

/** Sorted; what several roots say of one place of their common sources is said once. */
function distinct(findings: readonly RenderedFinding[]): RenderedFinding[] {
  const known = new Map<string, RenderedFinding>();
  for (const finding of findings) {
    const { path, start, rule } = finding;
    const key = `${path}\0${String(start.line).padStart(9, '0')}\0${String(start.character).padStart(9, '0')}\0${rule}\0${finding.message.replace(/ \(Rendered by [^)]*\)$/, '')}`;
    if (!known.has(key)) known.set(key, finding);
  }
  return [...known].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, finding]) => finding);
}
