import { FileType, ProgressLocation, Uri, window, workspace } from 'vscode';
import { awsSnapshotRequest } from '../../../protocol/aws';
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
  const target = Uri.joinPath(folder, fileName);
  const type = await workspace.fs.stat(target).then(
    (stat) => stat.type,
    () => undefined,
  );
  if (type !== undefined && (type & FileType.SymbolicLink) !== 0) {
    void window.showErrorMessage(
      `${fileName} is a link, and no file is written through links. Remove the link, or write the snapshot with "pod-roles snapshot".`,
    );
    return;
  }
  const previous = await workspace.fs.readFile(target).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => undefined,
  );
  if (previous !== undefined && previous.trim() !== '' && !isSnapshot(previous)) {
    void window.showErrorMessage(`${fileName} already exists and is not a snapshot, so it is not overwritten. Rename or remove it first.`);
    return;
  }
  if (!(await aws.ensureLive('write down its roles, policies, providers and clusters'))) return;
  const answer = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Pod Roles: reading AWS for the snapshot', cancellable: true },
    (_, token) => client.request(awsSnapshotRequest, previous === undefined ? {} : { previous }, token),
  );
  const problem = problemOf(answer);
  if (problem) await tellProblem(problem, log);
  if (!answered(answer)) return;
  if (answer.text === previous) {
    void window.showInformationMessage(`${fileName} is up to date: nothing has changed in AWS.`);
    return;
  }
  const choice = await window.showInformationMessage(
    `${previous === undefined ? 'Write' : 'Replace'} ${fileName}?`,
    {
      modal: true,
      detail: `${answer.summary}. It holds ARNs and policies, and no credentials, tags or descriptions; look through it before you commit it.`,
    },
    previous === undefined ? 'Write' : 'Replace',
  );
  if (!choice) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(answer.text));
  await window.showTextDocument(target, { preview: true });
}

/** The same test as the command line's: only a snapshot is written over. */
function isSnapshot(text: string): boolean {
  try {
    const json = JSON.parse(text.replace(/^\uFEFF/, '')) as { version?: unknown; accounts?: unknown } | null;
    return json !== null && typeof json === 'object' && json.version === 1 && Array.isArray(json.accounts);
  } catch {
    return false;
  }
}
