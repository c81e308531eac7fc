import { commands, window, workspace } from 'vscode';
import { checkRenderedRequest } from '../../../protocol/render';
import type { Services } from '../services';

/** Judges what helm and kustomize make of the workspace's charts and kustomizations. The server shows the progress, with a button that stops it. */
export async function checkRenderedOutput({ client, log, rendered }: Services): Promise<void> {
  if (!workspace.isTrusted) {
    void window.showInformationMessage(
      'Charts and kustomizations are rendered in a trusted workspace alone: their templates are run by helm and kustomize.',
    );
    return;
  }
  const result = await client.request(checkRenderedRequest, {});
  if (!result) return;
  if ('message' in result) {
    void window.showInformationMessage(result.message);
    return;
  }
  await rendered.show(result.diagnostics);
  const failed = result.roots.filter(({ problem }) => problem !== undefined);
  for (const { uri, tool, problem } of failed) log.warn(`${tool} did not render ${uri}: ${problem!}`);
  const actions = [...(result.diagnostics.length > 0 ? ['Show Problems'] : []), ...(failed.length > 0 ? ['Show Log'] : [])];
  const show = failed.length > 0 ? window.showWarningMessage : window.showInformationMessage;
  const choice = await show(result.summary, ...actions);
  if (choice === 'Show Problems') await commands.executeCommand('workbench.actions.view.problems');
  if (choice === 'Show Log') log.show();
}
