import { Uri, workspace } from 'vscode';
import type { Services } from '../services';

/** Saves a file that an action of ours has just changed: what it writes is meant for CI, too. */
export async function saveFile(_: Services, uri: unknown): Promise<void> {
  if (typeof uri !== 'string') return;
  const target = Uri.parse(uri, true);
  const document = workspace.textDocuments.find((each) => each.uri.toString() === target.toString());
  if (document?.isDirty) await document.save();
}
