import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { fileMatcher } from '../core/config/globs';
import { docsUrl } from '../core/rules/docsUrl';
import { checkRendered, type RenderedFinding, type RenderReport } from '../host/render/checkRendered';
import { findTools, type Tools } from '../host/render/tools';
import { byCodeUnits, relativePath, toUri } from '../host/paths';
import { readText } from '../host/readText';
import type { Console } from './console';
import { Failure } from './failure';
import type { ReportedFinding } from './formats/report';
import type { Loaded } from './load';
import { collect } from './workspaceOptions';

/** The options of `check` that concern rendering. */
export interface RenderOptions {
  readonly render?: boolean;
  readonly values?: readonly string[];
  readonly namespace?: string;
  readonly release?: string;
  readonly ignore?: readonly string[];
}

/** Adds the options of {@link RenderOptions}. */
export function addRenderOptions(command: Command): Command {
  return command
    .option('--render', 'also render charts with helm, and kustomizations with kustomize or kubectl, and check the output')
    .option('--values <file>', 'with --render: a values file for every chart (repeatable)', collect)
    .option('--namespace <name>', 'with --render: the namespace that charts are released to')
    .option('--release <name>', "with --render: the release's name");
}

/** What rendering adds to the report. */
export interface Rendered {
  readonly findings: readonly ReportedFinding[];
  /** Charts and kustomizations that could not be rendered, and why. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Renders what the paths hold and judges it. Findings that the sources have by themselves are left out. Throws a
 * {@link Failure} where a tool is missing or an option does not fit.
 */
export async function addRendered(
  loaded: Loaded,
  found: readonly ReportedFinding[],
  paths: readonly string[],
  options: RenderOptions,
  cwd: string,
  console: Console,
): Promise<Rendered> {
  if (!options.render) {
    for (const option of ['values', 'namespace', 'release'] as const)
      if (options[option] !== undefined) throw new Failure(`--${option} says how to render: give it with --render.`);
    return { findings: [], failed: [] };
  }
  const starts = (paths.length > 0 ? paths : ['.']).filter((path) => path !== '-').map((path) => folderOf(resolve(cwd, path)));
  const values = (options.values ?? []).map((path) => valuesFile(path, cwd));
  const tools = findTools(starts);
  const settings = loaded.groups[0]?.workspace.wiring.settings;
  if (!settings) return { findings: [], failed: [] };
  const [own, configured] = [fileMatcher(options.ignore ?? [], toUri(cwd)), fileMatcher(settings.ignore, settings.base)];
  const files = new Map(
    loaded.groups.flatMap((group) =>
      [...group.files.values()].flatMap((file) => (file.absolute === undefined ? [] : [[file.absolute, file] as const])),
    ),
  );
  const report = await checkRendered({
    starts: [...new Set(starts)],
    ignores: (path) => own(toUri(path)) || configured(toUri(path)),
    settings,
    tools,
    values,
    aws: loaded.groups[0]?.workspace.wiring.aws,
    namespace: options.namespace,
    release: options.release,
    textOf: (path) => files.get(path)?.content.text,
    onProgress: (done, of, folder) => console.progress(() => `Rendering: ${done} of ${of}, ${relativePath(cwd, folder)}`),
    log: (message) => console.complain(message),
  });
  console.endProgress();
  tellMissing(report, tools);
  if (report.roots.length === 0) console.note('Nothing to render: no Chart.yaml and no kustomization here.');
  const failed = report.roots.flatMap(({ folder, problem }) =>
    problem === undefined ? [] : [{ path: relativePath(cwd, folder), reason: problem }],
  );
  for (const { path, reason } of failed) console.complain(`${path} was not rendered: ${reason}`);
  const known = new Set(found.map((finding) => `${finding.rule} ${finding.path}:${finding.line}`));
  const findings = report.findings
    .map((finding) => reported(finding, cwd))
    .filter((finding) => !known.has(`${finding.rule} ${finding.path}:${finding.line}`));
  return { findings, failed: failed.sort((a, b) => byCodeUnits(a.path, b.path)) };
}

function tellMissing({ missing }: RenderReport, tools: Tools): void {
  if (missing.length === 0) return;
  const here = Object.values(tools).map(({ name }: { name: string }) => name);
  throw new Failure(
    `--render needs ${missing.join(' and ')} on the PATH${here.length > 0 ? ` (only ${here.join(' and ')} is there)` : ''}. Install it, or check without --render.`,
  );
}

function valuesFile(path: string, cwd: string): string {
  const absolute = resolve(cwd, path);
  const result = readText(absolute);
  if (result.kind !== 'text') throw new Failure(`${path}: ${result.kind === 'skipped' ? result.reason : 'not read'}`);
  return absolute;
}

/** The folder of a file; a folder itself. */
function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? resolve(path, '..') : path;
}

function reported({ rule, level, message, path, start, end, source, related }: RenderedFinding, cwd: string): ReportedFinding {
  const shown = (file: string): string => relativePath(cwd, file);
  return {
    rule,
    severity: level,
    message,
    path: shown(path),
    docs: docsUrl(rule),
    fixes: [],
    fixable: false,
    source,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    related: related.map((each) => ({
      path: shown(each.path),
      message: each.message,
      line: each.start.line + 1,
      column: each.start.character + 1,
      endLine: each.end.line + 1,
      endColumn: each.end.character + 1,
    })),
  };
}
