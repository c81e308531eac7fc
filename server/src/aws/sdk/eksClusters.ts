import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  ListClustersCommand,
  ListPodIdentityAssociationsCommand,
  type Cluster,
  type PodIdentityAssociationSummary,
} from '@aws-sdk/client-eks';
import type { AwsAssociation, AwsCluster, AwsGap } from '../../core/model/aws';
import { AwsError } from '../gateway';
import type { Clients } from './clients';
import { fargateProfiles } from './fargateProfiles';
import { gapOf } from './gaps';

/** The add-on without which Pod Identity gives no credentials. Source: EKS user guide, pod-id-agent-setup. */
const agentAddon = 'eks-pod-identity-agent';

/** The clusters of several regions; each is told as soon as it is described. */
export async function listClusters(
  clients: Clients,
  regions: readonly string[],
  signal?: AbortSignal,
  onFound?: (cluster: AwsCluster) => void,
): Promise<{ clusters: AwsCluster[]; gaps: AwsGap[] }> {
  const gaps: AwsGap[] = [];
  const all = await Promise.all([...new Set(regions)].map((region) => ofRegion(clients, region, gaps, signal, onFound)));
  signal?.throwIfAborted();
  return { clusters: all.flat(), gaps };
}

async function ofRegion(
  clients: Clients,
  region: string,
  gaps: AwsGap[],
  signal?: AbortSignal,
  onFound?: (cluster: AwsCluster) => void,
): Promise<AwsCluster[]> {
  let names: string[];
  try {
    names = await clusterNames(clients, region, signal);
  } catch (error) {
    gaps.push(gapOf(error, 'eks:ListClusters', region));
    return [];
  }
  const clusters = await Promise.all(
    names.map(async (name) => {
      const found = await cluster(clients, region, name, gaps, signal);
      if (found) onFound?.(found);
      return found ? [found] : [];
    }),
  );
  return clusters.flat();
}

