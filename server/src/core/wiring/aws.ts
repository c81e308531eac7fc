import type { AwsAccount, AwsAssociation, AwsCluster, AwsFacts, AwsPolicy, AwsProvider, AwsRole } from '../model/aws';
import { roleOfTrustUri } from '../model/awsUri';
import type { TrustPolicyFact } from '../model/facts';
import { LineIndex } from '../text/lineIndex';
import { readAwsTrust } from './awsTrust';

/** AWS's facts, joined by key: what rules, hovers and completion ask. Made anew when facts come in; answers from maps. */
export class AwsIndex {
  private readonly accountsById = new Map<string, AwsAccount>();
  private readonly rolesByArn = new Map<string, AwsRole>();
  private readonly rolesByName = new Map<string, AwsRole[]>();
  private readonly roleNames = new Set<string>();
  private readonly policiesByArn = new Map<string, AwsPolicy>();
  private readonly providersByArn = new Map<string, AwsProvider>();
  private readonly clustersByIssuer = new Map<string, AwsCluster>();
  private readonly clustersByArn = new Map<string, AwsCluster>();
  private readonly associationsByAccount = new Map<string, AwsAssociation[]>();
  private readonly owners = new Map<AwsAssociation, string>();
  private readonly associatedRoles = new Set<string>();
  /** Made when asked for: an account may have thousands of roles. */
  private readonly trusts = new Map<string, { readonly text: string; readonly fact: TrustPolicyFact } | undefined>();
  private readonly lines = new Map<string, readonly number[]>();

  /** @param source where the facts come from, for what is said: a snapshot's date, or AWS itself. */
  constructor(
    readonly facts: AwsFacts,
    readonly source: { readonly kind: 'live' | 'snapshot'; readonly label: string },
  ) {
    for (const account of facts.accounts) {
      this.accountsById.set(account.id, account);
      for (const role of account.roles) {
        this.rolesByArn.set(role.arn, role);
        const name = `${account.id}/${role.name.toLowerCase()}`;
        this.roleNames.add(role.name.toLowerCase());
        this.rolesByName.set(name, [...(this.rolesByName.get(name) ?? []), role]);
      }
      for (const policy of account.policies) this.policiesByArn.set(policy.arn, policy);
      for (const provider of account.providers) this.providersByArn.set(provider.arn, provider);
      for (const cluster of account.clusters) {
        this.clustersByArn.set(cluster.arn, cluster);
        if (cluster.issuer) this.clustersByIssuer.set(cluster.issuer, cluster);
      }
      for (const association of account.associations) {
        const key = `${association.namespace}/${association.serviceAccount}`;
        const known = this.associationsByAccount.get(key);
        if (known) known.push(association);
        else this.associationsByAccount.set(key, [association]);
        this.owners.set(association, account.id);
        if (association.roleArn !== undefined)
          this.associatedRoles.add(association.roleArn.slice(association.roleArn.lastIndexOf('/') + 1));
      }
    }
  }

  /** The account, where it was asked at all. Without it nothing can be said of its roles. */
  account(id: string): AwsAccount | undefined {
    return this.accountsById.get(id);
  }

  /** True where some account has a role of that name. */
  hasRoleNamed(name: string): boolean {
    return this.roleNames.has(name.toLowerCase());
  }

