import { commands, type ExtensionContext } from 'vscode';
import type { Services } from '../services';
import { checkRenderedOutput } from './checkRenderedOutput';
import { checkWorkspace } from './checkWorkspace';
import { copyDiagnostics } from './copyDiagnostics';
import { clearRolesFilter } from './clearRolesFilter';
import { diagnoseAnError } from './diagnoseAnError';
import { explainAccess } from './explainAccess';
import { explainRule } from './explainRule';
import { fetchClusterOidcId } from './fetchClusterOidcId';
import { filterRoles } from './filterRoles';
import { generateRoleAndServiceAccount } from './generateRoleAndServiceAccount';
import { goTo } from './goTo';
import { migrateToEksPodIdentity } from './migrateToEksPodIdentity';
import { openAwsDocument } from './openAwsDocument';
import { refreshAwsData } from './refreshAwsData';
import { refreshRoles } from './refreshRoles';
import { restartLanguageServer } from './restartLanguageServer';
import { saveFile } from './saveFile';
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
  'podRoles.copyDiagnostics': copyDiagnostics,
  'podRoles.clearRolesFilter': clearRolesFilter,
  'podRoles.diagnoseAnError': diagnoseAnError,
  'podRoles.explainAccess': explainAccess,
  'podRoles.explainRule': explainRule,
  'podRoles.fetchClusterOidcId': fetchClusterOidcId,
  'podRoles.filterRoles': filterRoles,
  'podRoles.generateRoleAndServiceAccount': generateRoleAndServiceAccount,
  'podRoles.goTo': goTo,
  'podRoles.migrateToEksPodIdentity': migrateToEksPodIdentity,
  'podRoles.openAwsDocument': openAwsDocument,
  'podRoles.refreshAwsData': refreshAwsData,
  'podRoles.refreshRoles': refreshRoles,
  'podRoles.restartLanguageServer': restartLanguageServer,
  'podRoles.saveFile': saveFile,
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
