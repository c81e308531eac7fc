import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A language server over stdio, as an editor that takes pushed diagnostics drives it. Times are in milliseconds. */
export class LanguageServer {
  #buffer = Buffer.alloc(0);
  #next = 1;
  #waiting = new Map();
  #published = new Map();
  #listeners = new Set();
  #stopped = false;

  /** @param {readonly string[]} argv the script and its arguments @param {unknown} settings what `workspace/configuration` is answered */
  constructor(argv, settings = {}) {
    this.settings = settings;
    this.started = performance.now();
    this.process = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.process.stdout.on('data', (data) => this.#take(data));
    this.process.stdin.on('error', () => undefined);
    this.process.on('exit', (code, signal) => {
      if (this.#stopped) return;
      for (const { reject } of this.#waiting.values()) reject(new Error(`The server ended by itself (${signal ?? code}).`));
    });
  }

  async initialize(folder, initializationOptions = {}) {
    const uri = pathToFileURL(folder).href;
    await this.request('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'bench' }],
      initializationOptions,
      capabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true },
          completion: { completionItem: { snippetSupport: true } },
          hover: { contentFormat: ['markdown'] },
        },
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      },
    });
    this.notify('initialized', {});
  }

  open(path, text) {
    this.uri = pathToFileURL(path).href;
    this.text = text;
    this.version = 1;
    this.notify('textDocument/didOpen', { textDocument: { uri: this.uri, languageId: 'yaml', version: 1, text } });
  }

  /** Types a text at a place (line and character from 0), or takes `remove` characters away. Resolves with the time until diagnostics of the new text came. */
  async type(line, character, text, remove = 0) {
    const version = ++this.version;
    const start = performance.now();
    this.notify('textDocument/didChange', {
      textDocument: { uri: this.uri, version },
      contentChanges: [{ range: { start: { line, character }, end: { line, character: character + remove } }, text }],
    });
    await this.published(this.uri, start);
    return performance.now() - start;
  }

  /** Resolves when diagnostics of a file have come after a moment; with them. */
  published(uri, since) {
    return new Promise((resolve) => {
      const check = () => {
        const last = this.#published.get(uri);
        if (!last || last.at < since) return;
        this.#listeners.delete(check);
        resolve(last.diagnostics);
      };
      this.#listeners.add(check);
      check();
    });
  }

  async timed(method, line, character) {
    const start = performance.now();
    const answer = await this.request(method, { textDocument: { uri: this.uri }, position: { line, character } });
    return { time: performance.now() - start, answer };
  }

  request(method, params) {
    const id = this.#next++;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** Bytes that the process holds now and held at most; undefined where the system does not say (`/proc`). */
  memory() {
    try {
      const status = readFileSync(`/proc/${this.process.pid}/status`, 'utf8');
      const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024;
      return { now: of('VmRSS'), most: of('VmHWM') };
    } catch {
      return undefined;
    }
  }

  stop() {
    this.#stopped = true;
    this.process.kill('SIGKILL');
  }

  #send(message) {
    // What it asked before it was stopped needs no answer.
    if (this.#stopped) return;
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  #take(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, end))[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length));
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#dispatch(message);
    }
  }

  #dispatch({ id, method, params, result, error }) {
    if (method === undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    } else if (method === 'textDocument/publishDiagnostics') {
      this.#published.set(params.uri, { at: performance.now(), diagnostics: params.diagnostics });
      for (const listener of [...this.#listeners]) listener();
    } else if (id !== undefined) {
      const answer = method === 'workspace/configuration' ? params.items.map((item) => this.settings[item.section] ?? null) : null;
      this.#send({ id, result: answer });
    }
  }
}