  /** True when the account's list of a kind is whole, so that what is not in it does not exist. */
  isComplete(
    accountId: string,
    listAction: 'iam:ListRoles' | 'iam:ListOpenIDConnectProviders' | 'eks:ListClusters' | 'eks:ListPodIdentityAssociations',
  ): boolean {
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

  /**
   * The role's own trust policy: as text, with line breaks, and read. Its document is no file: the URI is that of
   * model/awsUri.ts. Undefined where the role or its policy is not known.
   */
  trust(roleArn: string): { readonly text: string; readonly fact: TrustPolicyFact } | undefined {
    if (!this.trusts.has(roleArn)) {
      const role = this.rolesByArn.get(roleArn);
      this.trusts.set(roleArn, role && readAwsTrust(role));
    }
    return this.trusts.get(roleArn);
  }

  /** The offsets at which the lines of a role's trust policy start; undefined where the URI is no such document. */
  linesOf(uri: string): readonly number[] | undefined {
    const known = this.lines.get(uri);
    if (known) return known;
    const arn = roleOfTrustUri(uri);
    const trust = arn === undefined ? undefined : this.trust(arn);
    if (!trust) return undefined;
    const { starts } = new LineIndex(trust.text);
    this.lines.set(uri, starts);
    return starts;
  }

  provider(arn: string): AwsProvider | undefined {
    return this.providersByArn.get(arn);
  }

  /** False where the provider's client ids could not be read: then an empty list says nothing. */
  clientIdsAreKnown(arn: string): boolean {
    const account = this.accountsById.get(arn.split(':')[4] ?? '');
    return (
      account !== undefined &&
      !account.partial.some((gap) => gap.action === 'iam:GetOpenIDConnectProvider' && (gap.resource === undefined || gap.resource === arn))
    );
  }

  providersOf(accountId: string): readonly AwsProvider[] {
    return this.accountsById.get(accountId)?.providers ?? [];
  }

  clusterWithIssuer(issuer: string): AwsCluster | undefined {
    return this.clustersByIssuer.get(issuer);
  }

  /** True when every cluster of an account's region is known, with its issuer. */
  knowsClustersOf(accountId: string, region: string): boolean {
    const account = this.accountsById.get(accountId);
    return (
      account !== undefined &&
      account.regions.includes(region) &&
      !account.partial.some(
        ({ action, resource }) =>
          (action === 'eks:ListClusters' || action === 'eks:DescribeCluster') &&
          (resource === undefined || resource.split(' ')[0] === region),
      )
    );
  }

  clustersOf(accountId: string, region: string): readonly AwsCluster[] {
    return this.accountsById.get(accountId)?.clusters.filter((cluster) => cluster.region === region) ?? [];
  }

  /** The cluster of that name, where the account and the region (if given) leave only one. */
  clusterNamed(
    name: string,
    where: { readonly account?: string | undefined; readonly region?: string | undefined },
  ): AwsCluster | undefined {
    const accounts = where.account === undefined ? this.facts.accounts : this.facts.accounts.filter(({ id }) => id === where.account);
    const found = accounts
      .flatMap((account) => account.clusters)
      .filter((cluster) => cluster.name === name && (where.region === undefined || cluster.region === where.region));
    return found.length === 1 ? found[0] : undefined;
  }

  cluster(arn: string): AwsCluster | undefined {
    return this.clustersByArn.get(arn);
  }

  /** True when every association of a cluster is known, so that one that isn't among them does not exist. */
  knowsAssociationsOf({ arn }: AwsCluster): boolean {
    const account = this.accountsById.get(arn.split(':')[4] ?? '');
    return (
      account !== undefined &&
      !account.partial.some(
        ({ action, resource }) => action === 'eks:ListPodIdentityAssociations' && (resource === undefined || resource === arn),
      )
    );
  }

  /** The one cluster of all accounts that were asked; undefined where there are none or several. */
  onlyCluster(): AwsCluster | undefined {
    const [only, another] = this.clustersByArn.values();
    return another ? undefined : only;
  }

  clusters(): Iterable<AwsCluster> {
    return this.facts.accounts.flatMap((account) => account.clusters);
  }

  /** True where some cluster has a Fargate profile. */
  get hasFargateProfiles(): boolean {
    return this.facts.accounts.some(({ clusters }) => clusters.some(({ fargateProfiles: all }) => all !== undefined && all.length > 0));
  }

  /** The associations for a namespace and a service account, in any cluster. */
  associationsFor(namespace: string, serviceAccount: string): readonly AwsAssociation[] {
    return this.associationsByAccount.get(`${namespace}/${serviceAccount}`) ?? [];
  }

  /** The AWS account in which an association, and so its cluster, is. */
  accountOfAssociation(association: AwsAssociation): string | undefined {
    return this.owners.get(association);
  }

  /** True where some association has a role of that name. */
  isAssociated(roleName: string): boolean {
    return this.associatedRoles.has(roleName);
  }

  associations(): readonly AwsAssociation[] {
    return this.facts.accounts.flatMap((account) => account.associations);
  }
}

/** True for a cluster of AWS that surely has neither the add-on of the Pod Identity agent nor one that is built in. */
export function lacksAgent(cluster: AwsCluster | undefined): cluster is AwsCluster {
  return cluster?.podIdentityAgent === false && cluster.autoMode === false && cluster.hybridNodes !== true;
}
