import type { CancellationToken } from 'vscode-languageserver/node';
import { AwsError } from '../../aws/gateway';
import { connectAws, type Connection } from '../../aws/load';
import { AwsStore, concernsPods } from '../../aws/store';
import type { AwsConfigureParams, AwsProblem } from '../../../../protocol/aws';
import { problemOf } from './problem';

/** What the loading needs of the editor's side. */
export interface LiveHost {
  /** Regions that the workspace names. */
  regions(): readonly string[];
  /** More is known, or something went wrong. */
  changed(): void;
  log(message: string): void;
  crashed(error: unknown): void;
  /** ARNs of roles whose details are worth asking for at once. */
  rolesWanted(): readonly string[];
}

/** AWS with one profile, from the opt-in to the next change of profile, or a refresh. */
export class AwsLive {
  store: AwsStore | undefined;
  regions: readonly string[] = [];
  busy = true;
  progress: string | undefined;
  problem: AwsProblem['problem'] | undefined;
  /** Settles when everything was asked, or cannot be. Never rejects. */
  loaded: Promise<void> = Promise.resolve();
  private readonly stopper = new AbortController();
  private opened: Connection | undefined;

  constructor(
    private readonly params: AwsConfigureParams,
    private readonly host: LiveHost,
  ) {}

  get signal(): AbortSignal {
    return this.stopper.signal;
  }

  /** Asks who we are; then loads the lists behind. Resolves when the identity is known, or the problem is. */
  async start(): Promise<void> {
    try {
      const connection = (this.opened = await connectAws({ profile: this.params.profile || undefined, region: this.params.regions?.[0] }));
      const own = connection.region === undefined ? [] : [connection.region];
      this.regions =
        this.params.regions && this.params.regions.length > 0 ? this.params.regions : [...new Set([...own, ...this.host.regions()])];
      const store = (this.store = new AwsStore(connection.gateway, {
        regions: this.regions,
        onChange: () => this.host.changed(),
        onProgress: (text) => {
          this.progress = text;
          this.host.changed();
        },
      }));
      const { account } = await store.identify(this.signal);
      this.host.log(`AWS: account ${account}${this.regions.length === 0 ? '' : `, ${this.regions.join(', ')}`}.`);
      this.loaded = this.load(store);
    } catch (error) {
      this.failed(error);
    }
  }

  private async load(store: AwsStore): Promise<void> {
    try {
      await store.load(this.signal);
      // Credentials may expire between one call and the next: then nothing was told, whatever the lists hold.
      const [roles, providers] = [store.refused.get('iam:ListRoles'), store.refused.get('iam:ListOpenIDConnectProviders')];
      if (roles && roles.code !== 'access-denied' && roles.code === providers?.code) throw roles;
      this.progress = 'Policies of the roles in these files';
      await this.details(store, this.host.rolesWanted());
    } catch (error) {
      this.failed(error);
      return;
    }
    this.busy = false;
    this.progress = undefined;
    this.host.changed();
  }

  private async details(store: AwsStore, arns: readonly string[]): Promise<void> {
    const account = store.identity?.account;
    await Promise.all(
      arns
        .filter((arn) => arn.split(':')[4] === account)
        .map((arn) =>
          store.detail(arn, this.signal).catch((error: unknown) => {
            if (!AwsError.is(error)) throw error;
          }),
        ),
    );
  }

  /** Details of every role that pods may take; stops when cancelled. */
  async askPodRoles(token: CancellationToken): Promise<void> {
    const { store } = this;
    const roles = store?.facts()?.accounts[0]?.roles.filter(concernsPods) ?? [];
    for (const { arn } of roles) {
      if (token.isCancellationRequested) return;
      await this.details(store!, [arn]);
    }
  }

  connection(): Connection {
    if (this.opened) return this.opened;
    throw new AwsError('failed', this.problem?.message ?? 'AWS is not reached yet.', {
      next: this.problem?.next ?? 'Try again in a moment.',
    });
  }

  stop(): void {
    this.stopper.abort();
    this.busy = false;
  }

  private failed(error: unknown): void {
    this.busy = false;
    this.progress = undefined;
    if (this.signal.aborted) return;
    if (!AwsError.is(error)) this.host.crashed(error);
    this.problem = problemOf(error);
    this.host.log(`AWS: ${this.problem.message}`);
    this.host.changed();
  }
}
