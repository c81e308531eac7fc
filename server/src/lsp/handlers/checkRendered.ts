import type { CancellationToken, Diagnostic } from 'vscode-languageserver/node';
import { fileMatcher } from '../../core/config/globs';
import { checkRendered, type RenderedFinding, type RenderReport } from '../../host/render/checkRendered';
import { findTools } from '../../host/render/tools';
import { toPath, toUri } from '../../host/paths';
import { rulePage, severities, shownMessage } from '../convert';
import { checkRenderedRequest, type CheckRenderedParams, type CheckRenderedResult } from '../../../../protocol/render';
import { guard, type Session } from '../session';
import type { Parts } from './parts';

/** podRoles/checkRendered: judges what the tools on the PATH make of charts and kustomizations. */
export function registerRenderedCheck(session: Session, { files }: Parts): void {
  const failed = { message: 'The output could not be checked; the log says why.' };
  session.connection.onRequest(
    checkRenderedRequest,
    guard<CheckRenderedParams, CheckRenderedResult | { readonly message: string }>(
      session,
      'podRoles/checkRendered',
      failed,
      async (params, token) => {
        if (!session.can.isTrusted)
          return {
            message: 'Charts and kustomizations are rendered in a trusted workspace alone: their templates are run by helm and kustomize.',
          };
        const starts = params.folder?.startsWith('file:') ? [toPath(params.folder)] : files.roots;
        const report = await render(session, params, starts, files.roots, token);
        if (report.missing.length > 0) return { message: `Rendering needs ${report.missing.join(' and ')} on the PATH of the editor.` };
        if (report.roots.length === 0) return { message: 'There is nothing to render: no Chart.yaml and no kustomization here.' };
        const diagnostics = diagnosticsOf(session, report.findings);
        return {
          roots: report.roots.map(({ folder, kind, tool, problem }) => ({
            uri: toUri(folder),
            kind,
            tool,
            ...(problem === undefined ? {} : { problem }),
          })),
          diagnostics,
          summary: summary(
            report,
            diagnostics.reduce((sum, { items }) => sum + items.length, 0),
          ),
        };
      },
    ),
  );
}

async function render(
  session: Session,
  params: CheckRenderedParams,
  starts: readonly string[],
  folders: readonly string[],
  token: CancellationToken,
): Promise<RenderReport> {
  const { workspace, documents, uris, can, connection, log } = session;
  const { settings } = workspace.wiring;
  const ignored = fileMatcher(settings.ignore, settings.base);
  const progress = can.progress ? await connection.window.createWorkDoneProgress() : undefined;
  const stop = new AbortController();
  const watches = [token, progress?.token].map((each) => each?.onCancellationRequested(() => stop.abort()));
  progress?.begin('Pod Roles', undefined, 'Rendering', true);
  try {
    return await checkRendered({
      starts,
      ignores: (path) => ignored(toUri(path)),
      settings,
      tools: findTools(folders),
      aws: workspace.wiring.aws,
      values: (params.values ?? []).filter((uri) => uri.startsWith('file:')).map(toPath),
      namespace: params.namespace,
      release: params.release,
      signal: stop.signal,
      textOf: (path) => documents.get(uris.of(path))?.getText(),
      onProgress: (done, of, folder) => progress?.report(`${done} of ${of}: ${folder}`),
      log: (message) => log.warn(message),
    });
  } finally {
    progress?.done();
    for (const watch of watches) watch?.dispose();
  }
}

/** By file; without what the file's own diagnostics say of the same line. */
function diagnosticsOf({ workspace, can, uris }: Session, findings: readonly RenderedFinding[]): CheckRenderedResult['diagnostics'] {
  const byUri = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    const uri = uris.of(finding.path);
    const isKnown = workspace
      .check(uri)
      .some(({ rule, at }) => rule === finding.rule && workspace.position(at.doc, at.span.start)?.line === finding.start.line);
    if (isKnown) continue;
    const items = byUri.get(uri) ?? [];
    byUri.set(uri, items);
    items.push({
      range: { start: finding.start, end: finding.end },
      severity: severities[finding.level],
      code: finding.rule,
      codeDescription: { href: rulePage(finding.rule, can) },
      source: 'pod-roles',
      message: shownMessage(finding.message),
      ...(finding.related.length > 0
        ? {
            relatedInformation: finding.related.map(({ path, start, end, message }) => ({
              location: { uri: uris.of(path), range: { start, end } },
              message,
            })),
          }
        : {}),
    });
  }
  return [...byUri].map(([uri, items]) => ({ uri, items }));
}

function summary({ roots }: RenderReport, found: number): string {
  const failed = roots.filter(({ problem }) => problem !== undefined).length;
  const rendered = `${roots.length - failed} of ${roots.length} ${roots.length === 1 ? 'chart or kustomization' : 'charts and kustomizations'} rendered`;
  return found === 0
    ? `No problems in the output: ${rendered}.`
    : `${found} ${found === 1 ? 'problem' : 'problems'} in the output; ${rendered}.`;
}
