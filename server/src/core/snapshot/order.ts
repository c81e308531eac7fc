import type { AwsAccount, AwsCluster, AwsFacts, AwsRole } from '../model/aws';

/** The same facts in the one order that a snapshot has: two snapshots differ only where AWS does. */
export function ordered(facts: AwsFacts): AwsFacts {
  return { version: 1, accounts: by(facts.accounts, ({ id }) => id).map(account) };
}

function account(of: AwsAccount): AwsAccount {
  return {
    id: of.id,
    partition: of.partition,
    takenAt: of.takenAt,
    regions: [...of.regions].sort(),
    roles: by(of.roles, ({ arn }) => arn).map(role),
    policies: by(of.policies, ({ arn }) => arn),
    providers: by(of.providers, ({ arn }) => arn).map((each) => ({ ...each, clientIds: [...each.clientIds].sort() })),
    clusters: by(of.clusters, ({ arn }) => arn).map(cluster),
    associations: by(of.associations, ({ region, clusterName, namespace, serviceAccount, id }) =>
      [region, clusterName, namespace, serviceAccount, id].join(' '),
    ),
    partial: by(of.partial, ({ action, resource }) => `${action} ${resource ?? ''}`),
  };
}

function cluster(of: AwsCluster): AwsCluster {
  const { fargateProfiles: profiles } = of;
  if (!profiles) return of;
  return {
    ...of,
    fargateProfiles: by(profiles, ({ name }) => name).map((each) => ({
      ...each,
      selectors: each.selectors.map(({ namespace, labels }) => ({ namespace, labels: sorted(labels) })),
    })),
  };
}

function role(of: AwsRole): AwsRole {
  const { tags, attached, inline } = of;
  return {
    ...of,
    ...(tags ? { tags: sorted(tags) } : {}),
    ...(attached ? { attached: [...attached].sort() } : {}),
    ...(inline ? { inline: sorted(inline) } : {}),
  };
}

/** By code units, so that the machine's language plays no part. */
function by<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function sorted(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(by(Object.entries(record), ([name]) => name));
}
