import { EventEmitter, type Disposable } from 'vscode';
import type { PodRolesClient } from '../client';
import { accessMapRequest, type AccessData } from '../../../protocol/access';

/** What the server said last, for the Roles tree and the Access Map alike. */
export type Access = AccessData | { readonly message: string };

/** Asks the server who can assume which role: when something shows it, and again after each change while it is shown. */
export class AccessSource implements Disposable {
  private readonly emitter = new EventEmitter<Access>();
  readonly onDidChange = this.emitter.event;
  private readonly watched = new Set<() => boolean>();
  private isStale = true;
  private asked = 0;
  last: Access | undefined;

  constructor(private readonly client: PodRolesClient) {
    client.onAccessChanged(() => {
      this.isStale = true;
      void this.update();
    });
  }

  /** Keeps the answer fresh while `isShown` says so. */
  while(isShown: () => boolean): Disposable {
    this.watched.add(isShown);
    return { dispose: () => this.watched.delete(isShown) };
  }

  /** Asks if something changed and something shows it; always if `isForced`. */
  async update(isForced = false): Promise<void> {
    if (!isForced && (!this.isStale || ![...this.watched].some((isShown) => isShown()))) return;
    this.isStale = false;
    const asked = ++this.asked;
    const client = await this.client.running();
    const answer = await client?.sendRequest(accessMapRequest, {}).catch(() => undefined);
    if (asked !== this.asked) return;
    this.last = answer ?? { message: 'The language server is not running.' };
    this.emitter.fire(this.last);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
