import type { ExtensionContext } from 'vscode';
import { PodRolesClient } from './client';
import { registerCommands } from './commands/registry';
import { createLog } from './log';
import { StatusItem } from './status';
import { ExplainPages } from './views/explain';

let client: PodRolesClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = createLog();
  const status = new StatusItem();
  client = new PodRolesClient(context, log, status);
  const pages = new ExplainPages(client);
  context.subscriptions.push(log, status, pages, client);
  registerCommands(context, { client, log, status, pages });
  await client.start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
