import { env, Uri, ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';
import type { PodRolesClient } from '../../client';
import { permissionsRequest, type PermissionsPage, type PermissionsParams } from '../../../../protocol/permissions';
import { html } from '../html';
import { openPlace } from '../openPlace';
import { PagePanel, questionOf } from '../pagePanel';
import { permissionsBody } from './html';

const viewType = 'podRoles.permissions';

/** The view of Show Role Permissions, beside the editor. There is one; a role is remembered by its ARN over a reload. */
export class PermissionsView implements Disposable {
  private view: PagePanel | undefined;
  private page: PermissionsPage | undefined;
  private roleArn: string | undefined;
  private readonly serializer: Disposable;

  constructor(
    private readonly client: PodRolesClient,
    private readonly extensionUri: Uri,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => {
        const { roleArn } = (questionOf(state) ?? {}) as { roleArn?: unknown };
        if (typeof roleArn !== 'string') {
          panel.dispose();
          return;
        }
        this.roleArn = roleArn;
        this.adopt(panel);
        await this.refresh();
      },
    });
    client.onAccessChanged(() => {
      if (this.view?.panel.visible) void this.refresh();
    });
  }

  /** Asks the server and shows the answer; says why if there is none. */
  async open(question: PermissionsParams): Promise<void> {
    const result = await this.client.request(permissionsRequest, question);
    if (!result) return;
    if ('message' in result) {
      void window.showInformationMessage(result.message);
      return;
    }
    if (this.view) this.view.panel.reveal(undefined, false);
    else this.adopt(window.createWebviewPanel(viewType, result.title, { viewColumn: ViewColumn.Beside, preserveFocus: false }));
    this.show(result);
  }

  dispose(): void {
    this.serializer.dispose();
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
        if (this.view === view) this.view = this.page = undefined;
      },
    );
    this.view = view;
  }

  private async act({ panel }: PagePanel, act: string, value: string): Promise<void> {
    if (act === 'open') return openPlace(value, panel);
    // Only addresses that the server made of the console's own host are on the page.
    if (act === 'console' && this.isOnPage(value)) await env.openExternal(Uri.parse(value, true));
    if (act === 'copy' && this.page) {
      await env.clipboard.writeText(this.page.text);
      window.setStatusBarMessage('Copied.', 3000);
    }
  }

  private isOnPage(uri: string): boolean {
    const { links = [], policies = [], boundary } = this.page ?? {};
    const all = [...links, ...[...policies, ...(boundary?.policy ? [boundary.policy] : [])].flatMap((policy) => policy.console ?? [])];
    return uri.startsWith('https:') && all.some((link) => link.uri === uri);
  }

  private show(page: PermissionsPage): void {
    this.page = page;
    this.roleArn = page.roleArn;
    this.view?.show({ title: page.title, body: permissionsBody(page), announcement: page.title, state: { roleArn: page.roleArn } });
  }

  private async refresh(): Promise<void> {
    const { roleArn, view } = this;
    if (roleArn === undefined || !view) return;
    const client = await this.client.running();
    const result = await client?.sendRequest(permissionsRequest, { roleArn }).catch(() => undefined);
    if (view !== this.view || roleArn !== this.roleArn) return;
    if (result && !('message' in result)) return this.show(result);
    const message = result?.message ?? 'The language server is not running. This view comes back when it runs again.';
    view.show({ title: view.panel.title, body: html`<p>${message}</p>`, announcement: message, state: { roleArn } });
  }
}
