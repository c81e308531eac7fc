import {
  DocumentDiagnosticReportKind,
  type Diagnostic,
  type WorkspaceDocumentDiagnosticReport,
  type WorkspaceDiagnosticReport,
  type DocumentDiagnosticReport,
  type CancellationToken,
} from './library';
import { toDiagnostic } from './convert';
import { accessChangedNotification } from '../../../protocol/workspace';
import { inSlices } from './schedule';
import type { Session } from './session';
import type { StatusReporter } from './status';

/** How long the text must rest before lenses and other files' findings are asked for again, in milliseconds. */
const refreshDelay = 150;

/** What a client that takes pushed diagnostics was last sent of a file: for which version of it, where it is open. */
interface Sent {
  readonly version: number | undefined;
  readonly items: readonly Diagnostic[];
}

/**
 * Delivers findings: pulled by clients that can, pushed to the others. The file being typed in comes first,
 * other open files next, closed files last. What is sent belongs to the text that the client has now.
 */
export class Diagnostics {
  private readonly dirty = new Set<string>();
  private readonly sent = new Map<string, Sent>();
  private refreshTimer: NodeJS.Timeout | undefined;
  private pushTimer: NodeJS.Immediate | undefined;

  constructor(
    private readonly session: Session,
    private readonly status: StatusReporter,
  ) {}

  /** An open file's text changed, or it was opened. */
  changed(uri: string): void {
    const { can } = this.session;
    for (const other of this.session.workspace.takeDirty()) this.dirty.add(other);
    this.dirty.add(uri);
    if (!can.pullDiagnostics) this.pushSoon(uri);
    this.refreshLater(uri);
  }

  /** A file was closed in the editor: its findings are those of the disk from now on. */
  closed(uri: string): void {
    this.dirty.add(uri);
    this.sent.delete(uri);
    this.refreshLater(undefined);
  }

  /** Files changed on disk, or settings: everything may be different. */
  workspaceChanged(): void {
    for (const uri of this.session.workspace.takeDirty()) this.dirty.add(uri);
    this.refreshLater(undefined);
  }

  /** Settings changed: every file's findings may be different. */
  everythingChanged(): void {
    for (const uri of this.session.workspace.checkable()) this.dirty.add(uri);
    for (const uri of this.sent.keys()) this.dirty.add(uri);
    for (const uri of this.session.documents.keys()) this.dirty.add(uri);
    this.refreshLater(undefined);
  }

  /** The findings of one file in the protocol's form. */
  of(uri: string): Diagnostic[] {
    const { workspace, can } = this.session;
    return workspace.check(uri).map((finding) => toDiagnostic(workspace, finding, can));
  }

  pull(uri: string, previousResultId: string | undefined): DocumentDiagnosticReport {
    const items = this.of(uri);
    const resultId = fingerprint(items);
    this.dirty.delete(uri);
    return resultId === previousResultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
      : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  }

  /** Findings of files that are not open: only those that differ from what the client has. */
  async pullWorkspace(previous: ReadonlyMap<string, string>, token: CancellationToken): Promise<WorkspaceDiagnosticReport> {
    const { workspace, documents } = this.session;
    const candidates = new Set([...workspace.checkable()].filter((uri) => this.dirty.has(uri) || !previous.has(uri)));
    for (const uri of previous.keys()) candidates.add(uri);
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    const taken: string[] = [];
    const complete = await inSlices(candidates, token, (uri) => {
      if (documents.has(uri)) return;
      const known = previous.get(uri);
      if (known !== undefined && !this.dirty.has(uri)) return;
      const found = this.of(uri);
      const resultId = fingerprint(found);
      if (this.dirty.delete(uri)) taken.push(uri);
      if (resultId !== known && (found.length > 0 || known !== undefined)) {
        items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId, items: found });
      }
    });
    // What a cancelled request found never arrives: it is still to be told.
    if (!complete) for (const uri of taken) this.dirty.add(uri);
    return { items };
  }

  private pushSoon(uri: string): void {
    if (this.pushTimer) clearImmediate(this.pushTimer);
    this.pushTimer = setImmediate(() => this.push(uri));
  }

  private push(uri: string): void {
    const document = this.session.documents.get(uri);
    const items = this.of(uri);
    this.dirty.delete(uri);
    const last = this.sent.get(uri);
    // An open file's are sent for each version, so that the client knows that they hold for its text.
    const isKnown = last
      ? last.version === document?.version && JSON.stringify(last.items) === JSON.stringify(items)
      : items.length === 0 && !document;
    if (isKnown) return;
    this.sent.set(uri, { version: document?.version, items });
    void this.session.connection.sendDiagnostics({ uri, diagnostics: items, ...(document ? { version: document.version } : {}) });
  }

  private refreshLater(typedIn: string | undefined): void {
    if (this.refreshTimer) clearTimeout(this.refreshTimer);
    this.refreshTimer = setTimeout(() => this.refresh(typedIn), refreshDelay);
  }

  private refresh(typedIn: string | undefined): void {
    const { can, connection, documents } = this.session;
    for (const uri of this.session.workspace.takeDirty()) this.dirty.add(uri);
    if (can.refreshCodeLenses) connection.languages.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    if (can.pullDiagnostics) {
      const others = [...this.dirty].some((uri) => uri !== typedIn && documents.has(uri));
      if (can.refreshDiagnostics && (others || typedIn === undefined)) connection.languages.diagnostics.refresh();
    } else {
      const open = [...this.dirty].filter((uri) => documents.has(uri));
      const rest = [...this.dirty].filter((uri) => !documents.has(uri));
      void inSlices([...open, ...rest], undefined, (uri) => this.push(uri));
    }
    if (can.podRolesCommands) void connection.sendNotification(accessChangedNotification);
    this.status.changed();
  }
}

/** Equal for equal lists: what the client need not be sent again. */
function fingerprint(items: readonly Diagnostic[]): string {
  const text = JSON.stringify(items);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return `${text.length}.${hash >>> 0}`;
}
