import { ProgressLocation, window } from 'vscode';
import { accessMapRequest } from '../../../protocol/workspace';
import type { Services } from '../services';

/** Opens the page that says which workloads run as which service accounts, and which roles admit them. */
export async function showAccessMap({ client, textPages }: Services): Promise<void> {
  const page = await window.withProgress({ location: ProgressLocation.Window, title: 'Pod Roles: drawing the access map' }, () =>
    client.request(accessMapRequest, {}),
  );
  await textPages.openAnswer(page);
}
