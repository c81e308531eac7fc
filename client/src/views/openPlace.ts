import { Range, TabInputWebview, Uri, ViewColumn, window, workspace, type WebviewPanel } from 'vscode';
import { parsePlace } from './parts';

/** Opens a place that a page names, in the column of the editor and never in the page's own. */
export async function openPlace(value: string, panel: WebviewPanel): Promise<void> {
  const place = parsePlace(value);
  if (!place) return;
  const uri = Uri.parse(place.uri, true);
  const document = await workspace.openTextDocument(uri).then(
    (opened) => opened,
    () => undefined,
  );
  if (!document) {
    void window.showWarningMessage(`${workspace.asRelativePath(uri)} can't be opened: it was moved or deleted.`);
    return;
  }
  const { line, character } = place;
  await window.showTextDocument(document, {
    viewColumn: editorColumn(uri, panel.viewColumn),
    selection: new Range(line, character, line, character),
    preview: true,
  });
}

/** Where to open something from outside of a page: the active column, unless a page is in it. */
export function fileColumn(uri?: Uri): ViewColumn {
  const { activeTab, viewColumn } = window.tabGroups.activeTabGroup;
  return activeTab?.input instanceof TabInputWebview ? editorColumn(uri, viewColumn) : ViewColumn.Active;
}

/** The column where the file is shown already, else one with files in it, else a new one. */
function editorColumn(uri: Uri | undefined, own: ViewColumn | undefined): ViewColumn {
  const shown = window.visibleTextEditors.find(
    ({ document, viewColumn }) => viewColumn !== undefined && viewColumn !== own && document.uri.toString() === uri?.toString(),
  );
  const others = window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== own);
  const withFile = others.find(({ viewColumn }) => window.visibleTextEditors.some((editor) => editor.viewColumn === viewColumn));
  return shown?.viewColumn ?? (withFile ?? others[0])?.viewColumn ?? ViewColumn.Beside;
}
