import { commands, window } from 'vscode';
import { checkWorkspaceRequest } from '../../../protocol/workspace';
import type { Services } from '../services';

/**
 * Checks every file of the workspace and leaves what it finds in Problems. The server shows the
 * progress, with a button that stops it.
 */
export async function checkWorkspace({ client, log }: Services): Promise<void> {
  const result = await client.request(checkWorkspaceRequest);
  if (!result) return;
  for (const { uri, reason } of result.skipped) log.info(`not read: ${uri}: ${reason}`);
  const findings = result.errors + result.warnings + result.infos;
  const actions = [...(findings > 0 ? ['Show Problems'] : []), ...(result.skipped.length > 0 ? ['Show Log'] : [])];
  const choice = await window.showInformationMessage(result.summary, ...actions);
  if (choice === 'Show Problems') await commands.executeCommand('workbench.actions.view.problems');
  if (choice === 'Show Log') log.show();
}
