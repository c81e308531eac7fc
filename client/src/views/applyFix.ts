import { commands, Uri, window, workspace, type TextDocument, type WorkspaceEdit } from 'vscode';
import { CodeActionRequest, type CodeAction, type LanguageClient } from 'vscode-languageclient/node';
import type { PodRolesClient } from '../client';
import type { ExplainFix } from '../../../protocol/explain';
import { changedBetween, fixAmong } from './fixes';

/**
 * Applies one of the fixes of a page: the code action of that title for that rule at that place, as the light bulb would.
 * Nothing is changed if the file, or one that the fix changes, is another version than the one that the fix was computed for.
 * @returns false if nothing was applied; the user is told why.
 */
export async function applyFix(client: PodRolesClient, fix: ExplainFix, title: string): Promise<boolean> {
  const running = await client.running();
  if (!running || !fix.place) return refuse('The language server is not running.');
  const { uri, line, character, end = fix.place } = fix.place;
  const document = await workspace.openTextDocument(Uri.parse(uri, true));
  if (fix.version !== undefined && document.version !== fix.version) return refuse('The file has changed meanwhile.');
  const before = versions();
  const actions = await running.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start: { line, character }, end: { line: end.line, character: end.character } },
    context: { diagnostics: [] },
  });
  const action = fixAmong<CodeAction>(actions, fix.rule, title);
  const edit = action?.edit && (await toEdit(running, action));
  if (!edit) return refuse('The file has changed meanwhile.');
  const changed = edit.entries().map(([uri]) => uri.toString());
  if (changedBetween(changed, before, versions())) return refuse('The file has changed meanwhile.');
  return (await workspace.applyEdit(edit)) || refuse('The editor rejected the change.');
}

async function toEdit(client: LanguageClient, { edit }: CodeAction): Promise<WorkspaceEdit | undefined> {
  return client.protocol2CodeConverter.asWorkspaceEdit(edit);
}

function versions(): ReadonlyMap<string, number> {
  return new Map(workspace.textDocuments.map((document: TextDocument) => [document.uri.toString(), document.version]));
}

function refuse(why: string): false {
  void window.showWarningMessage(`The fix was not applied. ${why}`, 'Show Problems').then((choice) => {
    if (choice) void commands.executeCommand('workbench.actions.view.problems');
  });
  return false;
}