/** The names of a region's clusters, sorted. Throws an {@link AwsError} where EKS does not tell. */
export async function clusterNames(clients: Clients, region: string, signal?: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await clients.call(
      { action: 'eks:ListClusters', region },
      (options) => clients.eks(region).send(new ListClustersCommand({ nextToken, maxResults: 100 }), options),
      signal,
    );
    names.push(...(page.clusters ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return names.sort();
}

async function cluster(
  clients: Clients,
  region: string,
  name: string,
  gaps: AwsGap[],
  signal?: AbortSignal,
): Promise<AwsCluster | undefined> {
  try {
    const found = await describeCluster(clients, region, name, false, signal);
    // Undefined: deleted between the two calls.
    if (!found) return undefined;
    const [complete, profiles] = await Promise.all([
      withAgent(clients, found, gaps, signal),
      fargateProfiles(clients, found, gaps, signal),
    ]);
    return profiles ? { ...complete, fargateProfiles: profiles } : complete;
  } catch (error) {
    gaps.push(gapOf(error, 'eks:DescribeCluster', `${region} ${name}`));
    return undefined;
  }
}

/**
 * One cluster; undefined: there is none. Throws an {@link AwsError} where EKS does not tell. With `agent` the add-on is
 * looked for too; where that is refused the cluster comes without a word on it.
 */
export async function describeCluster(
  clients: Clients,
  region: string,
  name: string,
  agent: boolean,
  signal?: AbortSignal,
): Promise<AwsCluster | undefined> {
  try {
    const { cluster: found } = await clients.call(
      { action: 'eks:DescribeCluster', region },
      (options) => clients.eks(region).send(new DescribeClusterCommand({ name }), options),
      signal,
    );
    if (!found?.arn) return undefined;
    const facts = clusterFacts(found.arn, found, region, name);
    return agent ? await withAgent(clients, facts, [], signal) : facts;
  } catch (error) {
    if (AwsError.is(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** What DescribeCluster tells of a cluster. */
export function clusterFacts(arn: string, found: Cluster, region: string, name: string): AwsCluster {
  const issuer = found.identity?.oidc?.issuer?.replace(/^https:\/\//i, '');
  return {
    arn,
    name: found.name ?? name,
    region,
    ...(issuer ? { issuer } : {}),
    ...(found.version ? { kubernetesVersion: found.version } : {}),
    ...(found.status ? { status: found.status } : {}),
    // Both are absent on clusters that never had them. Source: EKS API reference, DescribeCluster.
    autoMode: found.computeConfig?.enabled === true,
    hybridNodes: (found.remoteNetworkConfig?.remoteNodeNetworks ?? []).length > 0,
  };
}

async function withAgent(clients: Clients, cluster: AwsCluster, gaps: AwsGap[], signal?: AbortSignal): Promise<AwsCluster> {
  const podIdentityAgent = await hasAgent(clients, cluster.region, cluster.name, cluster.arn, gaps, signal);
  return podIdentityAgent === undefined ? cluster : { ...cluster, podIdentityAgent };
}

/** Undefined where it could not be asked: refused, or not known. */
async function hasAgent(
  clients: Clients,
  region: string,
  clusterName: string,
  arn: string,
  gaps: AwsGap[],
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  try {
    await clients.call(
      { action: 'eks:DescribeAddon', region },
      (options) => clients.eks(region).send(new DescribeAddonCommand({ clusterName, addonName: agentAddon }), options),
      signal,
    );
    return true;
  } catch (error) {
    if (AwsError.is(error) && error.code === 'not-found') return false;
    gaps.push(gapOf(error, 'eks:DescribeAddon', arn));
    return undefined;
  }
}

/** The associations of a cluster. Source: EKS API reference: the list has no roles, so each is described. */
export async function listAssociations(
  clients: Clients,
  of: AwsCluster,
  signal?: AbortSignal,
  only: { readonly namespace?: string; readonly serviceAccount?: string } = {},
): Promise<{ associations: AwsAssociation[]; gaps: AwsGap[] }> {
  const { region, name: clusterName } = of;
  const gaps: AwsGap[] = [];
  const summaries: PodIdentityAssociationSummary[] = [];
  try {
    let nextToken: string | undefined;
    do {
      const page = await clients.call(
        { action: 'eks:ListPodIdentityAssociations', region },
        (options) =>
          clients.eks(region).send(new ListPodIdentityAssociationsCommand({ clusterName, nextToken, maxResults: 100, ...only }), options),
        signal,
      );
      summaries.push(...(page.associations ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
  } catch (error) {
    return { associations: [], gaps: [gapOf(error, 'eks:ListPodIdentityAssociations', of.arn)] };
  }
  const associations = await Promise.all(summaries.map((summary) => association(clients, of, summary, gaps, signal)));
  signal?.throwIfAborted();
  return { associations: associations.flat(), gaps };
}

async function association(
  clients: Clients,
  { region, name: clusterName, arn }: AwsCluster,
  summary: PodIdentityAssociationSummary,
  gaps: AwsGap[],
  signal?: AbortSignal,
): Promise<AwsAssociation[]> {
  const { associationId: id, namespace, serviceAccount } = summary;
  if (!id || !namespace || !serviceAccount) return [];
  const bare: AwsAssociation = { id, clusterName, region, namespace, serviceAccount };
  try {
    const { association: found } = await clients.call(
      { action: 'eks:DescribePodIdentityAssociation', region },
      (options) => clients.eks(region).send(new DescribePodIdentityAssociationCommand({ clusterName, associationId: id }), options),
      signal,
    );
    return [
      {
        ...bare,
        ...(found?.roleArn ? { roleArn: found.roleArn } : {}),
        ...(found?.targetRoleArn ? { targetRoleArn: found.targetRoleArn } : {}),
        ...(found?.disableSessionTags === undefined ? {} : { sessionTagsDisabled: found.disableSessionTags }),
        ...(found?.policy ? { policy: found.policy } : {}),
        ...(found?.externalId ? { externalId: found.externalId } : {}),
        ...(found?.ownerArn ? { ownerArn: found.ownerArn } : {}),
      },
    ];
  } catch (error) {
    if (AwsError.is(error) && error.code === 'not-found') return [];
    gaps.push(gapOf(error, 'eks:DescribePodIdentityAssociation', arn));
    return [bare];
  }
}
