import { FileType, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { AwsAnswer } from '../../../server/src/lsp/protocol/aws';
import { answered, problemOf, tellProblem } from '../aws/messages';
import type { Services } from '../services';

const fileName = 'pod-roles.snapshot.json';

/** Writes what AWS knows into a file of the workspace, for use offline and in CI. Shows it before it takes the place of another. */
export async function writeAwsSnapshot({ client, aws, log }: Services): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (!folder) {
    void window.showInformationMessage('Open a folder first: the snapshot is written into it.');
    return;
  }
  if (!(await aws.ensureLive('write down its roles, policies, providers and clusters'))) return;
  const answer = await window.withProgress({ location: ProgressLocation.Notification, title: 'Pod Roles: reading AWS for the snapshot', cancellable: true }, (_, token) =>
    client.request<AwsAnswer<{ text: string; summary: string }>>('podRoles/aws/snapshot', undefined, token));
  const problem = problemOf(answer);
  if (problem) await tellProblem(problem, log);
  if (!answered(answer)) return;
  const target = Uri.joinPath(folder, fileName);
  const type = await workspace.fs.stat(target).then((stat) => stat.type, () => undefined);
  if (type !== undefined && (type & FileType.SymbolicLink) !== 0) {
    void window.showErrorMessage(`${fileName} is a link, and no file is written through links. Remove the link, or write the snapshot with "pod-roles snapshot".`);
    return;
  }
  const exists = type !== undefined;
  const choice = await window.showInformationMessage(`${exists ? 'Replace' : 'Write'} ${fileName}?`, {
    modal: true, detail: `${answer.summary}. It holds ARNs and policies and no secrets; look through it before you commit it.`,
  }, exists ? 'Replace' : 'Write');
  if (!choice) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(answer.text));
  await window.showTextDocument(target, { preview: true });
}
