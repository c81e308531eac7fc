import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';

// The bound of the start: a language server that does nothing but answer each opened text with no diagnostics.
const connection = createConnection(ProposedFeatures.all);
connection.onInitialize(() => ({ capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental } }));
connection.onDidOpenTextDocument(
  ({ textDocument: { uri, version } }) => void connection.sendDiagnostics({ uri, version, diagnostics: [] }),
);
connection.onDidChangeTextDocument(
  ({ textDocument: { uri, version } }) => void connection.sendDiagnostics({ uri, version, diagnostics: [] }),
);
connection.listen();
