import { CodeActionKind, type CodeAction, type CodeActionParams, type WorkspaceEdit } from '../library';
import { actionsAt, fixAll } from '../../core/features/codeActions';
import type { Finding } from '../../core/rules/rule';
import { LineIndex } from '../../core/text/lineIndex';
import type { Span } from '../../core/text/span';
import { visible } from '../../core/text/visible';
import { literal } from '../../core/text/texts';
import { toDiagnostic, toWorkspaceEdit } from '../convert';
import type { OpenDocument } from '../documents';
import { guard, type Session } from '../session';
import { disableInConfig } from '../configEdit';
import type { Parts } from './parts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.podRoles`;

/** textDocument/codeAction: fixes, suppressions, the rule's page. */
export function registerCodeAction(session: Session, { settings }: Parts): void {
  session.connection.onCodeAction(
    guard<CodeActionParams, CodeAction[]>(session, 'textDocument/codeAction', [], (params) => {
      const { uri } = params.textDocument;
      const document = session.documents.get(uri);
      if (!document) return [];
      const wanted = (kind: string): boolean =>
        !params.context.only || params.context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
      const actions: CodeAction[] = [];
      if (settings.isConfig(uri)) return wanted(CodeActionKind.QuickFix) ? configFixes(document, params, settings) : [];
      if (wanted(CodeActionKind.QuickFix)) actions.push(...quickFixes(session, params, settings));
      // Only when asked for: "fix all" on every light bulb would be noise, but the editor's list shows it with the others.
      if (params.context.only ? wanted(fixAllKind) : actions.some((action) => action.isPreferred)) {
        const all = fixAll(session.workspace, uri);
        if (all) actions.push({ title: all.title, kind: fixAllKind, edit: toWorkspaceEdit(session.workspace, all.edits) });
      }
      if (session.can.podRolesCommands && !params.context.only) actions.push(...diagnoseActions(session, params));
      if (session.can.podRolesCommands && wanted(CodeActionKind.Refactor)) actions.push(...migrateActions(session, params));
      return actions;
    }),
  );
}

/** For an account that asks for a role: what the clipboard holds, explained for it. The client reads the clipboard when it is run. */
function diagnoseActions(session: Session, params: CodeActionParams): CodeAction[] {
  const account = annotatedAccount(session, params);
  if (!account) return [];
  const title = 'Diagnose with clipboard';
  const command = { title, command: 'podRoles.diagnoseAnError', arguments: [{ workload: account, clipboard: true }] };
  return [{ title, kind: CodeActionKind.Empty, command }];
}

/** For an account with an annotation: the plan of its move to EKS Pod Identity. */
function migrateActions(session: Session, params: CodeActionParams): CodeAction[] {
  const account = annotatedAccount(session, params);
  if (!account) return [];
  const title = `Migrate ${visible(account.namespace)}/${visible(account.name)} to EKS Pod Identity…`;
  const target = { uri: params.textDocument.uri, position: params.range.start };
  return [{ title, kind: CodeActionKind.Refactor, command: { title, command: 'podRoles.migrateToEksPodIdentity', arguments: [target] } }];
}

/** The account whose annotation for a role stands at a place. */
function annotatedAccount(
  { workspace, documents }: Session,
  { textDocument: { uri }, range }: CodeActionParams,
): { readonly namespace: string; readonly name: string } | undefined {
  const offset = documents.get(uri)!.offsetAt(range.start);
  const { wiring } = workspace;
  for (const fact of wiring.facts(uri)) {
    if (fact.kind !== 'serviceAccount' || !fact.roleArn) continue;
    const { entrySpan, doc } = fact.roleArn;
    if (offset < doc.start + entrySpan.start || offset > doc.start + entrySpan.end) continue;
    const [identity] = wiring.identitiesOf(fact);
    const [namespace, name] = [identity?.namespace, identity?.name ?? literal(fact.name)];
    if (namespace !== undefined && name !== undefined) return { namespace, name };
  }
  return undefined;
}

function quickFixes(session: Session, params: CodeActionParams, settings: Parts['settings']): CodeAction[] {
  const { workspace, documents, can } = session;
  const { uri } = params.textDocument;
  const document = documents.get(uri)!;
  const found = actionsAt(workspace, uri, document.offsetAt(params.range.start), document.offsetAt(params.range.end));
  const actions = found.map((action): CodeAction => ({
    title: action.title,
    kind: CodeActionKind.QuickFix,
    edit: toWorkspaceEdit(workspace, action.edits),
    ...(action.preferred ? { isPreferred: true } : {}),
    ...(action.finding ? { diagnostics: [toDiagnostic(workspace, action.finding, can)] } : {}),
  }));
  const findings = distinct(workspace.check(uri).filter((finding) => touches(session, params, finding)));
  for (const finding of findings) {
    if (/\.json$/i.test(uri)) {
      const edit = disableInConfig(session, settings, uri, finding.rule);
      const title = `Disable ${finding.rule} for this file in pod-roles.yaml`;
      if (edit) actions.push({ title, kind: CodeActionKind.QuickFix, edit, ...saved(session, title, edit) });
    }
    if (can.podRolesCommands) {
      const title = `Explain the rule ${finding.rule}`;
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        command: { title, command: 'podRoles.explainRule', arguments: [finding.rule] },
      });
    }
  }
  return actions;
}

/** The configuration is saved once it is written, where our own client is there to do it: CI reads the file, not the editor. */
function saved({ can }: Session, title: string, edit: WorkspaceEdit): Pick<CodeAction, 'command'> {
  const [uri] = uriOf(edit);
  return can.podRolesCommands && uri !== undefined ? { command: { title, command: 'podRoles.saveFile', arguments: [uri] } } : {};
}

function uriOf({ changes, documentChanges }: WorkspaceEdit): string[] {
  return [
    ...Object.keys(changes ?? {}),
    ...(documentChanges ?? []).flatMap((change) => ('textDocument' in change ? [change.textDocument.uri] : [])),
  ];
}

/** What words of pod-roles.yaml were probably meant to be. */
function configFixes(document: OpenDocument, { textDocument, range }: CodeActionParams, settings: Parts['settings']): CodeAction[] {
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const text = document.getText();
  const lines = new LineIndex(text);
  const rangeOf = ({ start, end }: Span) => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  return settings.problemsOf(textDocument.uri).flatMap(({ message, span, fix }) => {
    if (!fix || span.end < from || span.start > to || fix.span.end > text.length) return [];
    return [
      {
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        isPreferred: true,
        diagnostics: [{ range: rangeOf(span), severity: 1, source: 'pod-roles', message }],
        edit: { changes: { [textDocument.uri]: [{ range: rangeOf(fix.span), newText: fix.newText }] } },
      },
    ];
  });
}

function touches(session: Session, params: CodeActionParams, finding: Finding): boolean {
  const document = session.documents.get(params.textDocument.uri)!;
  const from = finding.at.doc.start + finding.at.span.start;
  const to = finding.at.doc.start + finding.at.span.end;
  return to >= document.offsetAt(params.range.start) && from <= document.offsetAt(params.range.end);
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
}
