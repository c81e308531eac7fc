import {
  commands,
  DocumentLink,
  EventEmitter,
  languages,
  Range,
  TabInputText,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type DocumentLinkProvider,
  type Tab,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import type { PodRolesClient } from '../client';
import { policyDocumentRequest, type PermissionsLink } from '../../../protocol/permissions';

/** A page of the server: plain text with places that lead on. `uri` leads to a document or an address. */
export interface TextPage {
  readonly title: string;
  readonly text: string;
  readonly links?: readonly (
    PermissionsLink | { readonly line: number; readonly start: number; readonly end: number; readonly uri: string }
  )[];
}

/** One text of a preview. `uri` is the file that it is about, `name` its path: the ending chooses the language. */
export interface PlannedChange {
  readonly uri?: Uri;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const pageScheme = 'pod-roles-page';
const awsScheme = 'pod-roles-aws';

/** Read-only documents: pages that the server makes, and policies that stand in AWS and not in a file. */
export class TextPages implements TextDocumentContentProvider, DocumentLinkProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly pages = new Map<string, TextPage>();
  private readonly disposables: Disposable[];
  private kept = 0;

  constructor(private readonly client: PodRolesClient) {
    this.disposables = [
      this.changed,
      workspace.registerTextDocumentContentProvider(pageScheme, this),
      workspace.registerTextDocumentContentProvider(awsScheme, {
        provideTextDocumentContent: (uri) => this.provideTextDocumentContent(uri),
      }),
      languages.registerDocumentLinkProvider({ scheme: pageScheme }, this),
      workspace.onDidCloseTextDocument((document) => this.pages.delete(document.uri.toString())),
    ];
  }

  /** Shows a page beside the file, in the place of one that is shown already. */
  async open(page: TextPage): Promise<void> {
    // A slash would cut the tab's title.
    const uri = Uri.from({ scheme: pageScheme, path: `/${page.title.replaceAll('/', '\u2215')}` });
    this.pages.set(uri.toString(), page);
    this.changed.fire(uri);
    // The sides of a diff are such pages, too, and have no column of their own.
    const shown = window.visibleTextEditors.find((editor) => editor.document.uri.scheme === pageScheme && editor.viewColumn !== undefined);
    await window.showTextDocument(await workspace.openTextDocument(uri), {
      viewColumn: shown?.viewColumn ?? ViewColumn.Beside,
      preview: true,
    });
  }

  /** Shows what the server answered: a page, or in a sentence why there is none. */
  async openAnswer(answer: TextPage | { readonly message: string } | undefined): Promise<void> {
    if (!answer) return;
    if ('message' in answer) void window.showInformationMessage(answer.message);
    else await this.open(answer);
  }

  /** Takes a page from the screen. */
  async close(title: string): Promise<void> {
    const shown = tabs().filter(({ label, input }) => label === title && input instanceof TabInputText && input.uri.scheme === pageScheme);
    if (shown.length > 0) await window.tabGroups.close(shown, true);
  }

  /** Keeps a text to be shown, for one side of a diff. The name's ending chooses the language. */
  keep(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: pageScheme, path: `/${name}`, query: String(++this.kept) });
    this.pages.set(uri.toString(), { title: name, text });
    return uri;
  }

  /** Shows texts beside what they would become, in the editor's own diff, until `close` is called. */
  async showChanges(title: string, changes: readonly PlannedChange[]): Promise<{ close(): Promise<void> }> {
    const before = new Set(tabs());
    const rows = changes.map(({ uri, name, before, after }) => {
      const right = this.keep(name, after);
      return [uri ?? right, this.keep(`as it is/${name}`, before), right];
    });
    const [only] = rows;
    if (rows.length === 1 && only) await commands.executeCommand('vscode.diff', only[1], only[2], title);
    else if (rows.length > 0) await commands.executeCommand('vscode.changes', title, rows);
    return {
      close: async () => {
        const opened = tabs().filter((tab) => !before.has(tab) && tab.label.startsWith(title));
        if (opened.length > 0) await window.tabGroups.close(opened, true);
      },
    };
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    if (uri.scheme === pageScheme) return this.pages.get(uri.toString())?.text ?? 'This page is gone. Open it again with its command.';
    const client = await this.client.running();
    const answer = await client?.sendRequest(policyDocumentRequest, { uri: uri.toString() }).catch(() => undefined);
    if (!answer) return 'The language server gave no answer.';
    return 'text' in answer ? answer.text : answer.message;
  }

  provideDocumentLinks(document: TextDocument): DocumentLink[] {
    return (this.pages.get(document.uri.toString())?.links ?? []).map((link) => {
      const target = Uri.parse(link.uri);
      const { targetLine: line, targetCharacter: character = 0 } = link as PermissionsLink;
      const place = line === undefined ? target : target.with({ fragment: `L${line + 1},${character + 1}` });
      return new DocumentLink(new Range(link.line, link.start, link.line, link.end), place);
    });
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** The tabs of all groups. */
function tabs(): Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs);
}
