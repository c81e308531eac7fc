import { Uri, window, workspace } from 'vscode';
import type { Services } from '../services';

/** Opens a policy that stands in AWS as a read-only document. Its address comes from a hover's link; other schemes are not opened. */
export async function openAwsDocument(_: Services, target?: unknown): Promise<void> {
  const address = (target as { uri?: unknown } | undefined)?.uri;
  if (typeof address !== 'string' || !address.startsWith('pod-roles-aws:')) return;
  await window.showTextDocument(await workspace.openTextDocument(Uri.parse(address)), { preview: true });
}
