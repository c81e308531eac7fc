import type { CancellationToken } from 'vscode-languageserver/node';
import { AwsError } from '../../aws/gateway';
import { connectAws, readProfiles } from '../../aws/load';
import { clusterOidc } from '../../aws/oidc';
import type { AwsCluster, AwsGap, AwsProvider } from '../../core/model/aws';
import { replacePlaceholderIssuers } from '../../core/features/placeholderIssuers';
import { withoutFreeText } from '../../core/snapshot/freeText';
import { keepTimes } from '../../core/snapshot/keepTimes';
import { isSnapshot, readSnapshot } from '../../core/snapshot/read';
import { writeSnapshot } from '../../core/snapshot/write';
import { regionsToOffer } from '../aws/regions';
import { answering, problemOf } from '../aws/problem';
import type { AwsSession } from '../aws/session';
import { toWorkspaceEdit } from '../convert';
import { loadGenerate } from '../../generate/load';
import { applyInSession } from '../generate/applyInSession';
import {
  awsClusterFoundNotification,
  awsClustersRequest,
  awsConfigureRequest,
  awsIdentityRequest,
  awsPlaceholdersRequest,
  awsPoliciesRequest,
  awsProfilesRequest,
  awsRefreshRequest,
  awsRegisterProviderRequest,
  awsRolesRequest,
  awsSnapshotRequest,
  type AwsClusterItem,
  type AwsClusters,
  type AwsClustersParams,
} from '../../../../protocol/aws';
import { guard, type Session } from '../session';

/** podRoles/aws/…: what the client asks of AWS and says about it. */
export function registerAws(session: Session): void {
  const { connection } = session;
  const aws = session.aws!;
  connection.onRequest(
    awsConfigureRequest,
    guard(session, awsConfigureRequest.method, aws.state(), (params) => aws.configure(params)),
  );
  connection.onRequest(awsRefreshRequest, () => aws.refresh());
  connection.onRequest(awsProfilesRequest, async () => ({
    profiles: (await readProfiles()).map(({ name, region, sso }) => ({ name, sso, ...(region ? { region } : {}) })),
    regions: regionsToOffer(aws.workspaceRegions()),
  }));
  connection.onRequest(
    awsIdentityRequest,
    answering(session, awsIdentityRequest.method, async ({ profile }, signal) => {
      // The user picks a profile by who it is; without the opt-in nobody is asked.
      aws.connection();
      const { account, arn } = await (await connectAws({ profile })).gateway.identity(signal);
      return { account, arn };
    }),
  );
  const clusters = answering(session, awsClustersRequest.method, ({ regions, id }: AwsClustersParams, signal) =>
    clustersOf(aws, regions, signal, (cluster) => {
      if (id !== undefined)
        void connection.sendNotification(awsClusterFoundNotification, { id, cluster: clusterItem(cluster, undefined, []) });
    }),
  );
  connection.onRequest(awsClustersRequest, async (params, token) => {
    const answer = await clusters(params, token);
    return 'problem' in answer ? { ...answer, ...knownClusters(aws) } : answer;
  });
  connection.onRequest(
    awsRolesRequest,
    answering(session, awsRolesRequest.method, ({ text }) => roles(aws, text)),
  );
  connection.onRequest(
    awsPoliciesRequest,
    answering(session, awsPoliciesRequest.method, async ({ text }, signal) => {
      const found = await aws.gateway().searchPolicies(text, signal);
      return {
        policies: found.map(({ arn, name, description }) => ({
          arn,
          name,
          awsManaged: arn.includes(':iam::aws:'),
          ...(description ? { description } : {}),
        })),
      };
    }),
  );
  const snapshot = answering(session, awsSnapshotRequest.method, async ({ previous }: { previous?: string }, _signal, token) => {
    await aws.askDetails(token);
    const facts = aws.facts();
    if (!facts) throw new AwsError('failed', 'Nothing is known of AWS yet.', { next: 'Turn on "Pod Roles: AWS", then try again.' });
    const summary = facts.accounts
      .map(({ id, roles: all, clusters }) => `account ${id}: ${all.length} roles, ${clusters.length} clusters`)
      .join('; ');
    const before = previous !== undefined && isSnapshot(previous) ? readSnapshot(previous).facts : undefined;
    return { text: writeSnapshot(keepTimes(withoutFreeText(facts), before)), summary };
  });
  // Clients that know no typed requests send `null` for no parameters: the token is the last argument.
  connection.onRequest(awsSnapshotRequest.method, (...given: readonly unknown[]) =>
    snapshot(given.length > 1 ? ((given[0] ?? {}) as { previous?: string }) : {}, given.at(-1) as CancellationToken),
  );
  connection.onRequest(awsRegisterProviderRequest, async ({ issuer, clientIds }, token) => {
    try {
      return await registerProvider(session, issuer, clientIds, token);
    } catch (error) {
      if (!AwsError.is(error)) session.log.crash(awsRegisterProviderRequest.method, error);
      return { problem: problemOf(error) };
    }
  });
  connection.onRequest(
    awsPlaceholdersRequest,
    guard(session, awsPlaceholdersRequest.method, { count: 0, edit: {} }, ({ uri, issuer, account, partition }) => {
      const { count, edits } = replacePlaceholderIssuers(session.workspace, uri, { issuer, account, partition: partition ?? 'aws' });
      return { count, edit: toWorkspaceEdit(session.workspace, edits) };
    }),
  );
}

