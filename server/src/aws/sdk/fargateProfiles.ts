import { DescribeFargateProfileCommand, ListFargateProfilesCommand } from '@aws-sdk/client-eks';
import type { AwsCluster, AwsFargateProfile, AwsGap } from '../../core/model/aws';
import { AwsError } from '../gateway';
import type { Clients } from './clients';
import { gapOf } from './gaps';

/**
 * The Fargate profiles of a cluster that select pods now; undefined where EKS doesn't tell of all of them, which is then a gap.
 * Source: EKS API reference: the list has names alone, so each is described; only an ACTIVE profile schedules pods.
 */
export async function fargateProfiles(
  clients: Clients,
  cluster: AwsCluster,
  gaps: AwsGap[],
  signal?: AbortSignal,
): Promise<readonly AwsFargateProfile[] | undefined> {
  const { name: clusterName, region, arn } = cluster;
  let action = 'eks:ListFargateProfiles';
  try {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await clients.call(
        { action, region },
        (options) => clients.eks(region).send(new ListFargateProfilesCommand({ clusterName, nextToken, maxResults: 100 }), options),
        signal,
      );
      names.push(...(page.fargateProfileNames ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    action = 'eks:DescribeFargateProfile';
    const found = await Promise.all(names.sort().map((name) => describe(clients, cluster, name, signal)));
    return found.flat();
  } catch (error) {
    gaps.push(gapOf(error, action, arn));
    return undefined;
  }
}

async function describe(clients: Clients, { name: clusterName, region }: AwsCluster, name: string, signal?: AbortSignal) {
  try {
    const { fargateProfile: found } = await clients.call(
      { action: 'eks:DescribeFargateProfile', region },
      (options) => clients.eks(region).send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName: name }), options),
      signal,
    );
    if (found?.status !== 'ACTIVE') return [];
    const selectors = (found.selectors ?? []).flatMap(({ namespace, labels }) => (namespace ? [{ namespace, labels: labels ?? {} }] : []));
    return [{ name, selectors }];
  } catch (error) {
    // Deleted between the two calls.
    if (AwsError.is(error) && error.code === 'not-found') return [];
    throw error;
  }
}
