import type { AwsState } from '../../core/generate/planSteps';
import type { Pair } from '../../core/generate/pair';
import type { AwsCluster, AwsGap } from '../../core/model/aws';
import { AwsError, type AwsGateway } from '../gateway';

/** The gaps that hide what a plan builds on. Documents of managed policies are none: a plan attaches, it does not read them. */
const deciding: ReadonlySet<string> = new Set([
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:GetRolePolicy',
  'iam:ListOpenIDConnectProviders',
  'iam:GetOpenIDConnectProvider',
  'eks:ListPodIdentityAssociations',
  'eks:DescribePodIdentityAssociation',
]);

/** What AWS has of the things that a pair needs. Throws an {@link AwsError} where it cannot be asked at all. */
export async function readState(gateway: AwsGateway, pair: Pair, signal?: AbortSignal): Promise<AwsState> {
  const { account: accountId, partition } = await gateway.identity(signal);
  // Another account's roles are nobody's business here.
  if (accountId !== pair.role.accountId) return { accountId, partition, gaps: [] };
  const [detail, provider, association, missingPolicies, quotas] = await Promise.all([
    gateway.role(pair.role.name, signal),
    pair.provider ? gateway.provider(pair.provider.arn, signal) : undefined,
    pair.mechanism === 'pod-identity' ? readAssociation(gateway, pair, signal) : undefined,
    missingOf(
      gateway,
      [...pair.role.policyArns, ...(pair.role.permissionsBoundary === undefined ? [] : [pair.role.permissionsBoundary])],
      signal,
    ),
    orUnknown(gateway.quotas(signal)),
  ]);
  const gaps = [...(detail?.gaps ?? []), ...(association?.gaps ?? [])].filter(({ action }) => deciding.has(action));
  return {
    accountId,
    partition,
    gaps: [...new Set(gaps.map(sentence))],
    missingPolicies,
    ...(quotas ? { quotas } : {}),
    ...(detail ? { role: detail.role } : {}),
    ...(provider ? { provider } : {}),
    ...(association?.state ?? {}),
  };
}

/** The policies that do not exist. One that may not be read is taken to be there: to attach it needs no permission to read it. */
async function missingOf(gateway: AwsGateway, arns: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const found = await Promise.all(
    arns.map(async (arn) => {
      try {
        return (await gateway.policy(arn, signal)) ? [] : [arn];
      } catch (error) {
        if (AwsError.is(error) && error.code === 'access-denied') return [];
        throw error;
      }
    }),
  );
  return [...new Set(found.flat())];
}

async function orUnknown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (AwsError.is(error) && error.code !== 'expired' && error.code !== 'sso-expired') return undefined;
    throw error;
  }
}

async function readAssociation(
  gateway: AwsGateway,
  { cluster, account }: Pair,
  signal?: AbortSignal,
): Promise<{ state: Partial<AwsState>; gaps: readonly AwsGap[] }> {
  const { name, region, arn } = cluster!;
  let found: AwsCluster | undefined;
  try {
    found = await gateway.cluster(region, name, { agent: true }, signal);
    if (!found) return { state: { clusterExists: false }, gaps: [] };
  } catch (error) {
    // Without permission to describe it, the association is still asked for; EKS answers where the cluster is missing.
    if (!AwsError.is(error) || error.code !== 'access-denied') throw error;
  }
  const answer = await gateway.associations(found ?? { name, region, arn }, signal, {
    namespace: account.namespace,
    serviceAccount: account.name,
  });
  const association = answer.associations.find(
    ({ namespace, serviceAccount }) => namespace === account.namespace && serviceAccount === account.name,
  );
  return {
    state: {
      ...(association ? { association } : {}),
      ...(found ? { clusterExists: true } : {}),
      // EKS Auto Mode has the agent built in, and no add-on.
      ...(found?.podIdentityAgent === undefined ? {} : { podIdentityAgent: found.podIdentityAgent || found.autoMode === true }),
    },
    gaps: answer.gaps,
  };
}

function sentence({ action, reason }: AwsGap): string {
  return `${reason} Without ${action} the current state is unknown, so nothing is changed.`;
}
