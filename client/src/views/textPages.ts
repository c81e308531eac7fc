import {
  commands,
  EventEmitter,
  TabInputText,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type Tab,
  type TextDocumentContentProvider,
} from 'vscode';
import type { PodRolesClient } from '../client';
import { policyDocumentRequest } from '../../../protocol/permissions';

/** A page of plain text. */
export interface TextPage {
  readonly title: string;
  readonly text: string;
}

/** One text of a preview. `uri` is the file that it is about, `name` its path: the ending chooses the language. `before` is empty for a new file. */
export interface PlannedChange {
  readonly uri?: Uri;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const pageScheme = 'pod-roles-page';
const awsScheme = 'pod-roles-aws';

/** Read-only documents: pages that the server makes, and policies that stand in AWS and not in a file. */
export class TextPages implements TextDocumentContentProvider, Disposable {
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
      // Of one path: the editor would show two as a file that gets another name.
      const right = this.keep(name, after);
      return [uri ?? right, before === '' && changes.length > 1 ? undefined : this.keep(name, before), right] as const;
    });
    const [only] = rows;
    if (rows.length === 1 && only?.[1]) await commands.executeCommand('vscode.diff', only[1], only[2], title);
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

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** The tabs of all groups. */
function tabs(): Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs);
}
