import type { AwsAssociation, AwsCluster, AwsFacts, AwsGap, AwsPolicy, AwsProvider, AwsRole } from '../core/model/aws';
import { AwsError, type AwsGateway, type AwsIdentity, type AwsRoleDetail } from './gateway';

/** A snapshot in AWS's place: gives what was known when it was taken, and asks nobody. */
export class SnapshotGateway implements AwsGateway {
  readonly kind = 'snapshot';

  constructor(private readonly facts: AwsFacts) {}

  identity(): Promise<AwsIdentity> {
    const [account] = this.facts.accounts;
    return account
      ? Promise.resolve({ account: account.id, arn: `arn:${account.partition}:iam::${account.id}:root`, partition: account.partition })
      : Promise.reject(new AwsError('snapshot', 'The snapshot has no account.', { next: 'Write it again with "pod-roles snapshot".' }));
  }

  async *listRoles(signal?: AbortSignal): AsyncGenerator<AwsRole> {
    for (const account of this.facts.accounts) {
      for (const role of account.roles) yield role;
      signal?.throwIfAborted();
      await Promise.resolve();
    }
  }

  role(arnOrName: string): Promise<AwsRoleDetail | undefined> {
    const [account, role] =
      this.facts.accounts
        .flatMap((each) => each.roles.map((one) => [each, one] as const))
        .find(([, { arn, name }]) => arn === arnOrName || name === arnOrName) ?? [];
    if (!account || !role) return Promise.resolve(undefined);
    const wanted = new Set([...(role.attached ?? []), ...(role.permissionsBoundary ? [role.permissionsBoundary] : [])]);
    return Promise.resolve({
      role,
      policies: account.policies.filter(({ arn }) => wanted.has(arn)),
      gaps: account.partial.filter(
        ({ resource }) => resource !== undefined && (resource === role.arn || resource.startsWith(`${role.arn} `) || wanted.has(resource)),
      ),
    });
  }

  searchPolicies(text: string): Promise<AwsPolicy[]> {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const all = new Map(this.facts.accounts.flatMap(({ policies }) => policies).map((policy) => [policy.arn, policy]));
    return Promise.resolve([...all.values()].filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, 100));
  }

  providers(): Promise<{ providers: AwsProvider[]; gaps: AwsGap[] }> {
    return Promise.resolve({
      providers: this.facts.accounts.flatMap(({ providers }) => [...providers]),
      gaps: this.gaps('iam:ListOpenIDConnectProviders', 'iam:GetOpenIDConnectProvider'),
    });
  }

  provider(arn: string): Promise<AwsProvider | undefined> {
    return Promise.resolve(this.facts.accounts.flatMap(({ providers }) => [...providers]).find((each) => each.arn === arn));
  }

  cluster(region: string, name: string): Promise<AwsCluster | undefined> {
    return Promise.resolve(
      this.facts.accounts.flatMap(({ clusters }) => [...clusters]).find((each) => each.region === region && each.name === name),
    );
  }

  clusterNames(region: string): Promise<string[]> {
    return Promise.resolve(
      this.facts.accounts.flatMap(({ clusters }) => clusters.filter((each) => each.region === region).map(({ name }) => name)),
    );
  }

  policy(arn: string): Promise<AwsPolicy | undefined> {
    return Promise.resolve(this.facts.accounts.flatMap(({ policies }) => [...policies]).find((each) => each.arn === arn));
  }

  quotas(): Promise<Readonly<Record<string, number>>> {
    return Promise.resolve({});
  }

  clusters(
    regions: readonly string[],
    _signal?: AbortSignal,
    onFound?: (cluster: AwsCluster) => void,
  ): Promise<{ clusters: AwsCluster[]; gaps: AwsGap[] }> {
    const clusters = this.facts.accounts
      .flatMap((account) => account.clusters)
      .filter(({ region }) => regions.length === 0 || regions.includes(region));
    for (const cluster of clusters) onFound?.(cluster);
    const asked = new Set(this.facts.accounts.flatMap((account) => account.regions));
    const missing = regions
      .filter((region) => !asked.has(region))
      .map((region): AwsGap => ({ action: 'eks:ListClusters', resource: region, reason: 'The snapshot was taken without this region.' }));
    return Promise.resolve({ clusters, gaps: [...this.gaps('eks:ListClusters', 'eks:DescribeCluster'), ...missing] });
  }

  associations(
    cluster: AwsCluster,
    _signal?: AbortSignal,
    only?: { readonly namespace: string; readonly serviceAccount: string },
  ): Promise<{ associations: AwsAssociation[]; gaps: AwsGap[] }> {
    const own = this.facts.accounts
      .filter(({ clusters }) => clusters.some(({ arn }) => arn === cluster.arn))
      .flatMap((account) => account.associations);
    return Promise.resolve({
      associations: own
        .filter(({ clusterName, region }) => clusterName === cluster.name && region === cluster.region)
        .filter(({ namespace, serviceAccount }) => !only || (namespace === only.namespace && serviceAccount === only.serviceAccount)),
      gaps: this.gaps('eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation'),
    });
  }

  private gaps(...actions: string[]): AwsGap[] {
    return this.facts.accounts.flatMap(({ partial }) => partial.filter(({ action }) => actions.includes(action)));
  }
}
