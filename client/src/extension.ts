import { version as vscodeVersion, workspace, type ExtensionContext } from 'vscode';
import { AwsAccess } from './aws/access';
import { PodRolesClient } from './client';
import { registerCommands } from './commands/registry';
import { createLog } from './log';
import { StatusItem } from './status';
import { DiagnoseView } from './views/diagnose/view';
import { ExplainPages } from './views/explain';
import { RenderedFindings } from './views/rendered';
import { TextPages } from './views/textPages';

let client: PodRolesClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = createLog();
  const { name, version } = context.extension.packageJSON as { name: string; version: string };
  log.info(
    `${name} ${version}, VS Code ${vscodeVersion}, ${workspace.isTrusted ? 'trusted workspace' : 'Restricted Mode'}, folders: ${workspace.workspaceFolders?.map(({ uri }) => uri.toString(true)).join(', ') ?? 'none'}`,
  );
  const status = new StatusItem();
  client = new PodRolesClient(context, log, status);
  const pages = new ExplainPages(client);
  const diagnose = new DiagnoseView(client, pages, context.extensionUri);
  const textPages = new TextPages(client);
  const rendered = new RenderedFindings(client);
  const aws = new AwsAccess(context, client, log);
  context.subscriptions.push(log, status, pages, diagnose, textPages, rendered, aws, client);
  registerCommands(context, { client, log, status, pages, diagnose, textPages, rendered, aws, context });
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
