import { ProgressLocation, Uri, window, workspace, type Disposable, type WebviewPanel } from 'vscode';
import type { AccessSource } from '../accessSource';
import { fileColumn, openPlace } from '../openPlace';
import { PagePanel } from '../pagePanel';
import { html } from '../webview';
import { mapBody } from './html';

const viewType = 'podRoles.map';
const title = 'Access Map';

/** The Access Map, drawn. There is one; it follows the workspace while it is on the screen. */
export class MapView implements Disposable {
  private view: PagePanel | undefined;
  private readonly disposables: Disposable[];

  constructor(
    private readonly source: AccessSource,
    private readonly extensionUri: Uri,
  ) {
    this.disposables = [
      source.while(() => this.view?.panel.visible === true),
      source.onDidChange(() => this.show()),
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel) => {
          this.adopt(panel);
          await source.update(true);
        },
      }),
    ];
  }

  async open(): Promise<void> {
    if (this.view) this.view.panel.reveal();
    else this.adopt(window.createWebviewPanel(viewType, title, fileColumn()));
    const work = this.source.update(true);
    await window.withProgress({ location: ProgressLocation.Window, title: 'Pod Roles: drawing the access map' }, () => work);
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
      'map',
      (act, value) => void this.act(view, act, value),
      () => {
        if (this.view === view) this.view = undefined;
      },
    );
    this.view = view;
    // A change while it was hidden was not asked for.
    panel.onDidChangeViewState(() => void this.source.update());
  }

  private show(): void {
    const { last } = this.source;
    if (!this.view || !last) return;
    if ('message' in last) this.view.show({ title, body: html`<p>${last.message}</p>`, announcement: last.message, state: {} });
    else if (last.rows.length === 0) {
      const message = 'No service account of this workspace uses a role.';
      this.view.show({
        title,
        body: html`<h1>${title}</h1>
          <p>${message}</p>`,
        announcement: message,
        state: {},
      });
    } else this.view.show({ title, body: mapBody(last), announcement: '', state: {}, data: last });
  }

  private async act({ panel }: PagePanel, act: string, value: string): Promise<void> {
    if (act === 'open') return openPlace(value, panel);
    if (act !== 'export') return;
    const end = value.indexOf('\n');
    const [kind, text] = [value.slice(0, end), value.slice(end + 1)];
    const file = kind === 'svg' ? 'access-map.svg' : 'access-map.mmd';
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const target = await window.showSaveDialog({
      title: 'Export the Access Map',
      ...(folder ? { defaultUri: Uri.joinPath(folder, file) } : {}),
      filters: kind === 'svg' ? { SVG: ['svg'] } : { Mermaid: ['mmd', 'md'] },
    });
    if (!target) return;
    const isMarkdown = kind !== 'svg' && target.path.endsWith('.md');
    await workspace.fs.writeFile(target, new TextEncoder().encode(isMarkdown ? `\`\`\`mermaid\n${text}\`\`\`\n` : text));
    await window.showTextDocument(target, { preview: true });
  }
}
