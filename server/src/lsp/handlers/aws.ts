import type { CancellationToken } from 'vscode-languageserver/node';
import { reportText } from '../../aws/apply/reportText';
import { AwsError } from '../../aws/gateway';
import { connectAws } from '../../aws/load';
import { clusterOidc } from '../../aws/oidc';
import { readProfiles } from '../../aws/profiles';
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
import { applyInSession } from '../generate/applyInSession';
import {
  awsClusterFoundNotification, awsClustersRequest, awsConfigureRequest, awsIdentityRequest, awsPlaceholdersRequest, awsPoliciesRequest,
  awsProfilesRequest, awsRefreshRequest, awsRegisterProviderRequest, awsRolesRequest, awsSnapshotRequest, type AwsClusterItem,
} from '../protocol/aws';
import { guard, type Session } from '../session';

/** podRoles/aws/…: what the client asks of AWS and says about it. */
export function registerAws(session: Session): void {
  const { connection } = session;
  const aws = session.aws!;
  connection.onRequest(awsConfigureRequest, guard(session, awsConfigureRequest.method, aws.state(), (params) => aws.configure(params)));
  connection.onRequest(awsRefreshRequest, () => aws.refresh());
  connection.onRequest(awsProfilesRequest, () => ({ profiles: readProfiles().map(({ name, region, sso }) => ({ name, sso, ...(region ? { region } : {}) })), regions: regionsToOffer(aws.workspaceRegions()) }));
  connection.onRequest(awsIdentityRequest, answering(session, awsIdentityRequest.method, async ({ profile }, signal) => {
    // The user picks a profile by who it is; without the opt-in nobody is asked.
    aws.connection();
    const { account, arn } = await (await connectAws({ profile })).gateway.identity(signal);
    return { account, arn };
  }));
  connection.onRequest(awsClustersRequest, answering(session, awsClustersRequest.method, async ({ regions, id }, signal) => {
    const gateway = aws.gateway();
    const found = (cluster: AwsCluster): void => {
      if (id !== undefined) void connection.sendNotification(awsClusterFoundNotification, { id, cluster: clusterItem(cluster, undefined, []) });
    };
    const [{ clusters, gaps }, providers] = await Promise.all([
      gateway.clusters(regions.length > 0 ? regions : aws.regions(), signal, found), providersOf(aws, signal),
    ]);
    return { clusters: clusters.map((cluster) => clusterItem(cluster, providers.providers, providers.gaps)), gaps };
  }));
  connection.onRequest(awsRolesRequest, answering(session, awsRolesRequest.method, ({ text }) => roles(aws, text)));
  connection.onRequest(awsPoliciesRequest, answering(session, awsPoliciesRequest.method, async ({ text }, signal) => {
    const found = await aws.gateway().searchPolicies(text, signal);
    return { policies: found.map(({ arn, name, description }) => ({ arn, name, awsManaged: arn.includes(':iam::aws:'), ...(description ? { description } : {}) })) };
  }));
  const snapshot = answering(session, awsSnapshotRequest.method, async ({ previous }: { previous?: string }, _signal, token) => {
    await aws.askDetails(token);
    const facts = aws.facts();
    if (!facts) throw new AwsError('failed', 'Nothing is known of AWS yet.', { next: 'Turn on "Pod Roles: AWS", then try again.' });
    const summary = facts.accounts.map(({ id, roles: all, clusters }) => `account ${id}: ${all.length} roles, ${clusters.length} clusters`).join('; ');
    const before = previous !== undefined && isSnapshot(previous) ? readSnapshot(previous).facts : undefined;
    return { text: writeSnapshot(keepTimes(withoutFreeText(facts), before)), summary };
  });
  // Clients that know no typed requests send `null` for no parameters: the token is the last argument.
  connection.onRequest(awsSnapshotRequest.method, (...given: readonly unknown[]) =>
    snapshot(given.length > 1 ? ((given[0] ?? {}) as { previous?: string }) : {}, given.at(-1) as CancellationToken));
  connection.onRequest(awsRegisterProviderRequest, async ({ issuer, clientIds }, token) => {
    try {
      return await registerProvider(session, issuer, clientIds, token);
    } catch (error) {
      if (!AwsError.is(error)) session.log.crash(awsRegisterProviderRequest.method, error);
      return { problem: problemOf(error) };
    }
  });
  connection.onRequest(awsPlaceholdersRequest, guard(session, awsPlaceholdersRequest.method, { count: 0, edit: {} }, ({ uri, issuer, account, partition }) => {
    const { count, edits } = replacePlaceholderIssuers(session.workspace, uri, { issuer, account, partition: partition ?? 'aws' });
    return { count, edit: toWorkspaceEdit(session.workspace, edits) };
  }));
}

/** One call, made as those of a plan are: its answer is waited for, and a lost one is looked for. */
async function registerProvider(session: Session, issuer: string, clientIds: readonly string[], token: CancellationToken) {
  const way = session.aws!.connection();
  const { account, partition } = await way.gateway.identity();
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${issuer}`;
  const report = await applyInSession(session, [{ kind: 'create-provider', issuer, arn, clientIds }], account, way, token, () => undefined);
  return { arn, outcome: report.outcome, ...reportText(report), ...(report.failed ? { problem: problemOf(report.failed.error) } : {}) };
}

/** The account's providers; where IAM refuses, why. */
async function providersOf(aws: AwsSession, signal: AbortSignal): Promise<{ providers: readonly AwsProvider[] | undefined; gaps: readonly AwsGap[] }> {
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
    name, arn, region, account, ...oidc, ...(kubernetesVersion ? { version: kubernetesVersion } : {}), ...(status ? { status } : {}),
    ...(podIdentityAgent === undefined ? {} : { podIdentityAgent }),
  };
}

function roles(aws: AwsSession, text: string) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = aws.facts()?.accounts.flatMap((account) => account.roles) ?? [];
  const found = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  return {
    total: found.length,
    roles: found.slice(0, 200).map(({ arn, name, description, lastUsed }) => ({ arn, name, ...(description ? { description } : {}), ...(lastUsed ? { lastUsed } : {}) })),
  };
}
