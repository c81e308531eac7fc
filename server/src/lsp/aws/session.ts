import type { CancellationToken } from 'vscode-languageserver/node';
import { AwsError, type AwsGateway } from '../../aws/gateway';
import type { Connection } from '../../aws/load';
import { SnapshotGateway } from '../../aws/snapshotGateway';
import type { AwsFacts } from '../../core/model/aws';
import { parseEksIssuer } from '../../core/model/issuer';
import { literal } from '../../core/text/texts';
import { AwsIndex } from '../../core/wiring/aws';
import { isWithin, toPath } from '../../host/paths';
import { pathOf } from '../fileUris';
import { findSnapshot, readSnapshotFile, snapshotName } from '../../host/snapshotFile';
import type { Diagnostics } from '../diagnostics';
import { awsStateNotification, type AwsConfigureParams, type AwsProblem, type AwsState } from '../../../../protocol/aws';
import type { Session } from '../session';
import { AwsLive } from './live';
import { withListsOf } from './keptLists';

/** How long facts gather before the workspace takes them, in milliseconds: each time, everything is checked anew. */
const gather = 150;
/** The longest that a hover waits for a role's details, in milliseconds: after that it shows what is known. */
const hoverWait = 1_200;

/**
 * What the editor knows of AWS: the snapshot of the workspace, and AWS itself once the user said so. Loads behind
 * everything else; puts what comes into the workspace.
 */
export class AwsSession {
  private live: AwsLive | undefined;
  private snapshot: { readonly facts: AwsFacts; readonly label: string; readonly path: string } | undefined;
  /** The facts of before a refresh: they count until AWS has answered in full, and stay where it does not answer. */
  private before: AwsFacts | undefined;
  private snapshotProblem: AwsProblem['problem'] | undefined;
  private params: AwsConfigureParams = { enabled: false };
  private timer: NodeJS.Timeout | undefined;
  private last = '';

  constructor(
    private readonly session: Session,
    private readonly diagnostics: Diagnostics,
    private readonly roots: () => readonly string[],
  ) {}

  /** Takes the client's word on whether AWS may be asked, and as whom. */
  async configure(params: AwsConfigureParams): Promise<AwsState> {
    const same =
      this.live && params.enabled && params.profile === this.params.profile && String(params.regions) === String(this.params.regions);
    this.params = params;
    if (!same) {
      this.live?.stop();
      this.live = undefined;
      this.before = undefined;
      this.readSnapshot();
      if (params.enabled) await this.start();
      this.apply();
    }
    return this.state();
  }

  /** Asks everything again. */
  async refresh(): Promise<AwsState> {
    this.readSnapshot();
    if (this.params.enabled) {
      this.before = this.liveFacts();
      this.live?.stop();
      await this.start();
      await this.live?.loaded;
    }
    this.apply();
    return this.state();
  }

  private async start(): Promise<void> {
    const live = new AwsLive(this.params, {
      regions: () => this.workspaceRegions(),
      changed: () => this.soon(),
      log: (message) => this.session.log.info(message),
      crashed: (error) => this.session.log.crash('aws', error),
      rolesWanted: () => this.rolesOfWorkspace(),
    });
    this.live = live;
    await live.start();
    this.tell();
  }

  /** Reads the workspace's snapshot again, where there is one. Asks nobody. */
  readSnapshot(): void {
    const { base, snapshot } = this.session.workspace.wiring.settings;
    const path = findSnapshot(
      this.roots(),
      snapshot === undefined || base === undefined ? undefined : { path: snapshot, base: toPath(base) },
    );
    this.snapshot = undefined;
    this.snapshotProblem = undefined;
    if (path === undefined) return;
    const folder = snapshot === undefined || base === undefined ? this.roots().find((root) => isWithin(root, path)) : toPath(base);
    const { facts, problems, label } = readSnapshotFile(path, folder);
    if (facts) this.snapshot = { facts, label, path };
    if (problems.length === 0) return;
    this.session.log.warn(`${path}: ${problems.join(' ')}`);
    if (!facts)
      this.snapshotProblem = {
        code: 'snapshot',
        message: `${path} is not read. ${problems[0]!}`,
        next: 'Write it again with "pod-roles snapshot".',
        retryable: false,
      };
  }

  /** The settings changed, or a file of this name: the snapshot may be another. */
  settingsChanged(): void {
    this.readSnapshot();
    this.apply();
  }

  /** Whether a changed path is the snapshot's, by its usual name or the one in the settings, or a folder that holds it. */
  isSnapshot(uri: string): boolean {
    if (uri.endsWith(`/${snapshotName}`)) return true;
    const { base, snapshot } = this.session.workspace.wiring.settings;
    if (snapshot === undefined || base === undefined) return false;
    const changed = pathOf(uri);
    return changed !== undefined && isWithin(changed, findSnapshot([], { path: snapshot, base: toPath(base) })!);
  }

  /**
   * Asks for a role's details where they are not known, and waits a moment for them, so that a first hover tells most and
   * a second tells all. Asks nobody without the opt-in.
   */
  async wantRole(arn: string | undefined): Promise<void> {
    const store = this.live?.store;
    if (
      arn === undefined ||
      !store ||
      store.identity?.account !== arn.split(':')[4] ||
      this.session.workspace.wiring.aws?.role(arn)?.detail
    )
      return;
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((done) => (timer = setTimeout(done, hoverWait)));
    const asked = store.detail(arn, this.live?.signal).then(
      () => this.apply(),
      () => undefined,
    );
    await Promise.race([asked, waited]).finally(() => clearTimeout(timer));
  }

