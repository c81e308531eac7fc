import { Range, Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import type { MigrateFile } from '../../../../protocol/migrate';

/*
 * A step as a change of the editor's files.
 */

/** The change of all files; undefined if one of them is no longer as it was read. */
export async function editOf(files: readonly MigrateFile[]): Promise<WorkspaceEdit | undefined> {
  const edit = new WorkspaceEdit();
  for (const { uri: text, action, before, after, edits } of files) {
    const uri = Uri.parse(text, true);
    if (action === 'create') {
      if (await exists(uri)) return undefined;
      edit.createFile(uri, { overwrite: false, contents: new TextEncoder().encode(after) });
      continue;
    }
    const document = await opened(uri);
    if (!document || sameLines(document.getText()) !== sameLines(before)) return undefined;
    for (const { range, newText } of edits)
      edit.replace(uri, new Range(range.start.line, range.start.character, range.end.line, range.end.character), newText);
  }
  return edit;
}

async function opened(uri: Uri): Promise<TextDocument | undefined> {
  return workspace.openTextDocument(uri).then(
    (document) => document,
    () => undefined,
  );
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** The editor gives a file with two kinds of line ends one of them; places are by line and column, so that both are alike. */
function sameLines(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

/** The open documents of a step's files that are changed and not saved: their paths, and a way to save them. */
export function unsavedOf(files: readonly MigrateFile[]): readonly { readonly path: string; save(): Thenable<boolean> }[] {
  return files.flatMap(({ uri: text, path }) => {
    const uri = Uri.parse(text, true).toString();
    const document = workspace.textDocuments.find((each) => each.isDirty && each.uri.toString() === uri);
    return document ? [{ path, save: () => document.save() }] : [];
  });
}
