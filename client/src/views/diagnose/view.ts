import { randomBytes } from 'node:crypto';
import { commands, env, ProgressLocation, Range, Uri, ViewColumn, window, workspace, type Disposable, type WebviewPanel } from 'vscode';
import {
  diagnoseRequest,
  workloadsRequest,
  type DiagnoseAnswer,
  type DiagnosePlace,
  type WorkloadName,
} from '../../../../protocol/diagnose';
import type { AwsAccess } from '../../aws/access';
import type { PodRolesClient } from '../../client';
import type { ExplainView } from '../explain/panel';
import { answerHtml, messageHtml, pageHtml } from './html';

/** What the page sends. */
interface Message {
  readonly type: string;
  readonly text?: string;
  readonly workload?: string;
  readonly index?: number;
}

/** How the view is opened. */
export interface OpenDiagnose {
  readonly workload?: WorkloadName;
  /** True where the user asked for the clipboard's text. */
  readonly clipboard?: boolean;
}

/** The view of Diagnose an Error, beside the editor. One at a time; what was pasted goes with it. */
export class DiagnoseView implements Disposable {
  private panel: WebviewPanel | undefined;
  private answer: DiagnoseAnswer | undefined;
  /** Whether the answer took CloudTrail into account: a fix is then asked for in the same way. */
  private lookedUp = false;

  constructor(
    private readonly client: PodRolesClient,
    private readonly explain: ExplainView,
    private readonly extension: Uri,
    private readonly aws: Pick<AwsAccess, 'ensureLive'>,
  ) {}

  async open({ workload, clipboard }: OpenDiagnose): Promise<void> {
    const open = this.panel;
    if (open) {
      open.reveal();
      if (workload) await open.webview.postMessage({ type: 'workload', value: `${workload.namespace}/${workload.name}` });
    } else await this.create(workload);
    if (clipboard) await this.pasteClipboard(true);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private async create(picked: WorkloadName | undefined): Promise<void> {
    const workloads = (await this.client.running().then((client) => client?.sendRequest(workloadsRequest).catch(() => []))) ?? [];
    const panel = window.createWebviewPanel('podRoles.diagnose', 'Diagnose an Error', ViewColumn.Beside, {
      enableScripts: true,
      localResourceRoots: [],
      // Hidden behind another tab it keeps what was pasted; closed it keeps nothing.
      retainContextWhenHidden: true,
    });
    this.panel = panel;
    panel.webview.onDidReceiveMessage((message: Message) => this.receive(message));
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.answer = undefined;
    });
    panel.webview.html = pageHtml({ nonce: randomBytes(16).toString('base64url'), workloads, picked });
  }

  private async pasteClipboard(run: boolean): Promise<void> {
    const text = await env.clipboard.readText();
    await this.panel?.webview.postMessage({ type: 'paste', text, run });
  }

  private async receive(message: Message): Promise<void> {
    const { index = 0 } = message;
    switch (message.type) {
      case 'run':
        this.lookedUp = false;
        return this.run(message);
      case 'cloudTrail':
        return this.lookUp(message);
      case 'clipboard':
        return this.pasteClipboard(false);
      case 'place':
        return openPlace(this.answer?.place);
      case 'reason':
        return openPlace(this.answer?.reasons[index]?.place);
      case 'evidence':
        return this.select(index);
      case 'fix':
        return this.fix(message, index);
      case 'explain':
        if (this.answer?.explain) await this.explain.open(this.answer.explain);
        return;
      case 'copy':
        if (this.answer) await env.clipboard.writeText(this.answer.text);
        return;
      case 'docs':
        if (this.answer?.docs !== undefined)
          await commands.executeCommand('markdown.showPreview', Uri.joinPath(this.extension, this.answer.docs));
        return;
    }
  }

  private async lookUp(message: Message): Promise<void> {
    if (!(await this.aws.ensureLive('look a failed request up in CloudTrail'))) return;
    this.lookedUp = true;
    await this.run(message);
  }

  private async run(message: Message): Promise<void> {
    const result = await this.ask(message);
    this.answer = result && !('message' in result) ? result : undefined;
    const html = this.answer
      ? answerHtml(this.answer)
      : messageHtml((result as { message?: string } | undefined)?.message ?? 'The language server gave no answer.');
    await this.panel?.webview.postMessage({ type: 'answer', html });
  }

  /** The params hold what was pasted: the trace of the protocol must not. */
  private async ask({ text = '', workload = '' }: Message): Promise<DiagnoseAnswer | { readonly message: string } | undefined> {
    const [namespace, name] = workload.split('/');
    const params = { pastes: [text], ...(namespace && name ? { workload: { namespace, name } } : {}) };
    if (!this.lookedUp) return this.client.requestUntraced(diagnoseRequest, params);
    const options = { location: ProgressLocation.Notification, title: 'Looking the request up in CloudTrail', cancellable: true };
    return window.withProgress(options, (_, token) => this.client.requestUntraced(diagnoseRequest, { ...params, cloudTrail: true }, token));
  }

  /** Marks in the box the line that a value was read from. */
  private async select(index: number): Promise<void> {
    const found = this.answer?.evidence[index];
    if (found) await this.panel?.webview.postMessage({ type: 'select', start: found.offset });
  }

  /** Applies a fix as it is now: the files may have changed since the answer. */
  private async fix(message: Message, index: number): Promise<void> {
    const title = this.answer?.fixes[index]?.title;
    const now = await this.ask(message);
    const fix = now && !('message' in now) ? now.fixes.find((each) => each.title === title) : undefined;
    const client = await this.client.running();
    const edit = fix && client && (await client.protocol2CodeConverter.asWorkspaceEdit(fix.edit));
    if (!fix || !edit || !(await workspace.applyEdit(edit))) {
      void window.showInformationMessage('The files changed since: this fix no longer applies.');
      return;
    }
    await openPlace(fix.place);
    await this.run(message);
  }
}

async function openPlace(place: DiagnosePlace | undefined): Promise<void> {
  if (!place) return;
  const at = new Range(place.line, place.character, place.line, place.character);
  await window.showTextDocument(Uri.parse(place.uri), { viewColumn: ViewColumn.One, selection: at });
}
