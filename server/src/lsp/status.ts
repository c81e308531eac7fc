import { visible } from '../core/text/visible';
import { statusNotification, type Status } from '../../../protocol/workspace';
import { concernsPodRoles, hasWiring } from '../core/features/concern';
import type { Session } from './session';

/** Tells the client what is known: how many files, which were not read and why, whether work is going on. */
export class StatusReporter {
  private busy = false;
  private files = 0;
  private problem: string | undefined;
  private active: string | undefined;
  private last = '';
  /** What the status was last made of: files by the thousand are not listed for each key typed. */
  private state = '';

  constructor(private readonly session: Session) {}

  setBusy(busy: boolean): void {
    this.busy = busy;
    this.changed();
  }

  setFiles(files: number): void {
    this.files = files;
  }

  /** A plain word on what stands in the way, such as a broken pod-roles.yaml. */
  setProblem(problem: string | undefined): void {
    this.problem = problem;
    this.changed();
  }

  setActive(uri: string | undefined): void {
    this.active = uri;
    this.last = this.state = '';
    this.changed();
  }

  /** Sends the status if it differs from the last one sent. */
  changed(): void {
    const state = `${this.session.workspace.filesVersion} ${this.busy} ${this.files} ${this.active ?? ''} ${this.problem ?? ''} ${this.session.documents.size} ${hasWiring(this.session.workspace)}`;
    if (state === this.state) return;
    this.state = state;
    const status = this.status();
    const key = JSON.stringify(status);
    if (key === this.last) return;
    this.last = key;
    void this.session.connection.sendNotification(statusNotification, status);
  }

  status(): Status {
    const { workspace, documents } = this.session;
    const read = [...workspace.wiring.files()].filter((uri) => workspace.wiring.facts(uri).length > 0);
    const skipped = workspace.skipped();
    const active =
      this.active && (documents.has(this.active) || read.includes(this.active) || skipped.some(({ uri }) => uri === this.active))
        ? this.activeFile(this.active, read, skipped)
        : undefined;
    return {
      files: Math.max(this.files, read.length + skipped.length),
      relevant: read.length,
      read: read.slice(0, 2000),
      busy: this.busy,
      wiring: hasWiring(workspace),
      skipped: skipped.slice(0, 2000).map(({ uri, reason }) => ({ uri, reason: visible(reason) })),
      ...(this.problem ? { message: visible(this.problem) } : {}),
      ...(active ? { activeFile: active } : {}),
    };
  }

  private activeFile(
    uri: string,
    read: readonly string[],
    skipped: readonly { uri: string; reason: string }[],
  ): NonNullable<Status['activeFile']> {
    const skip = skipped.find((entry) => entry.uri === uri);
    if (skip) return { uri, state: 'skipped', reason: visible(skip.reason) };
    const view = this.session.workspace.viewOf(uri);
    if (read.includes(uri) || view.wiring.facts(uri).length > 0)
      return { uri, state: 'checked', concernsPodRoles: concernsPodRoles(view, uri) };
    return { uri, state: 'not-relevant', reason: 'It contains no service accounts, workloads or trust policies for pods.' };
  }
}
