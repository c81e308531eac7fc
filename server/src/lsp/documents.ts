import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { Workspace } from '../core/workspace';

/** The files open in the editor: their text is the client's, not the disk's. */
export class OpenDocuments {
  private readonly byUri = new Map<string, TextDocument>();

  constructor(private readonly workspace: Workspace) {}

  get all(): ReadonlyMap<string, TextDocument> {
    return this.byUri;
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    this.byUri.set(uri, TextDocument.create(uri, languageId, version, text));
    this.workspace.open(uri, text, languageId);
  }

  /** Applies the client's changes in order and re-reads what they touch. */
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void {
    const document = this.byUri.get(uri);
    if (!document) return;
    TextDocument.update(document, changes, version);
    this.workspace.change(uri, document.getText());
  }

  close(uri: string): void {
    this.byUri.delete(uri);
    this.workspace.close(uri);
  }
}