  /** AWS itself where it may be asked, else the snapshot; throws an {@link AwsError} where neither is there. */
  gateway(): AwsGateway {
    if (this.live) return this.live.connection().gateway;
    if (this.snapshot) return new SnapshotGateway(this.snapshot.facts);
    throw new AwsError('no-credentials', 'AWS is not queried, and the workspace has no snapshot of it.', {
      next: 'Turn on "Pod Roles: AWS", or write a snapshot with "pod-roles snapshot".',
    });
  }

  /** The way to AWS for what changes something; throws an {@link AwsError} without the opt-in. */
  connection(): Connection {
    if (this.live) return this.live.connection();
    throw new AwsError('no-credentials', 'AWS is not queried.', { next: 'Turn on "Pod Roles: AWS" first.' });
  }

  /**
   * AWS's own facts: those of before as long as AWS has not answered anew, of the same account. A list that was refused
   * now is taken from before, and stays named as not read.
   */
  private liveFacts(): AwsFacts | undefined {
    const { live, before } = this;
    const now = live?.store?.facts();
    if (!before) return now;
    if (!now || !live || live.busy || live.problem) {
      const same = !now || now.accounts[0]?.id === before.accounts[0]?.id;
      return same ? before : now;
    }
    return withListsOf(now, before);
  }

  /** What is known now, AWS's account and the snapshot's others together. */
  facts(): AwsFacts | undefined {
    const live = this.liveFacts();
    const own = new Set(live?.accounts.map(({ id }) => id));
    const accounts = [...(live?.accounts ?? []), ...(this.snapshot?.facts.accounts ?? []).filter(({ id }) => !own.has(id))];
    return accounts.length === 0 ? undefined : { version: 1, accounts };
  }

  /** Asks for the details of every role that pods may take. */
  async askDetails(token: CancellationToken): Promise<void> {
    await this.live?.askPodRoles(token);
    this.apply();
  }

  /** Regions to ask: those configured, else the connection's own and those that the workspace names. */
  regions(): readonly string[] {
    return this.live?.regions ?? this.params.regions ?? [];
  }

  state(): AwsState {
    const { live } = this;
    const facts = this.facts();
    const own = live?.store?.identity?.account ?? (live ? this.before?.accounts[0]?.id : undefined);
    const account = own === undefined ? undefined : facts?.accounts.find(({ id }) => id === own);
    const problem = live?.problem ?? (live ? undefined : this.snapshotProblem);
    const accounts = account ? [account] : (facts?.accounts ?? []);
    const sum = (of: (a: AwsFacts['accounts'][number]) => readonly unknown[]): number =>
      accounts.reduce((n, each) => n + of(each).length, 0);
    const loadedAt = account?.takenAt || facts?.accounts[0]?.takenAt;
    return {
      source: live ? 'live' : this.snapshot ? 'snapshot' : 'off',
      ...(live ? { label: 'AWS' } : this.snapshot ? { label: this.snapshot.label } : {}),
      busy: live?.busy ?? false,
      ...(live?.progress ? { progress: live.progress } : {}),
      ...((account ?? facts?.accounts[0]) ? { account: (account ?? facts!.accounts[0]!).id } : {}),
      ...(live?.store?.identity ? { arn: live.store.identity.arn } : {}),
      ...(this.params.profile === undefined ? {} : { profile: this.params.profile }),
      regions: this.regions(),
      ...(loadedAt ? { loadedAt } : {}),
      ...(facts
        ? {
            counts: {
              roles: sum((a) => a.roles),
              providers: sum((a) => a.providers),
              clusters: sum((a) => a.clusters),
              associations: sum((a) => a.associations),
            },
          }
        : {}),
      gaps: (live?.busy ? [] : accounts.flatMap((a) => a.partial)).slice(0, 100),
      ...(live?.problem && this.before ? { stale: true } : {}),
      ...(problem ? { problem } : {}),
    };
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.live?.stop();
  }

  private soon(): void {
    this.timer ??= setTimeout(() => this.apply(), gather);
  }

  /** Gives the workspace what is known. */
  apply(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
    const facts = this.facts();
    const { workspace } = this.session;
    if (facts || workspace.wiring.aws) {
      const source =
        this.live?.store?.identity || this.before
          ? { kind: 'live' as const, label: 'AWS' }
          : { kind: 'snapshot' as const, label: this.snapshot?.label ?? 'snapshot' };
      workspace.setAws(facts && new AwsIndex(facts, source));
      this.diagnostics.everythingChanged();
    }
    this.tell();
  }

  private tell(): void {
    const state = this.state();
    const key = JSON.stringify(state);
    if (key === this.last) return;
    this.last = key;
    void this.session.connection.sendNotification(awsStateNotification, state);
  }

  /** Role ARNs that the files ask for, written out. */
  private rolesOfWorkspace(): string[] {
    return this.session.workspace.wiring.roleArns().flatMap(({ arn }) => literal(arn.text) ?? []);
  }

  /** Regions of the clusters and issuers that the files name. */
  workspaceRegions(): string[] {
    const { wiring } = this.session.workspace;
    const clusters = wiring.settings.clusters.flatMap(({ region, issuer }) => [
      region,
      issuer === undefined ? undefined : parseEksIssuer(issuer)?.region,
    ]);
    const policies = [...wiring.policies()].flatMap(({ policy }) =>
      policy.statements
        .flatMap((s) => s.principal?.kinds ?? [])
        .flatMap(({ values }) => values.map((value) => parseEksIssuer((literal(value) ?? '').split(':oidc-provider/')[1] ?? '')?.region)),
    );
    return [...new Set([...clusters, ...policies].filter((region): region is string => region !== undefined))].sort();
  }
}
