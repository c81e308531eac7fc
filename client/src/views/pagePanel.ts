import { Uri, type Disposable, type WebviewPanel } from 'vscode';
import { html, webviewPage, type Html } from './webview';

/** What a page shows now. */
export interface PageContent {
  /** The tab's title. */
  readonly title: string;
  readonly body: Html;
  /** Said by screen readers when it changes. */
  readonly announcement: string;
  /** Given back when the window is reloaded: see {@link questionOf}. */
  readonly state: unknown;
  /** For a script of its own. */
  readonly data?: unknown;
}

/** The `state` of the content that a page showed last, of what the editor kept of it over a reload. */
export function questionOf(kept: unknown): unknown {
  return (kept as { readonly question?: unknown } | undefined)?.question;
}

/** What a page sends: a button or a link was used. */
export type OnAct = (act: string, value: string) => void;

/**
 * A webview that shows HTML made here and draws it anew when it changes: folds, scroll position, filters and focus stay.
 * A page that was hidden is loaded again by the editor, says that it is ready, and gets what is to be shown.
 */
export class PagePanel implements Disposable {
  private content: PageContent | undefined;
  private readonly listeners: Disposable[];

  constructor(
    readonly panel: WebviewPanel,
    extensionUri: Uri,
    script: 'page' | 'map',
    onAct: OnAct,
    onClosed: () => void,
  ) {
    const dist = Uri.joinPath(extensionUri, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.listeners = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const { type, act, value } = (message ?? {}) as { type?: unknown; act?: unknown; value?: unknown };
        if (type === 'ready') this.send();
        else if (type === 'act' && typeof act === 'string' && typeof value === 'string') onAct(act, value);
      }),
      panel.onDidDispose(() => {
        for (const listener of this.listeners) listener.dispose();
        onClosed();
      }),
    ];
    panel.webview.html = webviewPage(panel.webview, {
      title: 'Pod Roles',
      body: html`<p class="note">Loading…</p>`,
      script: Uri.joinPath(dist, `${script}.js`),
      style: Uri.joinPath(dist, 'page.css'),
    });
  }

  show(content: PageContent): void {
    this.content = content;
    if (this.panel.title !== content.title) this.panel.title = content.title;
    this.send();
  }

  dispose(): void {
    this.panel.dispose();
  }

  private send(): void {
    if (!this.content) return;
    const { body, announcement, state, data } = this.content;
    void this.panel.webview.postMessage({ type: 'show', body: body.text, announcement, state, data });
  }
}
