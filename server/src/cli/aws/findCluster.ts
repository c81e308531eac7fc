import { AwsError, type AwsGateway } from '../../aws/gateway';
import { visible } from '../../core/text/visible';
import type { AwsCluster } from '../../core/model/aws';
import { Failure } from '../failure';
import { suggestion } from '../words';

/**
 * The cluster of a name: one call a region (DescribeCluster). Throws a {@link Failure} that says that it does not exist only
 * where every region answered so; where one could not be asked, that it is not known, and why.
 * @param regions for a snapshot none means all that it holds.
 */
export async function findCluster(gateway: AwsGateway, name: string, regions: readonly string[]): Promise<AwsCluster> {
  if (gateway.kind === 'snapshot') return inSnapshot(gateway, name, regions);
  const answers = await Promise.all(
    [...new Set(regions)].map(async (region) => {
      try {
        return { region, cluster: await gateway.cluster(region, name) };
      } catch (error) {
        if (!AwsError.is(error)) throw error;
        return { region, error };
      }
    }),
  );
  const found = answers.flatMap(({ cluster }) => cluster ?? []);
  const failed = answers.filter((answer): answer is { region: string; error: AwsError } => 'error' in answer);
  const empty = answers.filter((answer) => !('error' in answer) && !answer.cluster).map(({ region }) => region);
  const [first, second] = found;
  if (second) throw new Failure(`${name} is there more than once: ${found.map(({ region }) => region).join(', ')}. Give one --region.`);
  if (first) return first;
  if (failed.length > 0) {
    const reasons = failed.map(({ region, error }) => ` In ${region}: ${error.message} ${error.next}`);
    throw new Failure(
      `The cluster ${name} could not be read from AWS, so it is unknown whether it exists.${reasons.join('')}${empty.length > 0 ? ` It is not in ${empty.join(', ')}.` : ''}`,
    );
  }
  throw new Failure(`no cluster ${name} is in ${empty.join(', ')}${await others(gateway, name, empty)}`);
}

/** The end of the sentence: the clusters that there are instead, as far as AWS lists them. */
async function others(gateway: AwsGateway, name: string, regions: readonly string[]): Promise<string> {
  try {
    const names = (await Promise.all(regions.map((region) => gateway.clusterNames(region)))).flat();
    return names.length === 0 ? '.' : `, which has ${names.slice(0, 10).map(visible).join(', ')}.${suggestion(name, names)}`;
  } catch (error) {
    if (!AwsError.is(error)) throw error;
    return '.';
  }
}

async function inSnapshot(gateway: AwsGateway, name: string, regions: readonly string[]): Promise<AwsCluster> {
  const { clusters, gaps } = await gateway.clusters(regions);
  const [first, second] = clusters.filter((cluster) => cluster.name === name);
  if (second)
    throw new Failure(
      `${name} is there more than once: ${clusters
        .filter((cluster) => cluster.name === name)
        .map(({ region }) => region)
        .join(', ')}. Give one --region.`,
    );
  if (first) return first;
  const missing = gaps
    .filter(({ action }) => action !== 'eks:DescribeAddon')
    .map(({ resource, reason }) => ` ${resource === undefined ? '' : `${resource}: `}${reason}`);
  const names = clusters.map((cluster) => cluster.name);
  if (missing.length > 0)
    throw new Failure(`the snapshot doesn't say whether there is a cluster ${name}.${missing.join('')}${suggestion(name, names)}`);
  throw new Failure(
    `no cluster ${name} is in ${regions.length === 0 ? 'the snapshot' : regions.join(', ')}${names.length === 0 ? '.' : `, which has ${names.slice(0, 10).map(visible).join(', ')}.`}${suggestion(name, names)}`,
  );
}
