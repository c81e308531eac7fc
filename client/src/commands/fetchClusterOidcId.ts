import { env, Position, QuickPickItemKind, Range, window, workspace, WorkspaceEdit, type QuickPickItem, type TextEditor } from 'vscode';
import { awsPlaceholdersRequest, awsRefreshRequest, awsRegisterProviderRequest, type AwsClusterItem } from '../../../protocol/aws';
import { answered, count, problemOf, tellProblem } from '../aws/messages';
import { pickCluster } from '../aws/pickCluster';
import type { Services } from '../services';

const title = 'Fetch Cluster OIDC ID';

interface Act extends QuickPickItem {
  readonly run?: () => unknown;
}

interface Placeholders {
  readonly count: number;
  readonly edit: LspEdit;
}

interface LspEdit {
  readonly changes?: Record<
    string,
    { range: { start: { line: number; character: number }; end: { line: number; character: number } }; newText: string }[]
  >;
}

/** Picks a cluster and shows its OIDC ID, issuer and provider; each line does something: copy, insert, replace, register. */
export async function fetchClusterOidcId(services: Services): Promise<void> {
  if (!(await services.aws.ensure('list your clusters and read their OIDC issuers'))) return;
  // The quick pick takes the focus: the editor to insert into is the one of now.
  const editor = window.activeTextEditor;
  const cluster = await pickCluster(services, title);
  if (!cluster) return;
  if (!cluster.issuer) {
    void window.showInformationMessage(`${cluster.name} has no OIDC issuer, so its pods cannot use IRSA. EKS Pod Identity needs none.`);
    return;
  }
  const placeholders =
    editor &&
    (await services.client.request(awsPlaceholdersRequest, {
      uri: editor.document.uri.toString(),
      issuer: cluster.issuer,
      account: cluster.account,
      partition: cluster.arn.split(':')[1],
    }));
  const picked = await window.showQuickPick<Act>(acts(services, cluster, editor, placeholders), {
    title: `${title}: ${cluster.name} · ${cluster.region}`,
    placeHolder: 'Select a line to run its action',
    matchOnDescription: true,
  });
  await picked?.run?.();
}

function acts(services: Services, cluster: AwsClusterItem, editor: TextEditor | undefined, placeholders: Placeholders | undefined): Act[] {
  const { id, issuer, providerArn } = cluster;
  const copy = (text: string, what: string): Act => ({ label: text, description: `copy ${what}`, run: () => copied(text, what) });
  const rows: Act[] = [];
  if (id) rows.push(copy(id, 'the ID'));
  rows.push(copy(issuer!, 'the issuer'));
  if (providerArn)
    rows.push({
      label: 'Copy the provider ARN',
      description: stateOf(cluster),
      detail: providerArn,
      run: () => copied(providerArn, 'the provider ARN'),
    });
  if (editor) {
    rows.push({ label: 'In the editor', kind: QuickPickItemKind.Separator });
    if (id) rows.push({ label: 'Insert the ID at the cursor', description: id, run: () => insert(editor, id) });
    rows.push({ label: 'Insert the issuer at the cursor', description: issuer!, run: () => insert(editor, issuer!) });
    if (placeholders && placeholders.count > 0) {
      const name = workspace.asRelativePath(editor.document.uri);
      rows.push({
        label: `Replace ${count(placeholders.count, 'placeholder')} in ${name}`,
        description: 'preview',
        run: () => replace(services, editor, placeholders),
      });
    }
  }
  if (cluster.registered === false) {
    rows.push({ label: 'IAM', kind: QuickPickItemKind.Separator });
    rows.push({
      label: 'Create the OIDC provider in IAM',
      description: 'preview',
      run: () => register(services, cluster),
      detail: 'Not registered: pods would see "No OpenIDConnect provider found in your account".',
    });
  }
  return rows;
}

function stateOf(cluster: AwsClusterItem): string {
  if (cluster.registered === undefined) return `unknown whether it is registered in IAM${cluster.reason ? `: ${cluster.reason}` : ''}`;
  if (!cluster.registered) return '✗ not registered in IAM';
  const ids = cluster.clientIds ?? [];
  return `✓ registered, ${ids.length === 0 ? 'without an audience' : `audience ${ids.join(', ')}`}`;
}

async function copied(text: string, what: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(`Copied ${what}`, 4000);
}

async function insert(editor: TextEditor, text: string): Promise<void> {
  const shown = await window.showTextDocument(editor.document, editor.viewColumn);
  await shown.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
}

/** Shows the open file beside what it would become, and makes the change when the user says so. One undo takes it back. */
async function replace({ textPages }: Services, { document, viewColumn }: TextEditor, placeholders: Placeholders): Promise<void> {
  const { version } = document;
  const { changes } = placeholders.edit;
  const edits = changes?.[document.uri.toString()] ?? Object.values(changes ?? {}).flat();
  const text = document.getText();
  const after = [...edits]
    .map(({ range: { start, end }, newText }) => ({
      from: document.offsetAt(new Position(start.line, start.character)),
      to: document.offsetAt(new Position(end.line, end.character)),
      newText,
    }))
    .sort((a, b) => b.from - a.from)
    .reduce((whole, { from, to, newText }) => whole.slice(0, from) + newText + whole.slice(to), text);
  const name = workspace.asRelativePath(document.uri);
  const shown = await textPages.showChanges(`Replace placeholders in ${name}`, [{ name, before: text, after }]);
  const act = { label: `Replace ${count(placeholders.count, 'placeholder')}`, description: name };
  const choice = await window.showQuickPick([act, { label: 'Cancel' }], {
    title: 'Look through the preview, then choose',
    ignoreFocusOut: true,
  });
  await shown.close();
  if (choice !== act) return;
  if (document.version !== version) {
    void window.showWarningMessage(`${name} was changed since the preview, so nothing was replaced. Run the command again.`);
    return;
  }
  const change = new WorkspaceEdit();
  for (const {
    range: { start, end },
    newText,
  } of edits)
    change.replace(document.uri, new Range(start.line, start.character, end.line, end.character), newText);
  await window.showTextDocument(document, viewColumn);
  if (!(await workspace.applyEdit(change))) void window.showErrorMessage(`The editor rejected the change, so ${name} is unchanged.`);
}

async function register({ client, aws, log, textPages }: Services, cluster: AwsClusterItem): Promise<void> {
  if (!(await aws.ensureLive('create an OIDC provider'))) return;
  const clientIds = ['sts.amazonaws.com'];
  const choice = await window.showInformationMessage(
    'Create this OIDC provider in IAM?',
    {
      modal: true,
      detail: `One call, as ${aws.state?.arn ?? 'the chosen profile'}:\niam:CreateOpenIDConnectProvider\n  URL https://${cluster.issuer!}\n  client IDs ${clientIds.join(', ')}\nin account ${aws.state?.account ?? cluster.account}. How to undo it is shown afterwards.`,
    },
    'Create',
  );
  if (choice !== 'Create') return;
  const answer = await client.request(awsRegisterProviderRequest, { issuer: cluster.issuer!, clientIds });
  if (answer && 'page' in answer && answer.outcome !== 'undone') await textPages.open({ title: 'Changes in AWS', text: answer.page });
  const problem = problemOf(answer);
  if (problem) await tellProblem(problem, log);
  if (answered(answer)) {
    void window.showInformationMessage(`Registered ${answer.arn}.`);
    await client.request(awsRefreshRequest);
  }
}
