import type { AwsAccount, AwsAssociation, AwsCluster, AwsFacts, AwsPolicy, AwsProvider, AwsRole } from '../model/aws';

/** AWS's facts, joined by key: what rules, hovers and completion ask. Made anew when facts come in; answers from maps. */
export class AwsIndex {
  private readonly accountsById = new Map<string, AwsAccount>();
  private readonly rolesByArn = new Map<string, AwsRole>();
  private readonly rolesByName = new Map<string, AwsRole[]>();
  private readonly policiesByArn = new Map<string, AwsPolicy>();
  private readonly providersByArn = new Map<string, AwsProvider>();
  private readonly clustersByIssuer = new Map<string, AwsCluster>();

  /** @param source where the facts come from, for what is said: a snapshot's date, or AWS itself. */
  constructor(readonly facts: AwsFacts, readonly source: { readonly kind: 'live' | 'snapshot'; readonly label: string }) {
    for (const account of facts.accounts) {
      this.accountsById.set(account.id, account);
      for (const role of account.roles) {
        this.rolesByArn.set(role.arn, role);
        const name = `${account.id}/${role.name.toLowerCase()}`;
        this.rolesByName.set(name, [...(this.rolesByName.get(name) ?? []), role]);
      }
      for (const policy of account.policies) this.policiesByArn.set(policy.arn, policy);
      for (const provider of account.providers) this.providersByArn.set(provider.arn, provider);
      for (const cluster of account.clusters) if (cluster.issuer) this.clustersByIssuer.set(cluster.issuer, cluster);
    }
  }

  /** The account, where it was asked at all. Without it nothing can be said of its roles. */
  account(id: string): AwsAccount | undefined {
    return this.accountsById.get(id);
  }

  /** True when the account's list of a kind is whole, so that what is not in it does not exist. */
  isComplete(accountId: string, listAction: 'iam:ListRoles' | 'iam:ListOpenIDConnectProviders' | 'eks:ListClusters' | 'eks:ListPodIdentityAssociations'): boolean {
    const account = this.accountsById.get(accountId);
    return account !== undefined && !account.partial.some((gap) => gap.action === listAction);
  }

  role(arn: string): AwsRole | undefined {
    return this.rolesByArn.get(arn);
  }

  /** Roles of that name in an account, whatever path; names are unique without regard to case. */
  rolesNamed(accountId: string, name: string): readonly AwsRole[] {
    return this.rolesByName.get(`${accountId}/${name.toLowerCase()}`) ?? [];
  }

  roles(): Iterable<AwsRole> {
    return this.rolesByArn.values();
  }

  policy(arn: string): AwsPolicy | undefined {
    return this.policiesByArn.get(arn);
  }

  provider(arn: string): AwsProvider | undefined {
    return this.providersByArn.get(arn);
  }

  providersOf(accountId: string): readonly AwsProvider[] {
    return this.accountsById.get(accountId)?.providers ?? [];
  }

  clusterWithIssuer(issuer: string): AwsCluster | undefined {
    return this.clustersByIssuer.get(issuer);
  }

  clusters(): Iterable<AwsCluster> {
    return this.facts.accounts.flatMap((account) => account.clusters);
  }

  associations(): readonly AwsAssociation[] {
    return this.facts.accounts.flatMap((account) => account.associations);
  }
}
