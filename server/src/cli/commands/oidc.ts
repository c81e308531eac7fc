import { Option, type Command } from 'commander';
import { visible } from '../../core/text/visible';
import { AwsError, type AwsGateway } from '../../aws/gateway';
import type { Connection } from '../../aws/load';
import { clusterOidc, registerCommand, type ClusterOidc } from '../../aws/oidc';
import { SnapshotGateway } from '../../aws/snapshotGateway';
import { checkCluster, checkRegion } from '../../core/generate/checks';
import type { AwsCluster, AwsGap } from '../../core/model/aws';
import { defaultAudience } from '../../core/model/subject';
import { resolve } from 'node:path';
import { readSnapshotFile } from '../../host/snapshotFile';
import { asFailure, connect } from '../aws/connect';
import { findCluster } from '../aws/findCluster';
import { Console, type CommonOptions } from '../console';
import { Failure } from '../failure';
import { jsonText } from '../words';
import { collect } from '../workspaceOptions';

interface OidcOptions extends CommonOptions {
  readonly cluster: string;
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly snapshot?: string;
  readonly format: 'pretty' | 'json';
}

export function oidcCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('oidc')
    .description("show a cluster's issuer and ID, and the ARN and state of the IAM provider")
    .requiredOption('--cluster <name>', 'the EKS cluster')
    .option('--region <region>', "the cluster's region (repeatable; default: the configured region)", collect)
    .option('--profile <name>', 'a profile of the AWS CLI')
    .option('--snapshot <file>', 'answer from a snapshot, without calling AWS')
    .addOption(new Option('--format <name>', 'the output format').choices(['pretty', 'json']).default('pretty'))
    .addHelpText(
      'after',
      `
Exit codes: 0 the provider is registered, 1 it is not, 2 could not run.

Examples:
  pod-roles oidc --cluster demo-cluster --region eu-west-1
  pod-roles oidc --cluster demo-cluster --format json | jq -r .id`,
    )
    .action(async (_: unknown, self: Command) => exit(await oidc(self.optsWithGlobals<OidcOptions>())));
}

async function oidc(options: OidcOptions): Promise<number> {
  const console = new Console(options);
  const { gateway, regions, shell } = await source(options);
  const cluster = await findCluster(gateway, options.cluster, regions);
  const found = await oidcOf(gateway, cluster);
  await console.print(options.format === 'json' ? `${jsonText(json(found), 2)}\n` : page(found, console, shell));
  if (found.issuer !== undefined && found.registered === undefined)
    throw new Failure(`it is unknown whether the provider is registered in IAM: ${found.reason ?? 'the list was not read.'}`);
  return found.registered === true ? 0 : 1;
}

/** Who answers, and how a printed command reaches the same AWS. */
interface Source {
  readonly gateway: AwsGateway;
  readonly regions: readonly string[];
  readonly shell: Connection['shell'];
}

async function source(options: OidcOptions): Promise<Source> {
  const { snapshot, region } = options;
  if (snapshot !== undefined) {
    if (options.profile !== undefined) throw new Failure('--snapshot answers in place of AWS: give it without --profile.');
    const { facts, problems } = readSnapshotFile(resolve(snapshot));
    if (!facts) throw new Failure(`${snapshot}: ${problems.join(' ')}`);
    return { gateway: new SnapshotGateway(facts), regions: region ?? [], shell: {} };
  }
  for (const each of region ?? []) {
    const problem = checkRegion(each);
    if (problem !== undefined) throw new Failure(`--region: ${problem}`);
  }
  const problem = checkCluster(options.cluster);
  if (problem !== undefined) throw new Failure(`--cluster: ${problem}`);
  const connection = await connect(options);
  const regions = region ?? (connection.region === undefined ? [] : [connection.region]);
  if (regions.length === 0) throw new Failure('no region is configured. Give one with --region, or set AWS_REGION.');
  // Credentials and network are told of here, once, and not for each region.
  await asFailure(connection.gateway.identity());
  return { gateway: connection.gateway, regions, shell: connection.shell };
}

async function oidcOf(gateway: AwsGateway, cluster: AwsCluster): Promise<ClusterOidc> {
  try {
    const { providerArn } = clusterOidc(cluster, undefined, []);
    if (gateway.kind === 'live' && providerArn !== undefined) {
      const provider = await gateway.provider(providerArn);
      return clusterOidc(cluster, provider ? [provider] : [], []);
    }
    const { providers, gaps } = await gateway.providers();
    const cut = gaps.some(({ action }) => action === 'iam:ListOpenIDConnectProviders');
    return clusterOidc(cluster, cut ? undefined : providers, gaps);
  } catch (error) {
    if (!AwsError.is(error)) throw error;
    const gap: AwsGap = { action: 'iam:ListOpenIDConnectProviders', reason: `${error.message} ${error.next}` };
    return clusterOidc(cluster, undefined, [gap]);
  }
}

function page(found: ClusterOidc, { paint, quiet }: Console, shell: Connection['shell']): string {
  const { cluster, issuer, id, providerArn } = found;
  if (quiet) return `${id ?? ''}\n`;
  const head = [cluster.name, cluster.kubernetesVersion, cluster.status, cluster.region]
    .filter((part) => part !== undefined)
    .map(visible)
    .join(' · ');
  if (issuer === undefined)
    return `${paint.bold(head)}\n  It has no OIDC issuer, so its pods can assume roles only with EKS Pod Identity.\n`;
  return [
    paint.bold(head),
    `  ID        ${visible(id!)}`,
    `  issuer    ${visible(issuer)}`,
    `  provider  ${visible(providerArn!)}`,
    `            ${state(found, paint, shell)}`,
    '',
  ].join('\n');
}

function state(
  { registered, clientIds, issuer, account, cluster }: ClusterOidc,
  paint: Console['paint'],
  shell: Connection['shell'],
): string {
  if (registered === undefined) return `${paint.warning('?')} unknown whether it is registered in IAM`;
  if (!registered) {
    return (
      `${paint.error('✗')} not registered in IAM: pods would see "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://${issuer!}"\n` +
      `            Register it with: ${registerCommand(issuer!, { account, profile: shell.profile, region: shell.region ?? cluster.region })}`
    );
  }
  if (clientIds === undefined) return `${paint.good('✓')} registered; its audiences are unknown`;
  const audiences = clientIds.length === 0 ? 'no audience' : `audience ${clientIds.map(visible).join(', ')}`;
  return clientIds.includes(defaultAudience)
    ? `${paint.good('✓')} registered, ${audiences}`
    : `${paint.warning('!')} registered, ${audiences}: tokens for ${defaultAudience} are rejected with "InvalidIdentityToken: Incorrect token audience"`;
}

function json(found: ClusterOidc): object {
  const { cluster, account, issuer, id, providerArn, registered, clientIds, reason } = found;
  return {
    cluster: cluster.name,
    account,
    region: cluster.region,
    arn: cluster.arn,
    version: cluster.kubernetesVersion,
    status: cluster.status,
    issuer,
    id,
    providerArn,
    registered: registered ?? null,
    clientIds,
    reason,
  };
}
