import {
  CancellationTokenSource,
  env,
  ProgressLocation,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type WebviewPanel,
} from 'vscode';
import {
  migratePlanRequest,
  migrateStepRequest,
  type Direction,
  type MigrateAccount,
  type MigratePlan,
  type MigrateStepParams,
  type MigrateStepResult,
  type MigrateTarget,
  type MigrationStep,
} from '../../../../protocol/migrate';
import type { PodRolesClient } from '../../client';
import { openPlace } from '../openPlace';
import { PagePanel, questionOf } from '../pagePanel';
import { placeValue } from '../parts';
import type { TextPages } from '../textPages';
import { html } from '../webview';
import { editOf, unsavedOf } from './change';
import { migrateAnnouncement, migrateBody } from './html';
import { keyOf, movable, parseScope, pickedIn, scopeValue, stepNames, type MigrateModel, type Scope, type ShownStep } from './model';

const viewType = 'podRoles.migrate';
const title = 'Migrate to EKS Pod Identity';
/**
 * The plan is made anew so long after the last change, in milliseconds; after several times what the last one took, where that
 * is longer: it reads the whole workspace, and typing goes first.
 */
const [refreshDelay, timesAsLong, longestDelay] = [500, 5, 20_000] as const;

/** What the editor keeps of the view over a reload. */
interface Question {
  readonly scope: string;
  readonly direction: Direction;
  readonly cluster: string;
}

/** The view of Migrate to EKS Pod Identity, beside the editor: one at a time. It follows the files while it is shown. */
export class MigrateView implements Disposable {
  private view: PagePanel | undefined;
  private plan: MigratePlan | undefined;
  private scope: Scope = { kind: 'all' };
  private direction: Direction = 'to-pod-identity';
  private cluster = '';
  private picked = new Set<string>();
  private step: (Omit<ShownStep, 'unsaved'> & { readonly params: MigrateStepParams }) | undefined;
  private problem: string | undefined;
  private diff: { close(): Promise<void> } | undefined;
  /** Answers to older questions are dropped. */
  private asked = 0;
  /** The plan that is being made: cancelled when another one is asked for, or the view is closed. */
  private planning: CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStale = false;
  private delay: number = refreshDelay;
  /** One at a time: a second press while files are changed does nothing. */
  private busy = false;
  private readonly serializer: Disposable;
  private readonly saves: Disposable;

