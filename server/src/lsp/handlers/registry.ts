import type { Session } from '../session';
import type { Diagnostics } from '../diagnostics';
import type { SettingsSource } from '../settings';
import type { StatusReporter } from '../status';
import type { WorkspaceFiles } from '../workspaceFiles';
import { registerAccessMap } from './accessMap';
import { registerAws } from './aws';
import { registerRenderedCheck } from './checkRendered';
import { registerCodeAction } from './codeAction';
import { registerCodeLens } from './codeLens';
import { registerCompletion } from './completion';
import { registerDefinition } from './definition';
import { registerDiagnostic } from './diagnostic';
import { registerExplain } from './explain';
import { registerFiles } from './files';
import { registerGenerate } from './generate';
import { registerHover } from './hover';
import { registerPermissions, registerPolicyDocument } from './permissions';
import { registerReferences } from './references';
import { registerRename } from './rename';
import { registerWorkspaceCheck } from './checkWorkspace';

/** The parts of the front that some handlers drive. */
export interface Parts {
  readonly files: WorkspaceFiles;
  readonly diagnostics: Diagnostics;
  readonly settings: SettingsSource;
  readonly status: StatusReporter;
}

/** One handler a method, one file a handler, one line here. */
const handlers: readonly ((session: Session, parts: Parts) => void)[] = [
  registerDiagnostic, registerHover, registerCompletion, registerDefinition, registerReferences, registerRename,
  registerCodeAction, registerCodeLens, registerExplain, registerWorkspaceCheck, registerFiles,
  registerAws, registerGenerate, registerPermissions, registerPolicyDocument, registerRenderedCheck, registerAccessMap,
];

export function registerHandlers(session: Session, parts: Parts): void {
  for (const register of handlers) register(session, parts);
}
