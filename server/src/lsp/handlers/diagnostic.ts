import type { DocumentDiagnosticReport, WorkspaceDiagnosticReport } from 'vscode-languageserver/node';
import type { Parts } from './parts';
import { guard, type Session } from '../session';

/** textDocument/diagnostic and workspace/diagnostic. */
export function registerDiagnostic(session: Session, { diagnostics }: Parts): void {
  const nothing: DocumentDiagnosticReport = { kind: 'full', items: [] };
  session.connection.languages.diagnostics.on(
    guard(session, 'textDocument/diagnostic', nothing, (params) => diagnostics.pull(params.textDocument.uri, params.previousResultId)),
  );
  const none: WorkspaceDiagnosticReport = { items: [] };
  session.connection.languages.diagnostics.onWorkspace(
    guard(session, 'workspace/diagnostic', none, (params, token) =>
      diagnostics.pullWorkspace(new Map(params.previousResultIds.map(({ uri, value }) => [uri, value])), token),
    ),
  );
}
