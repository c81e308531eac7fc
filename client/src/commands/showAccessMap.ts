import { ProgressLocation, window } from 'vscode';
import type { TextPage } from '../views/textPages';
import type { Services } from '../services';

/** Opens the page that says which workloads run as which service accounts, and which roles admit them. */
export async function showAccessMap({ client, textPages }: Services): Promise<void> {
  const page = await window.withProgress({ location: ProgressLocation.Window, title: 'Pod Roles: drawing the access map' }, () =>
    client.request<TextPage | { message: string }>('podRoles/accessMap', {}));
  await textPages.openAnswer(page);
}
