import type { AwsGateway } from '../../aws/gateway';
import type { AwsCluster } from '../../core/model/aws';
import { asFailure } from '../aws/connect';
import { Failure } from '../failure';
import { suggestion } from '../words';
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
    issuer: setting?.issuer ?? known?.issuer, region: setting?.region ?? known?.region,
    account: setting?.account ?? (known ? accountOf(known) : undefined),
  };
}

/** What AWS tells of the cluster. Throws a {@link Failure} where it is not there. */
export async function clusterFromAws(gateway: AwsGateway, name: string, regions: readonly string[], signal?: AbortSignal): Promise<FoundCluster> {
  if (regions.length === 0) throw new Failure('no region is configured. Give one with --region, or set AWS_REGION.');
  const { clusters, gaps } = await asFailure(gateway.clusters(regions, signal));
  const found = clusters.find((cluster) => cluster.name === name);
  if (found) return { issuer: found.issuer, region: found.region, account: accountOf(found) };
  const refused = gaps.filter(({ action }) => action !== 'eks:DescribeAddon').map(({ reason }) => ` ${reason}`).join('');
  throw new Failure(`no cluster ${name} is in ${regions.join(', ')}.${refused}${suggestion(name, clusters.map((cluster) => cluster.name))}`);
}

function accountOf({ arn }: AwsCluster): string | undefined {
  return /^\d{12}$/.exec(arn.split(':')[4] ?? '')?.[0];
}
