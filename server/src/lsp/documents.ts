import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { ChunkedText } from '../core/text/chunkedText';
import type { Position } from '../core/text/lineIndex';
import type { Span } from '../core/text/span';
import type { Workspace } from '../core/workspace/workspace';
import { defaultSizeLimit, tooLarge } from '../host/readText';

/** A file as the editor has it now. */
export class OpenDocument {
  constructor(
    readonly uri: string,
    readonly languageId: string,
    public version: number,
    private text: ChunkedText,
  ) {}

  /** The whole text; long ones are put together for it. */
  getText(): string {
    return this.text.toString();
  }

  /** In UTF-16 units. */
  get length(): number {
    return this.text.length;
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
  /** Open in the editor, and too large to be held. What the disk holds of them is not read either. */
  readonly tooLarge = new Set<string>();

  constructor(private readonly workspace: Workspace) {}

  get all(): ReadonlyMap<string, OpenDocument> {
    return this.byUri;
  }

  /** @param limit characters; a longer document is not held, and said to be too large until it is closed */
  open(uri: string, languageId: string, version: number, text: string, limit = defaultSizeLimit): void {
    if (text.length > limit) {
      this.refuse(uri, text.length, limit);
      return;
    }
    this.tooLarge.delete(uri);
    this.byUri.set(uri, new OpenDocument(uri, languageId, version, new ChunkedText(text)));
    this.workspace.open(uri, text, languageId);
  }

  /** Applies the client's changes in order and re-reads what they touch. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[], limit = defaultSizeLimit): void {
    const document = this.byUri.get(uri);
    if (!document) return;
    const added = changes.reduce((sum, { text }) => sum + text.length, 0);
    if (added > limit || document.length + added > 2 * limit) {
      this.refuse(uri, Math.max(added, document.length), limit);
      return;
    }
    document.version = version;
    // The workspace follows change by change: each costs what it touches, a text of many changes would be compared whole.
    for (const change of changes) {
      const span = document.apply(change);
      if (span) this.workspace.edit(uri, span, change.text, () => document.getText());
      else this.workspace.change(uri, change.text);
    }
  }

  close(uri: string): void {
    this.tooLarge.delete(uri);
    this.byUri.delete(uri);
    this.workspace.close(uri);
  }

  private refuse(uri: string, length: number, limit: number): void {
    this.byUri.delete(uri);
    this.workspace.close(uri);
    this.workspace.remove(uri, true);
    this.tooLarge.add(uri);
    this.workspace.skip(uri, tooLarge(length, limit));
  }
}
