import { commands, Uri, window, workspace } from 'vscode';
import type { Services } from '../services';

/**
 * Opens a rule's page, rendered, from the files of the extension: nothing of the web is needed. Takes the rule's id from a
 * diagnostic's link, a code action or a view; else asks for one.
 */
export async function explainRule({ context }: Services, given?: unknown): Promise<void> {
  const folder = Uri.joinPath(context.extensionUri, 'docs', 'rules');
  const id = typeof given === 'string' ? given : await pickRule(folder);
  // An id, and nothing that leads elsewhere.
  if (id === undefined || !/^[a-z0-9-]+$/.test(id)) return;
  const page = Uri.joinPath(folder, `${id}.md`);
  const isThere = await workspace.fs.stat(page).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    void window.showWarningMessage(`There is no page for a rule ${id}.`);
    return;
  }
  // Without VS Code's own Markdown extension the page is shown as text.
  await commands.executeCommand('markdown.showPreview', page).then(undefined, () => window.showTextDocument(page, { preview: true }));
}

async function pickRule(folder: Uri): Promise<string | undefined> {
  const names = (await workspace.fs.readDirectory(folder)).map(([name]) => name).filter((name) => name.endsWith('.md'));
  return window.showQuickPick(
    names.map((name) => name.slice(0, -'.md'.length)),
    { title: 'Explain Rule', placeHolder: 'Rule' },
  );
}
