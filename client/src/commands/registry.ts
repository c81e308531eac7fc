import { commands, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { PodRolesClient } from '../client';
import type { StatusItem } from '../status';
import type { ExplainPages } from '../views/explain';
import { checkWorkspace } from './checkWorkspace';
import { explainAccess } from './explainAccess';
import { restartLanguageServer } from './restartLanguageServer';
import { showLog } from './showLog';
import { showReferences } from './showReferences';

/** What commands may use. */
export interface Services {
  readonly client: PodRolesClient;
  readonly log: LogOutputChannel;
  readonly status: StatusItem;
  readonly pages: ExplainPages;
}

// Arguments come from menus, lenses and keybindings: each command looks at them itself.
type Command = (services: Services, ...args: readonly unknown[]) => unknown;

/** Every command by its id. Those that users see are also in package.json. */
const all: Readonly<Record<string, Command>> = {
  'podRoles.checkWorkspace': checkWorkspace,
  'podRoles.explainAccess': explainAccess,
  'podRoles.restartLanguageServer': restartLanguageServer,
  'podRoles.showLog': showLog,
  'podRoles.showReferences': showReferences,
};

export function registerCommands(context: ExtensionContext, services: Services): void {
  for (const [id, command] of Object.entries(all)) {
    context.subscriptions.push(commands.registerCommand(id, (...args: unknown[]) => command(services, ...args)));
  }
}
