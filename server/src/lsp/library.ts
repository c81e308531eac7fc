/*
 * What the server uses of the protocol's library. Everything of it that is needed at run time is imported from here: a
 * bundle makes a copy of all the library's names for each module that imports it, which at the start takes time.
 */
export {
  CodeActionKind,
  CompletionItemKind,
  DiagnosticSeverity,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  FileOperationPatternKind,
  InsertTextFormat,
  MarkupKind,
  ProposedFeatures,
  ResponseError,
  TextDocumentSyncKind,
  createConnection,
} from 'vscode-languageserver/node';
export type * from 'vscode-languageserver/node';
