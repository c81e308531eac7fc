import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { ChunkedText } from '../core/text/chunkedText';
import type { Position } from '../core/text/lineIndex';
import type { Span } from '../core/text/span';
import type { Workspace } from '../core/workspace/workspace';

/** A file as the editor has it now. */
export class OpenDocument {
  constructor(readonly uri: string, readonly languageId: string, public version: number, private text: ChunkedText) {}

  /** The whole text; long ones are put together for it. */
  getText(): string {
    return this.text.toString();
  }

  /** The offset of a position, from the text's start. */
  offsetAt(position: Position): number {
    return this.text.offsetAt(position);
  }

  /** Applies one change of the client; the stretch of the text before it that it replaced, undefined where the whole text is new. */
  apply(change: TextDocumentContentChangeEvent): Span | undefined {
    if (!('range' in change)) {
      this.text = new ChunkedText(change.text);
      return undefined;
    }
    const [a, b] = [this.offsetAt(change.range.start), this.offsetAt(change.range.end)];
    const span = { start: Math.min(a, b), end: Math.max(a, b) };
    this.text.replace(span, change.text);
    return span;
  }
}

/** The files open in the editor: their text is the client's, not the disk's. */
export class OpenDocuments {
  private readonly byUri = new Map<string, OpenDocument>();

  constructor(private readonly workspace: Workspace) {}

  get all(): ReadonlyMap<string, OpenDocument> {
    return this.byUri;
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    this.byUri.set(uri, new OpenDocument(uri, languageId, version, new ChunkedText(text)));
    this.workspace.open(uri, text, languageId);
  }

  /** Applies the client's changes in order and re-reads what they touch. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const document = this.byUri.get(uri);
    if (!document) return;
    document.version = version;
    // The workspace follows change by change: each costs what it touches, a text of many changes would be compared whole.
    for (const change of changes) {
      const span = document.apply(change);
      if (span) this.workspace.edit(uri, span, change.text, () => document.getText());
      else this.workspace.change(uri, change.text);
    }
  }

  close(uri: string): void {
    this.byUri.delete(uri);
    this.workspace.close(uri);
  }
}
