import type { AwsState } from '../../core/generate/planSteps';
import type { Pair } from '../../core/generate/pair';
import type { AwsGap } from '../../core/model/aws';
import type { AwsGateway } from '../gateway';

/** The gaps that hide what a plan builds on. Documents of managed policies are none: a plan attaches, it does not read them. */
const deciding: ReadonlySet<string> = new Set([
  'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:ListOpenIDConnectProviders', 'iam:GetOpenIDConnectProvider',
  'eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation',
]);

/** What AWS has of the things that a pair needs. Throws an {@link AwsError} where it cannot be asked at all. */
export async function readState(gateway: AwsGateway, pair: Pair, signal?: AbortSignal): Promise<AwsState> {
  const { account: accountId, partition } = await gateway.identity(signal);
  // Another account's roles are nobody's business here.
  if (accountId !== pair.role.accountId) return { accountId, partition, gaps: [] };
  const [detail, providers, association] = await Promise.all([
    gateway.role(pair.role.name, signal),
    pair.provider ? gateway.providers(signal) : undefined,
    pair.mechanism === 'pod-identity' ? readAssociation(gateway, pair, signal) : undefined,
  ]);
  const provider = providers?.providers.find(({ arn }) => arn === pair.provider!.arn);
  const gaps = [
    ...(detail?.gaps ?? []), ...(association?.gaps ?? []),
    ...(providers?.gaps ?? []).filter(({ resource }) => resource === undefined || resource === pair.provider!.arn),
  ].filter(({ action }) => deciding.has(action));
  return {
    accountId, partition, gaps: [...new Set(gaps.map(sentence))],
    ...(detail ? { role: detail.role } : {}), ...(provider ? { provider } : {}), ...(association?.state ?? {}),
  };
}

async function readAssociation(gateway: AwsGateway, { cluster, account }: Pair, signal?: AbortSignal): Promise<{ state: Partial<AwsState>; gaps: readonly AwsGap[] }> {
  const { name, region, arn } = cluster!;
  const { clusters, gaps } = await gateway.clusters([region], signal);
  const found = clusters.find((each) => each.name === name);
  // Without permission to list clusters, the association is still asked for; EKS answers where the cluster is missing.
  if (!found && gaps.length === 0) return { state: { clusterExists: false }, gaps: [] };
  const answer = await gateway.associations(found ?? { name, region, arn }, signal);
  const association = answer.associations.find(({ namespace, serviceAccount }) => namespace === account.namespace && serviceAccount === account.name);
  return {
    state: {
      ...(association ? { association } : {}), ...(found ? { clusterExists: true } : {}),
      ...(found?.podIdentityAgent === undefined ? {} : { podIdentityAgent: found.podIdentityAgent }),
    },
    gaps: answer.gaps,
  };
}

function sentence({ action, reason }: AwsGap): string {
  return `${reason} Without ${action} nobody knows what is there already, so nothing is changed.`;
}
