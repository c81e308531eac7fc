import type { Connection, InitializeParams, CancellationToken } from 'vscode-languageserver/node';
import type { Workspace } from '../core/workspace/workspace';
import type { AwsSession } from './aws/session';
import type { OpenDocument } from './documents';
import type { FileUris } from './fileUris';
import type { Log } from './log';

/** What the client can do, asked once at `initialize`. */
export interface ClientCan {
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshCodeLenses: boolean;
  readonly relatedInformation: boolean;
  readonly configuration: boolean;
  readonly watchFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly progress: boolean;
  readonly snippets: boolean;
  readonly insertReplace: boolean;
  readonly labelDetails: boolean;
  readonly markdownCommands: boolean;
  /** True for our own client, which knows the commands `podRoles.*`. */
  readonly podRolesCommands: boolean;
  /** True where the client says that the user trusts the workspace: programs may be run on it. */
  readonly isTrusted: boolean;
}

/** Everything a handler needs. One for the life of the process. */
export interface Session {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly documents: ReadonlyMap<string, OpenDocument>;
  /** How the client spells the files' URIs. */
  readonly uris: FileUris;
  readonly can: ClientCan;
  readonly log: Log;
  /** False when the user turned the code lenses off. */
  codeLens: boolean;
  /** What the editor knows of AWS; set when the server has started. */
  aws?: AwsSession;
  /** What is being made in AWS now: `stop` cancels it, `ended` resolves when it is made or undone. */
  readonly applying: Set<{ stop(): void; readonly ended: Promise<void> }>;
}

/** Reads what the client can do; what is not said is taken as not there. */
export function clientCan(params: InitializeParams): ClientCan {
  const { textDocument, workspace, window } = params.capabilities;
  const options = (params.initializationOptions ?? {}) as { podRolesCommands?: boolean; trusted?: boolean };
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshCodeLenses: workspace?.codeLens?.refreshSupport === true,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation !== false,
    configuration: workspace?.configuration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    progress: window?.workDoneProgress === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
    insertReplace: textDocument?.completion?.completionItem?.insertReplaceSupport === true,
    markdownCommands: options.podRolesCommands === true,
    podRolesCommands: options.podRolesCommands === true,
    isTrusted: options.trusted === true,
  };
}

/**
 * Runs a handler so that nothing it throws reaches the client: logged once by name, answered with `fallback`.
 * A request cancelled before it began is answered with `fallback` too.
 */
export function guard<P, R>(
  session: Pick<Session, 'log'>,
  name: string,
  fallback: R,
  handler: (params: P, token: CancellationToken) => R | Promise<R>,
): (params: P, token: CancellationToken) => Promise<R> {
  return async (params, token) => {
    if (token.isCancellationRequested) return fallback;
    try {
      return await handler(params, token);
    } catch (error) {
      session.log.crash(name, error);
      return fallback;
    }
  };
}
