import { DiagnosticSeverity, type Diagnostic, type Location, type Range, type TextEdit, type WorkspaceEdit } from './library';
import { docsUrl } from '../core/rules/docsUrl';
import type { Edit, Finding } from '../core/rules/rule';
import type { DocumentRef, Place } from '../core/syntax/sourceFile';
import type { Span } from '../core/text/span';
import { visible } from '../core/text/visible';
import type { WorkspaceView } from '../core/features/workspaceView';
import type { ClientCan } from './session';

const start = { line: 0, character: 0 };

/** A span of a document as the protocol's range; the file's first character when its lines are not known. */
export function toRange(view: WorkspaceView, doc: DocumentRef, span: Span): Range {
  const from = view.position(doc, span.start);
  const to = view.position(doc, span.end);
  return from && to ? { start: from, end: to } : { start, end: start };
}

export function toLocation(view: WorkspaceView, place: Place): Location {
  return { uri: place.doc.uri, range: toRange(view, place.doc, place.span) };
}

export const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

/** Where a rule's page is: for our own client a command that opens it from the package, for others its address. */
export function rulePage(rule: string, { podRolesCommands }: Pick<ClientCan, 'podRolesCommands'>): string {
  return podRolesCommands ? `command:podRoles.explainRule?${encodeURIComponent(JSON.stringify([rule]))}` : docsUrl(rule);
}

export function toDiagnostic(
  view: WorkspaceView,
  finding: Finding,
  can: Pick<ClientCan, 'relatedInformation' | 'podRolesCommands'>,
): Diagnostic {
  return {
    range: toRange(view, finding.at.doc, finding.at.span),
    severity: severities[finding.level],
    code: finding.rule,
    codeDescription: { href: rulePage(finding.rule, can) },
    source: 'pod-roles',
    message: shownMessage(finding.message),
    ...(can.relatedInformation && finding.related.length > 0
      ? { relatedInformation: finding.related.map((r) => ({ location: toLocation(view, r.at), message: shownMessage(r.message) })) }
      : {}),
  };
}

/** A message of a finding, whose line breaks are ours. */
export function shownMessage(message: string): string {
  return message.split('\n').map(visible).join('\n');
}

export function toTextEdit(view: WorkspaceView, edit: Edit): TextEdit {
  return { range: toRange(view, edit.doc, edit.span), newText: edit.newText };
}

/** Edits of several files as one change that the editor can undo as one. */
export function toWorkspaceEdit(view: WorkspaceView, edits: readonly Edit[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) (changes[edit.doc.uri] ??= []).push(toTextEdit(view, edit));
  return { changes };
}
