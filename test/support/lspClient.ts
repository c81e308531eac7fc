import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import { withoutAws } from './environment';

/** The cursor in a fixture's text. */
export const cursor = '‸';

export interface StartOptions {
  /** Path → text, written to a folder of its own before the server starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** False: a client that only takes pushed diagnostics. */
  readonly pull?: boolean;
  readonly capabilities?: InitializeParams['capabilities'];
  /** What workspace/configuration answers for `podRoles`. */
  readonly settings?: Record<string, unknown>;
  /** More environment for the server, in place of anything of AWS that the tests have; absent: that of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** The client says that the user trusts the workspace. */
  readonly trusted?: boolean;
  /** Makes what is no plain file, once the files are written. */
  readonly prepare?: (root: string) => void;
  /** False for the client of another editor. */
  readonly podRolesCommands?: boolean;
  /** No folder is open. */
  readonly noFolder?: boolean;
}

/** A client of the built server over stdio, as an editor is one. */
export class LspClient {
  readonly pushed = new Map<string, PublishDiagnosticsParams>();
  readonly logs: string[] = [];
  readonly statuses: {
    busy: boolean;
    files: number;
    relevant: number;
    message?: string;
    wiring?: boolean;
    skipped: { uri: string; reason: string }[];
    activeFile?: { uri: string; state: string; reason?: string; concernsPodRoles?: boolean };
  }[] = [];
  refreshes = 0;
  private version = 1;
  private readonly texts = new Map<string, string>();

  private constructor(
    readonly root: string,
    readonly connection: ProtocolConnection,
    private readonly process: ChildProcess,
  ) {}

  /** Starts the server on a new folder and waits until it has read it. */
  static async start(options: StartOptions = {}): Promise<LspClient> {
    const root = mkdtempSync(join(tmpdir(), 'pod-roles-lsp-'));
    for (const [path, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    options.prepare?.(root);
    const server = spawn(process.execPath, [join(import.meta.dirname, '../../dist/server.js'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: options.env ? { ...withoutAws(), ...options.env } : process.env,
    });
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    const client = new LspClient(root, connection, server);
    connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => void client.pushed.set(params.uri, params),
    );
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => void client.logs.push(message));
    connection.onNotification('podRoles/status', (status: (typeof client.statuses)[number]) => void client.statuses.push(status));
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => options.settings ?? {}));
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/diagnostic/refresh', () => void client.refreshes++);
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.listen();
    const folder = pathToFileURL(root).href;
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: options.noFolder ? null : folder,
      workspaceFolders: options.noFolder ? null : [{ uri: folder, name: 'test' }],
      initializationOptions: {
        podRolesCommands: options.podRolesCommands ?? true,
        ...(options.trusted === undefined ? {} : { trusted: options.trusted }),
      },
      capabilities: options.capabilities ?? {
        textDocument: {
          ...(options.pull === false ? {} : { diagnostic: {} }),
          publishDiagnostics: { relatedInformation: true },
          completion: { completionItem: { snippetSupport: true } },
        },
        workspace: {
          configuration: true,
          didChangeWatchedFiles: { dynamicRegistration: true },
          ...(options.pull === false ? {} : { diagnostics: { refreshSupport: true } }),
          codeLens: { refreshSupport: true },
          workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
        },
        window: { workDoneProgress: true },
      },
    });
    await connection.sendNotification('initialized', {});
    await client.until(
      () => client.statuses.some((status) => !status.busy) && client.statuses.some((status) => status.busy),
      'the first reading of the folder',
    );
    return client;
  }

  uri(path: string): string {
    return pathToFileURL(join(this.root, path)).href;
  }

  /** Opens a file with a text; a cursor mark in it is taken out and its position given back. */
  async open(
    path: string,
    marked: string,
    languageId = /\.json$/.test(path) ? 'json' : /\.tf$/.test(path) ? 'terraform' : 'yaml',
  ): Promise<{ uri: string; line: number; character: number }> {
    const at = marked.indexOf(cursor);
    const text = marked.replace(cursor, '');
    this.texts.set(path, text);
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(path), languageId, version: this.version++, text },
    });
    return { uri: this.uri(path), ...position(text, Math.max(0, at)) };
  }

  /** Types a text in place of the first occurrence of another. */
  async type(path: string, find: string, insert: string): Promise<void> {
    const text = this.texts.get(path)!;
    const at = text.indexOf(find);
    if (at < 0) throw new Error(`"${find}" is not in ${path}`);
    const range = { start: position(text, at), end: position(text, at + find.length) };
    this.texts.set(path, text.slice(0, at) + insert + text.slice(at + find.length));
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version: this.version++ },
      contentChanges: [{ range, text: insert }],
    });
  }

  text(path: string): string {
    return this.texts.get(path)!;
  }

  async close(path: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(path) } });
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest(method, params);
  }

  at<R>(method: string, place: { uri: string; line: number; character: number }, more: Record<string, unknown> = {}): Promise<R> {
    return this.request(method, { textDocument: { uri: place.uri }, position: { line: place.line, character: place.character }, ...more });
  }

  async diagnostics(path: string): Promise<Diagnostic[]> {
    const report = await this.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri: this.uri(path) } });
    return report.kind === 'full' ? report.items : [];
  }

  /** Waits until something holds; fails with what was waited for. A minute is a watchdog: by hand nothing takes a second. */
  async until(holds: () => boolean, what: string): Promise<void> {
    for (let i = 0; i < 2400; i++) {
      if (holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`waited in vain for ${what}; log: ${this.logs.join(' | ')}`);
  }

  /** Ends the server at once, whatever it does. */
  kill(): void {
    this.process.kill('SIGKILL');
    this.connection.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown').catch(() => undefined);
    await this.connection.sendNotification('exit').catch(() => undefined);
    this.connection.dispose();
    this.process.kill();
    rmSync(this.root, { recursive: true, force: true });
  }
}

function position(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before[before.length - 1]!.length };
}

/** A text after text edits of the protocol. */
export function applyEdits(
  text: string,
  edits: readonly { range: { start: { line: number; character: number }; end: { line: number; character: number } }; newText: string }[],
): string {
  const lines = text.split('\n');
  const offset = (p: { line: number; character: number }): number =>
    lines.slice(0, p.line).reduce((sum, line) => sum + line.length + 1, 0) + p.character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((out, edit) => out.slice(0, offset(edit.range.start)) + edit.newText + out.slice(offset(edit.range.end)), text);
}
