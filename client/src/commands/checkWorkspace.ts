import { randomUUID } from 'node:crypto';
import { commands, ProgressLocation, window, type CancellationToken, type Progress } from 'vscode';
import { WorkDoneProgress, type LanguageClient } from 'vscode-languageclient/node';
import { checkWorkspaceRequest, type CheckWorkspaceParams, type CheckWorkspaceResult } from '../protocol';
import type { Services } from './registry';

type Reporter = Progress<{ message?: string; increment?: number }>;

/** Checks every file of the workspace and leaves what it finds in Problems. */
export async function checkWorkspace({ client, log }: Services): Promise<void> {
  const options = { location: ProgressLocation.Notification, title: 'Pod Roles: checking the workspace', cancellable: true };
  const result = await window.withProgress(options, async (progress, token) => {
    const running = await client.running();
    const params: CheckWorkspaceParams = { workDoneToken: randomUUID() };
    const listener = running && follow(running, params.workDoneToken!, progress);
    try {
      return await client.request<CheckWorkspaceResult>(checkWorkspaceRequest, params, token);
    } catch (error) {
      if (!isCancelled(token)) throw error;
      return undefined;
    } finally {
      listener?.dispose();
    }
  });
  if (!result) return;
  for (const { uri, reason } of result.skipped) log.info(`not read: ${uri}: ${reason}`);
  const findings = result.errors + result.warnings + result.infos;
  const actions = [...(findings > 0 ? ['Show Problems'] : []), ...(result.skipped.length > 0 ? ['Show Log'] : [])];
  const choice = await window.showInformationMessage(result.summary, ...actions);
  if (choice === 'Show Problems') await commands.executeCommand('workbench.actions.view.problems');
  if (choice === 'Show Log') log.show();
}

/** Hands the server's progress on; it counts in percent, the editor in steps. */
function follow(client: LanguageClient, token: string | number, progress: Reporter) {
  let reached = 0;
  return client.onProgress(WorkDoneProgress.type, token, (value) => {
    if (value.kind === 'end') return;
    const percentage = value.percentage ?? reached;
    progress.report({ ...(value.message ? { message: value.message } : {}), increment: Math.max(0, percentage - reached) });
    reached = Math.max(reached, percentage);
  });
}

function isCancelled(token: CancellationToken): boolean {
  return token.isCancellationRequested;
}
