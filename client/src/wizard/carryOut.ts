import { chmod } from 'node:fs/promises';
import { ProgressLocation, Range, Uri, ViewColumn, window, workspace, WorkspaceEdit, type QuickPickItem } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { generateApplyRequest, generateProgressNotification, type GeneratePlan, type GenerateProgress } from '../../../protocol/generate';
import { count, problemOf, tellProblem } from '../aws/messages';
import type { Services } from '../services';

/** Shows all that a plan would do, asks, and does what was chosen. */
export async function carryOut(services: Services, plan: GeneratePlan): Promise<void> {
  const files = plan.files.filter(({ action }) => action !== 'same');
  const shown = await preview(services, plan, files);
  const canWrite = files.length > 0 && plan.fileProblems.length === 0;
  const canCall = plan.calls.length > 0 && plan.awsProblems.length === 0;
  const write = `Write ${count(files.length, 'file')}`;
  const call = `make ${count(plan.calls.length, 'call')}`;
  const as = plan.identity ? `as ${plan.identity.arn}` : '';
  const rows: (QuickPickItem & { readonly write: boolean; readonly call: boolean })[] = [
    ...(canWrite && canCall ? [{ label: `${write} and ${call}`, description: as, write: true, call: true }] : []),
    ...(canWrite ? [{ label: canCall ? 'Write files only' : write, write: true, call: false }] : []),
    ...(canCall
      ? [
          {
            label: canWrite ? 'Make the calls only' : `Make ${count(plan.calls.length, 'call')}`,
            description: as,
            write: false,
            call: true,
          },
        ]
      : []),
    { label: 'Cancel', description: [...plan.fileProblems, ...plan.awsProblems].join(' '), write: false, call: false },
  ];
  const choice = await window.showQuickPick(rows, {
    title: `${plan.roleArn}: look through the preview, then choose`,
    placeHolder: plan.notes.join(' '),
    ignoreFocusOut: true,
  });
  await shown.close();
  if (!choice || (!choice.write && !choice.call)) return;
  // AWS first: a file that asks for a role that could not be made would be wrong.
  if (choice.call && !(await apply(services, plan))) return;
  if (choice.write) await writeFiles(files);
}

type PlannedFile = GeneratePlan['files'][number];

/** Every file and every policy document of a call as a diff, and the plan in words beside it. */
async function preview({ textPages }: Services, plan: GeneratePlan, files: readonly PlannedFile[]): Promise<{ close(): Promise<unknown> }> {
  const documents = plan.calls.flatMap(({ title, document }) =>
    document ? [{ name: `${title}.json`, before: document.before ?? '', after: document.after }] : [],
  );
  const shown = await textPages.showChanges(`Pod Roles: ${plan.roleArn}`, [
    ...files.map((file) => ({ uri: Uri.parse(file.uri), name: file.path, before: file.before ?? '', after: file.after })),
    ...documents,
  ]);
  await textPages.open({ title: 'Plan', text: plan.page });
  return { close: () => Promise.all([shown.close(), textPages.close('Plan')]) };
}

/** Writes files as one change, so that one undo takes it back; then saves them. */
async function writeFiles(files: readonly PlannedFile[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const file of files) {
    const uri = Uri.parse(file.uri);
    if (file.action === 'create') {
      edit.createFile(uri, { overwrite: false, contents: new TextEncoder().encode(file.after) });
      continue;
    }
    const document = await workspace.openTextDocument(uri);
    if (document.getText() !== file.before) {
      void window.showWarningMessage(`${file.path} was changed since the preview, so nothing was written. Run the command again.`);
      return;
    }
    edit.replace(uri, new Range(document.positionAt(0), document.positionAt(document.getText().length)), file.after);
  }
  if (!(await workspace.applyEdit(edit))) {
    void window.showErrorMessage('The editor rejected the change, so no file was written. A file of that name may already exist.');
    return;
  }
  for (const file of files) {
    const uri = Uri.parse(file.uri);
    await (await workspace.openTextDocument(uri)).save();
    if (file.executable && uri.scheme === 'file') await chmod(uri.fsPath, 0o755).catch(() => undefined);
  }
  const [first] = files;
  if (first) await window.showTextDocument(Uri.parse(first.uri), { preview: false, viewColumn: ViewColumn.One });
  window.setStatusBarMessage(`Pod Roles: wrote ${count(files.length, 'file')}`, 5000);
}

/** Makes the calls, each told as it goes; the button stops and undoes. True when all is there. */
async function apply({ client, textPages, log }: Services, plan: GeneratePlan): Promise<boolean> {
  const running = await client.running();
  if (!running) return false;
  const answered = window.withProgress(
    { location: ProgressLocation.Notification, title: 'Pod Roles', cancellable: true },
    async (progress, token) => {
      const steps = listen(running, plan, (text, done) =>
        progress.report({ message: text, ...(done ? { increment: 100 / plan.calls.length } : {}) }),
      );
      const request = running.sendRequest(generateApplyRequest, { id: plan.id }, token);
      const cancelling = token.onCancellationRequested(() => void tellCancelling(running, plan, request));
      try {
        return await request;
      } finally {
        steps.dispose();
        cancelling.dispose();
      }
    },
  );
  // The server is not stopped in the middle: it would have to undo what it made within its last seconds.
  client.keepRunning(Promise.resolve(answered));
  const answer = await answered;
  // A report has a problem, too, where a call failed, and says itself whether it was cancelled.
  if (!('outcome' in answer)) {
    const problem = problemOf(answer);
    if (problem) void tellProblem(problem, log);
    return false;
  }
  await textPages.open({ title: 'Changes in AWS', text: answer.page });
  if (answer.problem) void tellProblem({ ...answer.problem, message: `${answer.message} ${answer.problem.message}` }, log);
  else if (answer.outcome === 'applied') void window.showInformationMessage(answer.message);
  else void window.showWarningMessage(answer.message);
  return answer.outcome === 'applied';
}

/** The notification is gone once its button was pressed; what goes on is shown in another one, which has none. */
async function tellCancelling(running: LanguageClient, plan: GeneratePlan, request: Promise<unknown>): Promise<void> {
  await window.withProgress({ location: ProgressLocation.Notification, title: 'Pod Roles: cancelling' }, async (progress) => {
    progress.report({ message: 'the current call is finished, then the changes are rolled back' });
    const steps = listen(running, plan, (text) => progress.report({ message: text }));
    await request.then(
      () => undefined,
      () => undefined,
    );
    steps.dispose();
  });
}

const marks: Readonly<Record<GenerateProgress['state'], string>> = {
  running: '…',
  waiting: 'waiting for AWS to answer…',
  done: '✓',
  failed: '✗',
  undoing: 'undoing…',
  undone: 'undone',
  left: 'could not be undone',
};

function listen(running: LanguageClient, plan: GeneratePlan, tell: (text: string, done: boolean) => void): { dispose(): void } {
  return running.onNotification(generateProgressNotification, (step) => {
    if (step.id === plan.id) tell(`${step.call + 1}/${plan.calls.length} ${step.title} ${marks[step.state]}`, step.state === 'done');
  });
}
