import { commands, window, workspace, type CancellationToken, type Disposable, type ExtensionContext, type LogOutputChannel } from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  Trace,
  TransportKind,
  type ErrorHandler,
  type LanguageClientOptions,
  type RequestType,
  type RequestType0,
  type ServerOptions,
} from 'vscode-languageclient/node';
import { ActiveFile } from './activeFile';
import { documentSelector } from './documents';
import { serverChannel, traceChannel } from './log';
import { accessChangedNotification, activeFileNotification, statusNotification, type Status } from '../../protocol/workspace';
import { readSettings, section } from './settings';
import type { StatusItem } from './status';

/** More crashes than this in the time below and the server stays down until the user restarts it. */
const crashLimit = 4;
const crashWindow = 3 * 60_000;

/** Views ask again this long after the last change, in milliseconds. */
const accessDelay = 150;

/** The language server's life: start, restart after a crash, stop. Never two at once. */
export class PodRolesClient implements Disposable {
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private crashes: number[] = [];
  private readonly unfinished = new Set<Promise<void>>();
  private readonly starting: ((client: LanguageClient) => void)[] = [];
  private readonly started: (() => void)[] = [];
  private readonly accessListeners: (() => void)[] = [];
  private accessTimer: NodeJS.Timeout | undefined;
  private readonly listeners: Disposable[];
  private readonly activeFile = new ActiveFile();

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
    private readonly status: StatusItem,
  ) {
    this.listeners = [
      window.onDidChangeActiveTextEditor(() => {
        this.activeFile.changed();
        this.tellActiveFile();
      }),
      workspace.onDidGrantWorkspaceTrust(() => void this.restart('the workspace is trusted now')),
    ];
  }

  /** The running client; waits for a start or restart that is under way. Undefined when the server is down. */
  async running(): Promise<LanguageClient | undefined> {
    await this.queue;
    return this.client?.state === State.Running ? this.client : undefined;
  }

  /** Asks the server; undefined, and a word to the user, when it does not run. */
  async request<P, R>(type: RequestType<P, R, void>, params: P, token?: CancellationToken): Promise<R | undefined>;
  async request<R>(type: RequestType0<R, void>, token?: CancellationToken): Promise<R | undefined>;
  async request<R>({ method }: { readonly method: string }, ...given: readonly unknown[]): Promise<R | undefined> {
    const client = await this.running();
    if (!client) {
      this.offerRestart('The Pod Roles language server is not running.');
      return undefined;
    }
    // An absent token must not be passed on: it would count as a parameter.
    const [first, ...more] = given.filter((each) => each !== undefined);
    return client.sendRequest<R>(method, first, ...(more as [CancellationToken?]));
  }

  /** The same for params that must not be written to the log, such as what a user pasted: the trace is off meanwhile. */
  async requestUntraced<P, R>(type: RequestType<P, R, void>, params: P, token?: CancellationToken): Promise<R | undefined> {
    const client = await this.running();
    if (!client) return this.request(type, params, token);
    await client.setTrace(Trace.Off);
    try {
      return await this.request(type, params, token);
    } finally {
      await client.setTrace(Trace.fromString(workspace.getConfiguration(section).get('trace.server', 'off')));
    }
  }

  /** Called with each client before it starts: the place to listen to its notifications. */
  onStarting(listener: (client: LanguageClient) => void): void {
    this.starting.push(listener);
  }

  /** Called each time the server runs, after a restart too. */
  onStarted(listener: () => void): void {
    this.started.push(listener);
  }

  /** Called when verdicts may be different, and when the server runs again: views ask again. Debounced. */
  onAccessChanged(listener: () => void): void {
    this.accessListeners.push(listener);
  }

  start(): Promise<void> {
    return this.inTurn(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.stopNow());
  }

  /** Stops and starts; several calls at once run one after the other. */
  restart(reason: string): Promise<void> {
    this.crashes = [];
    return this.inTurn(async () => {
      this.log.info(`Restarting the language server: ${reason}.`);
      await this.stopNow();
      await this.startNow();
    });
  }

  dispose(): void {
    clearTimeout(this.accessTimer);
    for (const listener of this.listeners) listener.dispose();
    void this.stop();
  }

  private accessChanged(): void {
    clearTimeout(this.accessTimer);
    this.accessTimer = setTimeout(() => {
      for (const listener of this.accessListeners) listener();
    }, accessDelay);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => this.log.error(String(error)));
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (this.client) return;
    this.status.starting();
    this.log.info('Starting the language server.');
    const client = new LanguageClient(section, 'Pod Roles', this.serverOptions(), this.clientOptions());
    this.client = client;
    client.onNotification(statusNotification, (params: Status) => {
      this.status.show(params);
      this.activeFile.answered(params);
    });
    client.onNotification(accessChangedNotification, () => this.accessChanged());
    for (const listener of this.starting) listener(client);
    // The client starts its server again by itself after a crash: whoever told it something tells it again.
    client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) return;
      for (const listener of this.started) listener();
      this.accessChanged();
      this.tellActiveFile();
    });
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      this.log.error(`The language server did not start: ${String(error)}`);
      this.status.stopped('The language server did not start. The log says why.');
      this.offerRestart('The Pod Roles language server did not start.');
    }
  }

  /** Work that a stop waits for: the server is making, or undoing, something in AWS. */
  keepRunning(work: Promise<unknown>): void {
    const ended = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.unfinished.delete(ended));
    this.unfinished.add(ended);
  }

  private async stopNow(): Promise<void> {
    await Promise.all(this.unfinished);
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    this.activeFile.changed();
    this.log.info('Stopping the language server.');
    try {
      if (client.needsStop()) await client.stop(5000);
    } catch (error) {
      this.log.warn(`The language server did not stop by itself: ${String(error)}`);
    }
    await client.dispose().catch(() => undefined);
  }

  private serverOptions(): ServerOptions {
    const module = this.context.asAbsolutePath('dist/server.js');
    const debug = { execArgv: ['--nolazy', '--inspect=6011'] };
    return {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: debug },
    };
  }

  private clientOptions(): LanguageClientOptions {
    const channel = serverChannel(this.log);
    return {
      documentSelector,
      diagnosticCollectionName: 'pod-roles',
      outputChannel: channel,
      traceOutputChannel: traceChannel(this.log),
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: section },
      // `storage`: where the server may keep what it read, for the next start of this workspace.
      initializationOptions: {
        settings: readSettings(),
        trusted: workspace.isTrusted,
        podRolesCommands: true,
        storage: this.context.storageUri?.fsPath,
      },
      errorHandler: this.errorHandler(),
      initializationFailedHandler: () => false,
      markdown: {
        isTrusted: {
          enabledCommands: [
            'podRoles.explainAccess',
            'podRoles.showRolePermissions',
            'podRoles.openAwsDocument',
            'podRoles.refreshAwsData',
          ],
        },
        supportHtml: false,
      },
    };
  }

  private errorHandler(): ErrorHandler {
    return {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        const now = Date.now();
        this.crashes = [...this.crashes.filter((time) => now - time < crashWindow), now];
        if (this.crashes.length <= crashLimit) {
          this.log.warn('The language server stopped by itself and is started again.');
          this.status.starting();
          return { action: CloseAction.Restart, handled: true };
        }
        this.status.stopped(`The language server stopped ${this.crashes.length} times in ${crashWindow / 60_000} minutes.`);
        this.offerRestart(
          `The Pod Roles language server stopped ${this.crashes.length} times in ${crashWindow / 60_000} minutes and is not started again. The log says why.`,
        );
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    };
  }

  private offerRestart(message: string): void {
    void window.showErrorMessage(message, 'Show Log', 'Restart').then((choice) => {
      if (choice === 'Show Log') this.log.show();
      if (choice === 'Restart') void commands.executeCommand('podRoles.restartLanguageServer');
    });
  }

  private tellActiveFile(): void {
    const params = { uri: window.activeTextEditor?.document.uri.toString() ?? null };
    if (this.client?.state !== State.Running) return;
    void this.client.sendNotification(activeFileNotification, params).catch(() => undefined);
  }
}
