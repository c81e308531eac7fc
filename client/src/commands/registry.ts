import { commands, type ExtensionContext } from 'vscode';
import type { Services } from '../services';
import { checkRenderedOutput } from './checkRenderedOutput';
import { checkWorkspace } from './checkWorkspace';
import { diagnoseAnError } from './diagnoseAnError';
import { explainAccess } from './explainAccess';
import { fetchClusterOidcId } from './fetchClusterOidcId';
import { generateRoleAndServiceAccount } from './generateRoleAndServiceAccount';
import { openAwsDocument } from './openAwsDocument';
import { refreshAwsData } from './refreshAwsData';
import { restartLanguageServer } from './restartLanguageServer';
import { showAccessMap } from './showAccessMap';
import { showLog } from './showLog';
import { selectAwsProfileAndRegion } from './selectAwsProfileAndRegion';
import { showReferences } from './showReferences';
import { showRolePermissions } from './showRolePermissions';
import { writeAwsSnapshot } from './writeAwsSnapshot';

// Arguments come from menus, lenses and keybindings: each command looks at them itself.
type Command = (services: Services, ...args: readonly unknown[]) => unknown;

/** Every command by its id. Those that users see are also in package.json. */
const all: Readonly<Record<string, Command>> = {
  'podRoles.checkRenderedOutput': checkRenderedOutput,
  'podRoles.checkWorkspace': checkWorkspace,
  'podRoles.diagnoseAnError': diagnoseAnError,
  'podRoles.explainAccess': explainAccess,
  'podRoles.fetchClusterOidcId': fetchClusterOidcId,
  'podRoles.generateRoleAndServiceAccount': generateRoleAndServiceAccount,
  'podRoles.openAwsDocument': openAwsDocument,
  'podRoles.refreshAwsData': refreshAwsData,
  'podRoles.restartLanguageServer': restartLanguageServer,
  'podRoles.selectAwsProfileAndRegion': selectAwsProfileAndRegion,
  'podRoles.showAccessMap': showAccessMap,
  'podRoles.showLog': showLog,
  'podRoles.showReferences': showReferences,
  'podRoles.showRolePermissions': showRolePermissions,
  'podRoles.writeAwsSnapshot': writeAwsSnapshot,
};

export function registerCommands(context: ExtensionContext, services: Services): void {
  for (const [id, command] of Object.entries(all)) {
    context.subscriptions.push(commands.registerCommand(id, (...args: unknown[]) => command(services, ...args)));
  }
}
