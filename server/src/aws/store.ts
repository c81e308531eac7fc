import type { AwsAccount, AwsFacts, AwsGap, AwsPolicy, AwsRole } from '../core/model/aws';
import { ordered } from '../core/snapshot/order';
import { AwsError, type AwsGateway, type AwsIdentity } from './gateway';

/** The lists of an account, by the call that fills them: what is not asked yet counts as not known. */
const lists = ['iam:ListRoles', 'iam:ListOpenIDConnectProviders', 'eks:ListClusters', 'eks:ListPodIdentityAssociations'] as const;
type ListAction = (typeof lists)[number];

export interface StoreOptions {
  /** Regions that are asked for clusters and associations. */
  readonly regions: readonly string[];
  /** Told whenever more is known. Not more often than `quiet` allows. */
  readonly onChange?: () => void;
  /** Told what a step of loading does: "Roles: 1,200". */
  readonly onProgress?: (text: string) => void;
  readonly now?: () => Date;
}

/**
 * What AWS was asked about one account, kept in memory: lists at once, details of a role when somebody wants them.
 * The same question is asked once, however many wait for its answer.
 */
export class AwsStore {
  /** Who asks; known after {@link load}. */
  identity: AwsIdentity | undefined;
  /** When the lists were last asked. */
  loadedAt: Date | undefined;
  /** The lists that AWS did not give, and why. */
  readonly refused = new Map<string, AwsError>();
  private readonly roles = new Map<string, AwsRole>();
  private readonly policies = new Map<string, AwsPolicy>();
  private providers: AwsAccount['providers'] = [];
  private clusters: AwsAccount['clusters'] = [];
  private associations: AwsAccount['associations'] = [];
  private readonly unasked = new Map<ListAction, string>(lists.map((action) => [action, 'not asked yet']));
  private readonly gaps: AwsGap[] = [];
  private readonly detailGaps = new Map<string, readonly AwsGap[]>();
  private readonly pending = new Map<string, Promise<AwsRole | undefined>>();
  private readonly askedAt = new Map<string, Date>();
  private readonly now: () => Date;

  constructor(
    readonly gateway: AwsGateway,
    private readonly options: StoreOptions,
  ) {
    this.now = options.now ?? (() => new Date());
  }

  /**
   * Asks for identity, roles, providers, clusters and associations, all at once. Throws an {@link AwsError} only where
   * not even the identity is told; what else is refused is a gap.
   */
  async load(signal?: AbortSignal): Promise<void> {
    await this.identify(signal);
    this.loadedAt = this.now();
    await Promise.all([this.loadRoles(signal), this.loadProviders(signal), this.loadClusters(signal)]);
    this.changed();
  }

  /** Asks who we are, once. */
  async identify(signal?: AbortSignal): Promise<AwsIdentity> {
    this.identity ??= await this.gateway.identity(signal);
    return this.identity;
  }

  private async loadRoles(signal?: AbortSignal): Promise<void> {
    await this.part('iam:ListRoles', async () => {
      for await (const role of this.gateway.listRoles(signal)) {
        // A detail that came in the meantime tells more.
        if (!this.roles.get(role.arn)?.detail) this.roles.set(role.arn, role);
        if (this.roles.size % 100 === 0) this.options.onProgress?.(`Roles: ${this.roles.size}`);
      }
    });
  }

  private async loadProviders(signal?: AbortSignal): Promise<void> {
    await this.part('iam:ListOpenIDConnectProviders', async () => {
      const { providers, gaps } = await this.gateway.providers(signal);
      this.providers = providers;
      this.gaps.push(...gaps);
    });
  }

  private async loadClusters(signal?: AbortSignal): Promise<void> {
    const { regions } = this.options;
    await this.part('eks:ListClusters', async () => {
      const { clusters, gaps } = await this.gateway.clusters(regions, signal, (cluster) => {
        this.options.onProgress?.(`Cluster ${cluster.name} in ${cluster.region}`);
      });
      this.clusters = clusters;
      this.gaps.push(...gaps);
    });
    await this.part('eks:ListPodIdentityAssociations', async () => {
      const answers = await Promise.all(this.clusters.map((cluster) => this.gateway.associations(cluster, signal)));
      this.associations = answers.flatMap(({ associations }) => associations);
      this.gaps.push(...answers.flatMap(({ gaps }) => gaps));
    });
  }

  /** One list: known once it is whole, a gap where it was refused. */
  private async part(action: ListAction, load: () => Promise<void>): Promise<void> {
    try {
      await load();
      this.unasked.delete(action);
    } catch (error) {
      if (!AwsError.is(error)) throw error;
      this.unasked.set(action, error.message);
      this.refused.set(action, error);
    }
    this.changed();
  }

  /**
   * The role with its policies, asked if it was not. Undefined: there is none. Throws an {@link AwsError} where the role
   * itself could not be read.
   */
  detail(arn: string, signal?: AbortSignal): Promise<AwsRole | undefined> {
    const known = this.roles.get(arn);
    if (known?.detail) return Promise.resolve(known);
    const asked = this.pending.get(arn);
    if (asked) return asked;
    const answer = this.askDetail(arn, signal).finally(() => this.pending.delete(arn));
    this.pending.set(arn, answer);
    return answer;
  }

  private async askDetail(arn: string, signal?: AbortSignal): Promise<AwsRole | undefined> {
    const found = await this.gateway.role(arn, signal).catch((error: unknown) => {
      if (AwsError.is(error)) {
        this.detailGaps.set(arn, [{ action: error.permission ?? 'iam:GetRole', resource: arn, reason: error.message }]);
        this.changed();
      }
      throw error;
    });
    this.askedAt.set(arn, this.now());
    if (!found) {
      if (this.roles.delete(arn)) this.changed();
      return undefined;
    }
    this.roles.set(found.role.arn, found.role);
    for (const policy of found.policies) this.policies.set(policy.arn, policy);
    this.detailGaps.set(found.role.arn, found.gaps);
    this.changed();
    return found.role;
  }

  /** When a role's details were asked, or the lists were; undefined: never. */
  ageOf(arn: string): Date | undefined {
    return this.askedAt.get(arn) ?? this.loadedAt;
  }

  /** What is known now, in the form of a snapshot; undefined before the identity is. */
  facts(): AwsFacts | undefined {
    const { identity } = this;
    if (!identity) return undefined;
    const account: AwsAccount = {
      id: identity.account,
      partition: identity.partition,
      takenAt: (this.loadedAt ?? this.now()).toISOString(),
      regions: this.options.regions,
      roles: [...this.roles.values()],
      policies: [...this.policies.values()],
      providers: this.providers,
      clusters: this.clusters,
      associations: this.associations,
      partial: [
        ...[...this.unasked].map(([action, reason]) => ({ action, reason })),
        ...this.gaps,
        ...[...this.detailGaps.values()].flat(),
      ],
    };
    return ordered({ version: 1, accounts: [account] });
  }

  private changed(): void {
    this.options.onChange?.();
  }
}

/** Whether a role's trust policy speaks to pods: then its permissions are worth asking for. */
export function concernsPods(role: AwsRole): boolean {
  return /oidc-provider\/|pods\.eks\.amazonaws\.com/.test(role.trustPolicy ?? '');
}
