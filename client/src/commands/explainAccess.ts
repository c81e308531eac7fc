import { Uri, window } from 'vscode';
import type { ExplainParams } from '../../../protocol/explain';
import type { Services } from '../services';

/**
 * Opens the view that says whether a service account can assume its role, and why. Takes the place from a
 * lens, hover or code action (`{uri, position}`), else from the cursor.
 */
export async function explainAccess({ explain }: Services, target?: unknown): Promise<void> {
  const params = isParams(target) ? target : cursor(target);
  if (!params) {
    void window.showInformationMessage(
      'Open a manifest or a trust policy and put the cursor on a ServiceAccount, a workload or a role to explain its access.',
    );
    return;
  }
  await explain.open(params);
}

function isParams(value: unknown): value is ExplainParams {
  return typeof value === 'object' && value !== null && typeof (value as ExplainParams).uri === 'string';
}

/** A menu passes the file's Uri; the cursor counts where that file is the active one. */
function cursor(resource: unknown): ExplainParams | undefined {
  const editor = window.activeTextEditor;
  if (resource instanceof Uri && resource.toString() !== editor?.document.uri.toString()) return { uri: resource.toString() };
  if (!editor) return undefined;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}
