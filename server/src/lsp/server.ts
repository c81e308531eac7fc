import {
  CodeActionKind,
  FileOperationPatternKind,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from './library';
import { setHclParser } from '../core/syntax/hcl/parser';
import { Workspace } from '../core/workspace/workspace';
import { actionCatalogue } from '../host/actionCatalogue';
import { loadHcl } from '../hcl/load';
import { version } from '../version';
import { AwsSession } from './aws/session';
import { Diagnostics } from './diagnostics';
import { OpenDocuments } from './documents';
import { stopApplying } from './generate/applyInSession';
import { FileUris } from './fileUris';
import { registerHandlers } from './handlers/registry';
import { IndexStore } from './indexStore';
import { toPath } from '../host/paths';
import { readText } from '../host/readText';
import { Log } from './log';
import { clientCan, type Session } from './session';
import { watchClient } from './parentWatch';
import { SettingsSource } from './settings';
import { StatusReporter } from './status';
import { WorkspaceFiles } from './workspaceFiles';

/**
 * Serves one client until the connection ends. Knows the protocol and nothing of the domain:
 * every answer comes from core/features or core/workspace.
 */
export function serve(connection: Connection): void {
  const log = new Log(connection.console);
  let hclIsHere = (): void => undefined;
  const workspace = new Workspace({
    catalogue: actionCatalogue,
    log: (message: string) => log.warnLines(message),
    textOf: closedText,
    wantsHcl: () =>
      void loadHcl().then(
        (parse) => {
          setHclParser(parse);
          hclIsHere();
        },
        (error: unknown) => log.crash('reading Terraform', error),
      ),
  });
  const documents = new OpenDocuments(workspace);

  // Work that no handler waits for: its failure is told once and costs nothing else.
  process.on('unhandledRejection', (error) => log.crash('background work', error));

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    watchClient(params.processId);
    const client = [params.clientInfo?.name ?? 'an unknown client', params.clientInfo?.version].filter(Boolean).join(' ');
    log.started(version, client, folderUris(params));
    const session: Session = {
      connection,
      workspace,
      documents: documents.all,
      uris: new FileUris(),
      can: clientCan(params),
      log,
      codeLens: true,
      applying: new Set(),
    };
    const status = new StatusReporter(session);
    const diagnostics = new Diagnostics(session, status);
    hclIsHere = () => diagnostics.workspaceChanged();
    const files = new WorkspaceFiles(session, diagnostics, status, folderUris(params), storeOf(params));
    const settings = new SettingsSource(session, files, diagnostics);
    const aws = (session.aws = new AwsSession(session, diagnostics, () => files.roots));

    connection.onDidOpenTextDocument(({ textDocument: d }) => {
      files.spelled(d.uri);
      documents.open(d.uri, d.languageId, d.version, d.text, files.sizeLimit);
      files.firstOpen(d.uri);
      diagnostics.changed(d.uri);
    });
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      documents.change(textDocument.uri, textDocument.version, contentChanges, files.sizeLimit);
      settings.textChanged(textDocument.uri);
      diagnostics.changed(textDocument.uri);
    });
    connection.onDidCloseTextDocument(({ textDocument }) => {
      documents.close(textDocument.uri);
      files.reread(textDocument.uri);
      settings.fileChanged(textDocument.uri);
      diagnostics.closed(textDocument.uri);
    });
    connection.onDidSaveTextDocument(({ textDocument }) => settings.fileChanged(textDocument.uri));
    connection.onInitialized(() => {
      void settings.start().then(() => files.start());
    });
    connection.onShutdown(async () => {
      await stopApplying(session);
      aws.stop();
      await files.stop();
    });
    registerHandlers(session, { files, diagnostics, settings, status });
    return { capabilities: capabilities(), serverInfo: { name: 'pod-roles', version } };
  });

  connection.listen();
}

function folderUris(params: InitializeParams): string[] {
  const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
  return folders.filter((uri) => uri.startsWith('file:'));
}

/** Where the client lets the server keep what it read: `initializationOptions.storage`, a folder for this workspace. */
function storeOf({ initializationOptions }: InitializeParams): IndexStore | undefined {
  const { storage } = (initializationOptions ?? {}) as { storage?: unknown };
  return typeof storage === 'string' && storage !== '' ? new IndexStore(storage) : undefined;
}

function capabilities(): InitializeResult['capabilities'] {
  const anyFile = {
    filters: [
      { scheme: 'file', pattern: { glob: '**/*' } },
      { scheme: 'file', pattern: { glob: '**', matches: FileOperationPatternKind.folder } },
    ],
  };
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    completionProvider: { triggerCharacters: ['"', ':', '/', '.', '-', ' '], resolveProvider: false },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    renameProvider: { prepareProvider: true },
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor, `${CodeActionKind.SourceFixAll}.podRoles`] },
    codeLensProvider: { resolveProvider: false },
    diagnosticProvider: { identifier: 'pod-roles', interFileDependencies: true, workspaceDiagnostics: true, workDoneProgress: false },
    workspace: {
      workspaceFolders: { supported: true, changeNotifications: true },
      fileOperations: { didRename: anyFile, didDelete: anyFile, didCreate: anyFile },
    },
  };
}

/** A closed file's text, for fixes that change it; undefined for what is no text of a file. */
function closedText(uri: string): { text: string } | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    const result = readText(toPath(uri));
    return result.kind === 'text' ? result.file : undefined;
  } catch {
    // Gone meanwhile: then there is nothing to fix.
    return undefined;
  }
}
