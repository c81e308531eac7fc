import type { AwsGateway } from '../../aws/gateway';
import type { AwsCluster } from '../../core/model/aws';
import { findCluster } from '../aws/findCluster';
import { Failure } from '../failure';
import type { GenerateOptions } from './options';
import type { Surroundings } from './surroundings';

/** What the options leave open of the cluster, found elsewhere. */
export interface FoundCluster {
  readonly issuer?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

/** What pod-roles.yaml and the snapshot tell of the cluster; nothing is asked of AWS. */
export function clusterFromFiles({ cluster, region, account }: GenerateOptions, { settings, aws }: Surroundings): FoundCluster {
  if (cluster === undefined) return {};
  const setting = settings.clusters.find(({ name }) => name === cluster);
  const known = aws?.clusterNamed(cluster, { account: account ?? setting?.account, region: region ?? setting?.region });
  return {
    issuer: setting?.issuer ?? known?.issuer,
    region: setting?.region ?? known?.region,
    account: setting?.account ?? (known ? accountOf(known) : undefined),
  };
}

/** What AWS tells of the cluster, by one call. Throws a {@link Failure} where it is not there, or AWS cannot be asked. */
export async function clusterFromAws(gateway: AwsGateway, name: string, regions: readonly string[]): Promise<FoundCluster> {
  if (regions.length === 0) throw new Failure('no region is configured. Give one with --region, or set AWS_REGION.');
  const found = await findCluster(gateway, name, regions);
  return { issuer: found.issuer, region: found.region, account: accountOf(found) };
}

function accountOf({ arn }: AwsCluster): string | undefined {
  return /^\d{12}$/.exec(arn.split(':')[4] ?? '')?.[0];
}
