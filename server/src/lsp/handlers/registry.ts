import type { Session } from '../session';
import { registerAccessMap } from './accessMap';
import { registerAws } from './aws';
import { registerRenderedCheck } from './checkRendered';
import { registerCodeAction } from './codeAction';
import { registerCodeLens } from './codeLens';
import { registerCompletion } from './completion';
import { registerDefinition } from './definition';
import { registerDiagnose } from './diagnose';
import { registerDiagnostic } from './diagnostic';
import { registerExplain } from './explain';
import { registerFiles } from './files';
import { registerGenerate } from './generate';
import { registerHover } from './hover';
import { registerMigrate } from './migrate';
import type { Parts } from './parts';
import { registerPermissions, registerPolicyDocument } from './permissions';
import { registerReferences } from './references';
import { registerRename } from './rename';
import { registerWorkspaceCheck } from './checkWorkspace';

/** One handler a method, one file a handler, one line here. */
const handlers: readonly ((session: Session, parts: Parts) => void)[] = [
  registerDiagnostic,
  registerHover,
  registerCompletion,
  registerDefinition,
  registerReferences,
  registerRename,
  registerCodeAction,
  registerCodeLens,
  registerExplain,
  registerWorkspaceCheck,
  registerFiles,
  registerAws,
  registerGenerate,
  registerPermissions,
  registerPolicyDocument,
  registerRenderedCheck,
  registerAccessMap,
  registerDiagnose,
  registerMigrate,
];

export function registerHandlers(session: Session, parts: Parts): void {
  for (const register of handlers) register(session, parts);
}
