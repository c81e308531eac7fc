import { commands, version as vscodeVersion, workspace, type ExtensionContext } from 'vscode';
import { AwsAccess } from './aws/access';
import { PodRolesClient } from './client';
import { registerCommands } from './commands/registry';
import { RecordedLog } from './log';
import { StatusItem } from './status';
import { AccessSource } from './views/accessSource';
import { DiagnoseView } from './views/diagnose/view';
import { ExplainView } from './views/explain/panel';
import { MapView } from './views/map/panel';
import { MigrateView } from './views/migrate/panel';
import { PermissionsView } from './views/permissions/panel';
import { RenderedFindings } from './views/rendered';
import { RolesTree } from './views/roles/tree';
import { TextPages } from './views/textPages';

let client: PodRolesClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const recorded = new RecordedLog();
  const log = recorded.channel;
  const { name, version } = context.extension.packageJSON as { name: string; version: string };
  log.info(
    `${name} ${version}, VS Code ${vscodeVersion}, ${workspace.isTrusted ? 'trusted workspace' : 'Restricted Mode'}, folders: ${workspace.workspaceFolders?.map(({ uri }) => uri.toString(true)).join(', ') ?? 'none'}`,
  );
  const status = new StatusItem();
  client = new PodRolesClient(context, log, status);
  const explain = new ExplainView(client, context.extensionUri, (rule) => commands.executeCommand('podRoles.explainRule', rule));
  const aws = new AwsAccess(context, client, log);
  const diagnose = new DiagnoseView(client, explain, context.extensionUri, aws);
  const access = new AccessSource(client);
  const roles = new RolesTree(access);
  const map = new MapView(access, context.extensionUri);
  const permissions = new PermissionsView(client, context.extensionUri);
  const textPages = new TextPages(client);
  const migrate = new MigrateView(client, textPages, context.extensionUri);
  const rendered = new RenderedFindings(client);
  const services = {
    client,
    log,
    recorded,
    status,
    explain,
    diagnose,
    access,
    roles,
    map,
    migrate,
    permissions,
    textPages,
    rendered,
    aws,
    context,
  };
  context.subscriptions.push(log, status, explain, diagnose, access, roles, map, migrate, permissions, textPages, rendered, aws, client);
  registerCommands(context, services);
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
