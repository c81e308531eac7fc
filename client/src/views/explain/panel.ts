import { env, ViewColumn, window, workspace, type Disposable, type TextDocumentChangeEvent, type Uri, type WebviewPanel } from 'vscode';
import type { PodRolesClient } from '../../client';
import { shift } from '../../documents';
import { explainRequest, type ExplainPage, type ExplainParams } from '../../../../protocol/explain';
import { applyFix } from '../applyFix';
import { openPlace } from '../openPlace';
import { PagePanel, questionOf } from '../pagePanel';
import { html } from '../webview';
import { explainBody, explainTitle, verdictLine } from './html';

const viewType = 'podRoles.explain';

/**
 * The view of Explain Access, beside the editor. There is one; it follows the text, and comes back when the window is
 * reloaded or the server restarts.
 */
export class ExplainView implements Disposable {
  private view: PagePanel | undefined;
  private params: ExplainParams | undefined;
  private page: ExplainPage | undefined;
  /** Answers to older questions are dropped. */
  private asked = 0;
  private readonly disposables: Disposable[];

  constructor(
    private readonly client: PodRolesClient,
    private readonly extensionUri: Uri,
    private readonly openRule: (rule: string) => unknown,
  ) {
    this.disposables = [
      workspace.onDidChangeTextDocument((event) => this.follow(event)),
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state) => {
          const question = questionOf(state);
          if (!isParams(question)) {
            panel.dispose();
            return;
          }
          this.params = question;
          this.adopt(panel);
          await this.refresh();
        },
      }),
    ];
    client.onAccessChanged(() => void this.refresh());
  }

  /** Asks the server and shows the answer beside the file; says why if there is nothing to explain. */
  async open(params: ExplainParams): Promise<void> {
    const asked = ++this.asked;
    const result = await this.client.request(explainRequest, params);
    if (!result || asked !== this.asked) return;
    if ('message' in result) {
      void window.showInformationMessage(result.message);
      return;
    }
    this.params = params;
    if (this.view) this.view.panel.reveal(undefined, false);
    else this.adopt(window.createWebviewPanel(viewType, explainTitle(result), { viewColumn: ViewColumn.Beside, preserveFocus: false }));
    this.show(result);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
    this.view?.dispose();
  }

  private adopt(panel: WebviewPanel): void {
    this.view?.dispose();
    const view: PagePanel = new PagePanel(
      panel,
      this.extensionUri,
      'page',
      (act, value) => void this.act(view, act, value),
      () => {
        if (this.view !== view) return;
        this.view = this.params = this.page = undefined;
      },
    );
    this.view = view;
  }

  private async act(view: PagePanel, act: string, value: string): Promise<void> {
    if (act === 'open') return openPlace(value, view.panel);
    if (act === 'rule') return void this.openRule(value);
    if (act === 'copy' && this.page) {
      await env.clipboard.writeText(this.page.text);
      window.setStatusBarMessage('Copied.', 3000);
    }
    if (act === 'fix') await this.fix(value);
  }

  /** Applies a fix of the page that is shown. A second press before the page was drawn anew does nothing. */
  private async fix(value: string): Promise<void> {
    const [i, k] = value.split('.').map(Number);
    const fix = this.page?.fixes[i ?? -1];
    const title = fix?.titles[k ?? -1];
    if (!fix || title === undefined) return;
    this.page = undefined;
    await applyFix(this.client, fix, title);
    await this.refresh();
  }

  private show(result: ExplainPage): void {
    this.page = result;
    this.view?.show({
      title: explainTitle(result),
      body: explainBody(result),
      announcement: verdictLine(result),
      state: this.params,
    });
  }

  private follow({ document, contentChanges }: TextDocumentChangeEvent): void {
    const { params } = this;
    if (!params?.position || document.uri.toString() !== params.uri) return;
    this.params = { uri: params.uri, position: contentChanges.reduce((at, change) => shift(at, change), params.position) };
  }

  private async refresh(): Promise<void> {
    const { params, view } = this;
    if (!params || !view) return;
    const asked = ++this.asked;
    const client = await this.client.running();
    const result = await client?.sendRequest(explainRequest, params).catch(() => undefined);
    if (asked !== this.asked || view !== this.view) return;
    if (result && !('message' in result)) return this.show(result);
    this.page = undefined;
    const message = result?.message ?? 'The language server is not running. This view comes back when it runs again.';
    view.show({ title: view.panel.title, body: html`<p>${message}</p>`, announcement: message, state: params });
  }
}

function isParams(value: unknown): value is ExplainParams {
  return typeof value === 'object' && value !== null && typeof (value as ExplainParams).uri === 'string';
}