  constructor(
    private readonly client: PodRolesClient,
    private readonly textPages: Pick<TextPages, 'showChanges'>,
    private readonly extensionUri: Uri,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => {
        const { scope, direction, cluster } = (questionOf(state) ?? {}) as Partial<Question>;
        this.scope = parseScope(typeof scope === 'string' ? scope : '');
        this.direction = direction === 'to-irsa' ? 'to-irsa' : 'to-pod-identity';
        this.cluster = typeof cluster === 'string' ? cluster : '';
        this.adopt(panel);
        await this.refresh();
      },
    });
    this.saves = workspace.onDidSaveTextDocument(() => {
      if (this.step?.applied) this.draw();
    });
    client.onAccessChanged(() => this.refreshSoon());
  }

  /** Opens the view for the account at a place, or for all accounts. */
  async open(at: MigrateTarget | undefined): Promise<void> {
    const begin = performance.now();
    const answer = await inProgress('planning the move', this.client.request(migratePlanRequest, this.params(at)));
    if (!answer) return;
    this.took(performance.now() - begin);
    if ('message' in answer) {
      void window.showInformationMessage(answer.message);
      return;
    }
    if (at) {
      this.scope = answer.at ? { kind: 'account', key: keyOf(answer.at) } : { kind: 'all' };
      if (answer.at) this.picked = new Set([keyOf(answer.at)]);
    }
    if (this.view) this.view.panel.reveal(undefined, false);
    else this.adopt(window.createWebviewPanel(viewType, title, { viewColumn: ViewColumn.Beside, preserveFocus: false }));
    this.asked++;
    this.plan = answer;
    this.draw();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.planning?.cancel();
    this.serializer.dispose();
    this.saves.dispose();
    this.view?.dispose();
  }

  private params(at?: MigrateTarget) {
    return { direction: this.direction, ...(this.cluster === '' ? {} : { cluster: this.cluster }), ...(at ? { at } : {}) };
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
        this.planning?.cancel();
        this.view = this.plan = this.step = this.problem = undefined;
        this.picked = new Set();
        this.scope = { kind: 'all' };
        void this.closeDiff();
      },
    );
    this.view = view;
    // What changed while it was hidden was not asked for.
    panel.onDidChangeViewState(() => {
      if (this.isStale) this.refreshSoon();
    });
  }

  private took(milliseconds: number): void {
    this.delay = Math.min(longestDelay, Math.max(refreshDelay, timesAsLong * milliseconds));
  }

  private refreshSoon(): void {
    if (!this.view) return;
    this.isStale = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.view?.panel.visible) void this.refresh();
    }, this.delay);
  }

  private async refresh(): Promise<void> {
    const { view } = this;
    if (!view) return;
    this.isStale = false;
    const asked = ++this.asked;
    this.planning?.cancel();
    const { token } = (this.planning = new CancellationTokenSource());
    const client = await this.client.running();
    const begin = performance.now();
    const answer = await client?.sendRequest(migratePlanRequest, this.params(), token).catch(() => undefined);
    if (!token.isCancellationRequested) this.took(performance.now() - begin);
    if (asked !== this.asked || view !== this.view) return;
    if (answer && !('message' in answer)) {
      this.plan = answer;
      await this.forgetUndone();
      return this.draw();
    }
    const message = answer?.message ?? 'The language server is not running. This view comes back when it runs again.';
    this.plan = undefined;
    view.show({ title, body: html`<p>${message}</p>`, announcement: message, state: this.question() });
  }

  private question(): Question {
    return { scope: scopeValue(this.scope), direction: this.direction, cluster: this.cluster };
  }

  private model(): MigrateModel | undefined {
    const { plan, scope, direction, cluster, picked, problem } = this;
    if (!plan) return undefined;
    const step = this.step && {
      ...this.step,
      unsaved: this.step.applied ? unsavedOf(this.step.result.files).map(({ path }) => path) : [],
    };
    return { plan, scope, direction, cluster, picked, ...(step ? { step } : {}), ...(problem === undefined ? {} : { problem }) };
  }

  private draw(): void {
    const model = this.model();
    if (model) this.view?.show({ title, body: migrateBody(model), announcement: migrateAnnouncement(model), state: this.question() });
  }

  private async act(view: PagePanel, act: string, value: string): Promise<void> {
    switch (act) {
      case 'open':
        return openPlace(value, view.panel);
      case 'scope':
        this.scope = parseScope(changed(value)[1]);
        return this.draw();
      case 'cluster':
        this.cluster = changed(value)[1].trim();
        return this.refresh();
      case 'direction':
        this.direction = changed(value)[1] === 'to-irsa' ? 'to-irsa' : 'to-pod-identity';
        await this.forget();
        return this.refresh();
      case 'pick': {
        const [key, isPicked] = changed(value);
        if (isPicked === 'true') this.picked.add(key);
        else this.picked.delete(key);
        return this.draw();
      }
      case 'pick-all':
        return this.pickAll(shownKeys(value));
      case 'preview':
        if (isStep(value)) await this.once(() => this.preview(view, value));
        return;
      case 'show':
        return this.once(() => this.showDiff(view));
      case 'apply':
        return this.once(() => this.apply(view));
      case 'save':
        return this.once(() => this.save());
      case 'close':
        await this.forget();
        return this.draw();
      case 'copy-plan':
        return copy(this.plan?.text);
      case 'copy-script':
        return copy(this.step?.result.script);
    }
  }

  /** Picks what can move of the rows that are shown. */
  private pickAll(shown: ReadonlySet<string>): void {
    const model = this.model();
    if (!model) return;
    for (const key of movable(model)) if (shown.has(key)) this.picked.add(key);
    this.draw();
  }

  private async once(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }

  /** Asks for a step of the picked accounts and shows it: the page what is proven, the editor's own diff what changes. */
  private async preview(view: PagePanel, step: MigrationStep): Promise<void> {
    const model = this.model();
    const accounts: readonly MigrateAccount[] = model ? pickedIn(model) : [];
    if (accounts.length === 0) return;
    await this.forget();
    const { direction, cluster } = this.params();
    const params = { direction, step, accounts, ...(cluster === undefined ? {} : { cluster }) };
    if (!(await this.ask(params))) return;
    this.draw();
    await this.showDiff(view);
  }

  private async ask(params: MigrateStepParams): Promise<MigrateStepResult | undefined> {
    const answer = await inProgress('making the preview', this.client.request(migrateStepRequest, params));
    if (!answer || 'message' in answer) {
      this.step = undefined;
      this.problem = answer?.message;
      this.draw();
      return undefined;
    }
    this.problem = undefined;
    this.step = { result: answer, applied: false, params };
    return answer;
  }

  private async showDiff({ panel }: PagePanel): Promise<void> {
    const { step } = this;
    if (!step || step.applied || step.result.files.length === 0) return;
    await this.closeDiff();
    const { files, step: name, accounts } = step.result;
    // The diff opens in the column that is active: that of the files, not the page's own.
    const shown = files.find(({ action }) => action === 'change');
    if (shown) await openPlace(placeValue({ uri: shown.uri, line: 0, character: 0 }), panel);
    const heading = `${stepNames[name]} ${accounts.length === 1 ? accounts[0]! : `${accounts.length} service accounts`}`;
    this.diff = await this.textPages.showChanges(
      heading,
      files.map((file) => ({ uri: Uri.parse(file.uri, true), name: file.path, before: file.before, after: file.after })),
    );
  }

  /** Changes the files as one step that one undo takes back. Nothing is changed if one of them isn't as in the preview. */
  private async apply(view: PagePanel): Promise<void> {
    const { step } = this;
    if (!step || step.applied) return;
    const edit = await editOf(step.result.files);
    if (!edit) {
      if (await this.ask(step.params))
        this.problem = 'The files changed since the preview, so nothing was applied. This is the preview of now.';
      this.draw();
      return this.showDiff(view);
    }
    // As for every refactoring: what isn't open is saved, if the user's settings say so (files.refactoring.autoSave).
    if (!(await workspace.applyEdit(edit, { isRefactoring: true }))) {
      this.problem = 'The editor rejected the change, so no file was changed. A file of that name may already exist.';
      return this.draw();
    }
    await this.closeDiff();
    if (this.step === step) this.step = { ...step, applied: true };
    this.problem = undefined;
    this.draw();
  }

  /** Saves the files of the step that was applied. The page says which are left: one that can't be written stays as it is. */
  private async save(): Promise<void> {
    for (const file of unsavedOf(this.step?.result.files ?? [])) await file.save();
    this.draw();
  }

  /** A step that was applied, and undone since, is no longer told as done. */
  private async forgetUndone(): Promise<void> {
    const { step } = this;
    if (!step?.applied || step.result.files.length === 0) return;
    // Its change could be made again: every file is as it was before.
    if ((await editOf(step.result.files)) && this.step === step) this.step = undefined;
  }

  /** Discards the step that is shown. */
  private async forget(): Promise<void> {
    this.step = undefined;
    this.problem = undefined;
    await this.closeDiff();
  }

  private async closeDiff(): Promise<void> {
    const { diff } = this;
    this.diff = undefined;
    await diff?.close();
  }
}

/** Tells in the status bar that the server is at work. */
async function inProgress<T>(what: string, work: Promise<T>): Promise<T> {
  await window.withProgress({ location: ProgressLocation.Window, title: `Pod Roles: ${what}` }, () => work);
  return work;
}

function isStep(value: string): value is MigrationStep {
  return value === 'expand' || value === 'contract' || value === 'undo';
}

/** What a field of the page says: what it is for, and its value. */
function changed(value: string): readonly [string, string] {
  try {
    const [about, now] = JSON.parse(value) as unknown[];
    return [typeof about === 'string' ? about : '', String(now)];
  } catch {
    return ['', ''];
  }
}

/** The keys of the rows that a page shows. */
function shownKeys(value: string): ReadonlySet<string> {
  try {
    return new Set((JSON.parse(value) as unknown[]).filter((key) => typeof key === 'string'));
  } catch {
    return new Set();
  }
}

async function copy(text: string | undefined): Promise<void> {
  if (text === undefined) return;
  await env.clipboard.writeText(text);
  window.setStatusBarMessage('Copied.', 3000);
}
