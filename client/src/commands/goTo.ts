import { Range, window } from 'vscode';
import { fileColumn } from '../views/openPlace';
import { placeOfRow } from '../views/roles/tree';
import type { Services } from '../services';

/** Opens the file of a row of the Roles tree, at its place. */
export async function goTo(_: Services, row?: unknown): Promise<void> {
  const place = placeOfRow(row);
  if (!place) return;
  const { uri, line, character } = place;
  await window.showTextDocument(uri, {
    viewColumn: fileColumn(uri),
    selection: new Range(line, character, line, character),
    preview: true,
  });
}
