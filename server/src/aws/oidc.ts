import { commandMaker, guardedCommand, type CommandPlace } from '../core/generate/text/shell';
import type { AwsCluster, AwsGap, AwsProvider } from '../core/model/aws';

/** A cluster's issuer and what IAM has for it: what Fetch Cluster OIDC ID and `pod-roles oidc` show. */
export interface ClusterOidc {
  readonly cluster: AwsCluster;
  readonly account: string;
  /** Without `https://`. Absent on a cluster without OIDC. */
  readonly issuer?: string;
  /** The issuer's last segment. */
  readonly id?: string;
  /** The ARN that the provider has, or would have. */
  readonly providerArn?: string;
  /** True, false, or undefined where IAM would not tell. */
  readonly registered?: boolean;
  readonly clientIds?: readonly string[];
  /** Why IAM would not tell. */
  readonly reason?: string;
}

/** Joins a cluster with the account's providers. `gaps` are those of the call that gave the providers, or its refusal. */
export function clusterOidc(cluster: AwsCluster, providers: readonly AwsProvider[] | undefined, gaps: readonly AwsGap[]): ClusterOidc {
  const [, partition = 'aws', , , account = ''] = cluster.arn.split(':');
  const { issuer } = cluster;
  if (issuer === undefined) return { cluster, account };
  const providerArn = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
  const found = providers?.find(({ arn }) => arn === providerArn);
  const reason = gaps.find(({ action, resource }) => action === 'iam:ListOpenIDConnectProviders' || resource === providerArn)?.reason;
  const idsKnown = !gaps.some(({ action, resource }) => action === 'iam:GetOpenIDConnectProvider' && resource === providerArn);
  return {
    cluster,
    account,
    issuer,
    id: issuer.slice(issuer.lastIndexOf('/') + 1),
    providerArn,
    ...(providers ? { registered: found !== undefined } : {}),
    ...(found && idsKnown ? { clientIds: found.clientIds } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A command line of the AWS CLI that registers the provider, in the cluster's account alone. */
export function registerCommand(issuer: string, place: CommandPlace): string {
  return guardedCommand(
    commandMaker(place)('iam create-open-id-connect-provider', { url: `https://${issuer}`, 'client-id-list': 'sts.amazonaws.com' }),
    place,
  );
}