/** One call, made as those of a plan are: its answer is waited for, and a lost one is looked for. */
async function registerProvider(session: Session, issuer: string, clientIds: readonly string[], token: CancellationToken) {
  const way = session.aws!.connection();
  const { account, partition } = await way.gateway.identity();
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
  const { reportText } = await loadGenerate();
  const report = await applyInSession(session, [{ kind: 'create-provider', issuer, arn, clientIds }], account, way, token, () => undefined);
  return { arn, outcome: report.outcome, ...reportText(report), ...(report.failed ? { problem: problemOf(report.failed.error) } : {}) };
}

/**
 * The clusters of the regions. Throws an {@link AwsError} where none of them could be asked: that nobody could look must
 * never read as "no cluster".
 */
async function clustersOf(
  aws: AwsSession,
  wanted: readonly string[],
  signal: AbortSignal,
  found: (cluster: AwsCluster) => void,
): Promise<AwsClusters> {
  const gateway = aws.gateway();
  const regions = wanted.length > 0 ? wanted : aws.regions();
  if (gateway.kind === 'live') {
    await gateway.identity(signal);
    if (regions.length === 0)
      throw new AwsError('no-region', 'No AWS region is configured, so no cluster was looked for.', { next: 'Select a region.' });
  }
  const [{ clusters, gaps }, providers] = await Promise.all([gateway.clusters(regions, signal, found), providersOf(aws, signal)]);
  const failed = gaps.filter(({ action }) => action === 'eks:ListClusters');
  const asked = regions.filter((region) => !failed.some(({ resource }) => resource === region || resource === undefined));
  if (clusters.length === 0 && failed.length > 0 && asked.length === 0) {
    const [{ reason, next, code }] = failed as [AwsGap];
    throw new AwsError(
      (code as AwsError['code'] | undefined) ?? 'failed',
      `${reason}${regions.length > 0 ? ` Regions: ${regions.join(', ')}.` : ''}`,
      {
        next: next ?? 'Select another profile or region, or try again.',
        permission: code === 'access-denied' ? 'eks:ListClusters' : undefined,
      },
    );
  }
  const before = (aws.facts()?.accounts ?? [])
    .flatMap((account) => account.clusters)
    .filter(({ region, arn }) => regions.includes(region) && !asked.includes(region) && !clusters.some((each) => each.arn === arn));
  return { clusters: [...clusters, ...before].map((cluster) => clusterItem(cluster, providers.providers, providers.gaps)), gaps, asked };
}

/** The clusters that are known from before, and of when. */
function knownClusters(aws: AwsSession): { known: readonly AwsClusterItem[]; knownAt?: string } {
  const accounts = (aws.facts()?.accounts ?? []).filter((account) => account.clusters.length > 0);
  const [knownAt] = accounts
    .map(({ takenAt }) => takenAt)
    .filter(Boolean)
    .sort();
  return {
    known: accounts.flatMap(({ clusters, providers, partial }) =>
      clusters.map((cluster) =>
        clusterItem(cluster, partial.some(({ action }) => action === 'iam:ListOpenIDConnectProviders') ? undefined : providers, partial),
      ),
    ),
    ...(knownAt === undefined ? {} : { knownAt }),
  };
}

/** The account's providers; where IAM refuses, why. */
async function providersOf(
  aws: AwsSession,
  signal: AbortSignal,
): Promise<{ providers: readonly AwsProvider[] | undefined; gaps: readonly AwsGap[] }> {
  try {
    return await aws.gateway().providers(signal);
  } catch (error) {
    if (!AwsError.is(error)) throw error;
    return { providers: undefined, gaps: [{ action: 'iam:ListOpenIDConnectProviders', reason: `${error.message} ${error.next}` }] };
  }
}

function clusterItem(cluster: AwsCluster, providers: readonly AwsProvider[] | undefined, gaps: readonly AwsGap[]): AwsClusterItem {
  const { cluster: _cluster, account, ...oidc } = clusterOidc(cluster, providers, gaps);
  const { name, arn, region, kubernetesVersion, status, podIdentityAgent } = cluster;
  return {
    name,
    arn,
    region,
    account,
    ...oidc,
    ...(kubernetesVersion ? { version: kubernetesVersion } : {}),
    ...(status ? { status } : {}),
    ...(podIdentityAgent === undefined ? {} : { podIdentityAgent }),
  };
}

function roles(aws: AwsSession, text: string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = aws.facts()?.accounts.flatMap((account) => account.roles) ?? [];
  const found = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  return {
    total: found.length,
    roles: found.slice(0, 200).map(({ arn, name, description, lastUsed }) => ({
      arn,
      name,
      ...(description ? { description } : {}),
      ...(lastUsed ? { lastUsed } : {}),
    })),
  };
}
