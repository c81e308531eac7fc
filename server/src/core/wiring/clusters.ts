import type { ClusterSetting } from '../config/settings';
import type { ClusterFact } from '../model/facts';
import { parseEksIssuer } from '../model/issuer';
import { partitionOfRegion } from '../model/partitions';
import { literal } from '../text/texts';
import type { AwsIndex } from './aws';

/** What is known of the cluster that an association belongs to. */
export interface KnownCluster {
  readonly name?: string;
  /** 12 digits. */
  readonly account?: string;
  readonly region?: string;
  readonly partition?: string;
  /** Present where name, account and region are known. */
  readonly arn?: string;
}

/** Where the parts of a cluster's ARN may come from. */
export interface ClusterSources {
  /** The clusters of pod-roles.yaml with that name; those whose paths hold the association's file, where there are several. */
  readonly settings: readonly ClusterSetting[];
  /** The clusters that the association's own file declares. */
  readonly declared: readonly ClusterFact[];
  readonly aws: AwsIndex | undefined;
}

/**
 * The cluster of an association, as far as the association (`told`), pod-roles.yaml, its own file and AWS tell. The
 * association's role is in the cluster's own account, so that its ARN tells account and partition.
 * Source: EKS API, CreatePodIdentityAssociation.
 */
export function knownCluster(
  name: string | undefined,
  told: { readonly account?: string | undefined; readonly partition?: string | undefined; readonly region?: string | undefined },
  sources: ClusterSources,
): KnownCluster {
  if (name === undefined) return present({ account: told.account, region: told.region, partition: told.partition });
  const agreed = (of: (cluster: ClusterSetting) => string | undefined): string | undefined => onlyOne(sources.settings.map(of));
  const declared = onlyOne(sources.declared.filter((each) => literal(each.name) === name).map((each) => literal(each.region)));
  const account = agreed((cluster) => cluster.account) ?? told.account;
  const region =
    told.region ??
    declared ??
    agreed((cluster) => cluster.region ?? (cluster.issuer === undefined ? undefined : parseEksIssuer(cluster.issuer)?.region));
  const real = sources.aws?.clusterNamed(name, { account, region });
  if (real) {
    const [, partition, , , owner] = real.arn.split(':');
    return present({ name, account: owner, region: real.region, partition, arn: real.arn });
  }
  const partition = (region === undefined ? undefined : partitionOfRegion(region)?.id) ?? told.partition;
  const arn = account && region && partition ? `arn:${partition}:eks:${region}:${account}:cluster/${name}` : undefined;
  return present({ name, account, region, partition, arn });
}

/** The value that all agree on; undefined where one has none. */
function onlyOne(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

function present(cluster: { readonly [K in keyof KnownCluster]: KnownCluster[K] | undefined }): KnownCluster {
  return Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== undefined));
}
