import { ProgressLocation, window } from 'vscode';
import { awsRefreshRequest } from '../../../protocol/aws';
import type { Services } from '../services';

/** Asks AWS everything again, or reads the snapshot again. */
export async function refreshAwsData({ client, aws }: Services): Promise<void> {
  if (!(await aws.ensure('reload its roles and clusters'))) return;
  const state = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Pod Roles: asking AWS', cancellable: true },
    (_, token) => client.request(awsRefreshRequest, token),
  );
  if (state?.problem) await aws.tellState();
  else if (state?.counts)
    window.setStatusBarMessage(
      `Pod Roles: ${state.counts.roles} roles and ${state.counts.clusters} clusters from ${state.label ?? 'AWS'}`,
      5000,
    );
}
