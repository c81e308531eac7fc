import {
  DocumentLink,
  EventEmitter,
  languages,
  Range,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type DocumentLinkProvider,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextDocumentContentProvider,
} from 'vscode';
import type { PodRolesClient } from '../client';
import { shift } from '../documents';
import { explainRequest, type ExplainPage, type ExplainParams } from '../../../protocol/workspace';

const scheme = 'pod-roles';
/** An open page follows the files; this long after the last keystroke. */
const refreshDelay = 400;

/**
 * The read-only pages of Explain Access. A page's URI carries its question (`pod-roles:/title?{uri,
 * position}`), so that it can be asked again after a reload and whenever a file changes.
 */
export class ExplainPages implements TextDocumentContentProvider, DocumentLinkProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly pages = new Map<string, { params: ExplainParams; page: ExplainPage | undefined; text: string }>();
  private readonly disposables: Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: PodRolesClient) {
    this.disposables = [
      this.changed,
      workspace.registerTextDocumentContentProvider(scheme, this),
      languages.registerDocumentLinkProvider({ scheme }, this),
      workspace.onDidChangeTextDocument((event) => this.follow(event)),
      workspace.onDidCloseTextDocument((document) => this.pages.delete(document.uri.toString())),
    ];
  }

  /** Asks the server and shows its page beside the file; says why when there is nothing to explain. */
  async open(params: ExplainParams): Promise<void> {
    const result = await this.client.request(explainRequest, params);
    if (!result) return;
    if ('message' in result) {
      void window.showInformationMessage(result.message);
      return;
    }
    const uri = pageUri(result.title, params);
    this.pages.set(uri.toString(), { params, page: result, text: result.text });
    this.changed.fire(uri);
    const shown = window.visibleTextEditors.find((editor) => editor.document.uri.scheme === scheme);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: shown?.viewColumn ?? ViewColumn.Beside, preview: true });
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const known = this.pages.get(uri.toString());
    if (known) return known.text;
    const params = questionOf(uri);
    return params ? this.ask(uri, params) : '';
  }

  provideDocumentLinks(document: TextDocument): DocumentLink[] {
    const page = this.pages.get(document.uri.toString())?.page;
    return (page?.links ?? []).map((link) => {
      // The editor's opener understands #L<line>,<column>, both from 1.
      const target = Uri.parse(link.uri).with({ fragment: `L${link.targetLine + 1},${link.targetCharacter + 1}` });
      return new DocumentLink(new Range(link.line, link.start, link.line, link.end), target);
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async ask(uri: Uri, params: ExplainParams): Promise<string> {
    const client = await this.client.running();
    const result = await client?.sendRequest(explainRequest, params).catch(() => undefined);
    const page = result && !('message' in result) ? result : undefined;
    const text = page?.text ?? (result as { message?: string } | undefined)?.message ?? 'The language server gave no answer.';
    this.pages.set(uri.toString(), { params, page, text });
    return text;
  }

  private follow(event: TextDocumentChangeEvent): void {
    if (this.pages.size === 0 || event.contentChanges.length === 0 || event.document.uri.scheme === scheme) return;
    const changedUri = event.document.uri.toString();
    for (const known of this.pages.values()) {
      if (known.params.uri !== changedUri || !known.params.position) continue;
      known.params = { uri: changedUri, position: event.contentChanges.reduce((at, change) => shift(at, change), known.params.position) };
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), refreshDelay);
  }

  private async refresh(): Promise<void> {
    for (const [key, { params }] of [...this.pages]) {
      const uri = Uri.parse(key);
      await this.ask(uri, params);
      this.changed.fire(uri);
    }
  }
}

function pageUri(title: string, params: ExplainParams): Uri {
  // A slash would cut the tab's title.
  return Uri.from({ scheme, path: `/${title.replaceAll('/', '\u2215')}`, query: JSON.stringify(params) });
}

function questionOf(uri: Uri): ExplainParams | undefined {
  try {
    return JSON.parse(uri.query) as ExplainParams;
  } catch {
    return undefined;
  }
}
