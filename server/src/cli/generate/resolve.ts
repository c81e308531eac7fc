import { resolve } from 'node:path';
import type { Connection } from '../../aws/load';
import { policyNamePattern } from '../../core/generate/checks';
import type { Pair } from '../../core/generate/pair';
import { readPair, type PairOptions } from '../../core/generate/readPair';
import { readText } from '../../host/readText';
import { asFailure, connect } from '../aws/connect';
import { Failure } from '../failure';
import { clusterFromAws, clusterFromFiles, type FoundCluster } from './cluster';
import type { GenerateOptions } from './options';
import type { Surroundings } from './surroundings';

/**
 * The pair that the options mean: what they leave open of the cluster comes from pod-roles.yaml, a snapshot, or AWS.
 * The connection is there where AWS was asked, and always with --apply. Throws a {@link Failure} that names the options.
 */
export async function resolvePair(
  options: GenerateOptions,
  surroundings: Surroundings,
  cwd: string,
): Promise<{ pair: Pair; connection?: Connection }> {
  const found = clusterFromFiles(options, surroundings);
  const incomplete =
    options.cluster !== undefined &&
    ((options.mechanism === 'irsa' && (options.issuer ?? found.issuer) === undefined) ||
      (options.region ?? found.region) === undefined ||
      (options.account ?? found.account) === undefined);
  const asks =
    options.apply === true || (incomplete && (options.aws === true || options.profile !== undefined || options.region !== undefined));
  if (options.aws && options.snapshot !== undefined) throw new Failure('--snapshot answers in place of AWS: give it without --aws.');
  if (options.yes && !options.apply) throw new Failure('--yes answers the question of --apply: give both, or neither.');
  // What is wrong in any case is said before anybody is asked.
  const before = readPair(pairOptions(options, found, cwd));
  const sure = 'problems' in before ? before.problems.filter(({ option }) => !(incomplete || asks) || !askable(option, options)) : [];
  if (sure.length > 0 && asks)
    throw new Failure(sure.map(({ option, message }) => `${optionNames[option]}: ${message}`).join('\npod-roles: '));
  const region = options.region ?? found.region;
  const connection = asks
    ? await connect({
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        ...(region === undefined ? {} : { region: [region] }),
      })
    : undefined;
  const told = connection ? await askAws(connection, options, found, incomplete) : found;
  const read = readPair(pairOptions(options, told, cwd));
  if ('pair' in read) return { pair: read.pair, ...(connection ? { connection } : {}) };
  const hint =
    incomplete && !connection && read.problems.some(({ option }) => option === 'issuer' || option === 'accountId' || option === 'region')
      ? [
          `Not enough is known about the cluster ${options.cluster}: use --aws or --region to read it from AWS, --snapshot for a file, or give --issuer, --account and --region.`,
        ]
      : [];
  throw new Failure([...read.problems.map(({ option, message }) => `${optionNames[option]}: ${message}`), ...hint]);
}

async function askAws(
  { gateway, region }: Connection,
  options: GenerateOptions,
  found: FoundCluster,
  incomplete: boolean,
): Promise<FoundCluster> {
  const { account } = await asFailure(gateway.identity());
  if (!incomplete) return { ...found, account: found.account ?? account };
  const asked = await clusterFromAws(
    gateway,
    options.cluster!,
    options.region === undefined && found.region === undefined
      ? region === undefined
        ? []
        : [region]
      : [(options.region ?? found.region)!],
  );
  return { issuer: found.issuer ?? asked.issuer, region: found.region ?? asked.region, account: found.account ?? asked.account ?? account };
}

/** Whether AWS can tell what the options leave open. */
function askable(option: keyof PairOptions, options: GenerateOptions): boolean {
  return (
    (option === 'accountId' && options.account === undefined) ||
    (option === 'issuer' && options.issuer === undefined) ||
    (option === 'region' && options.region === undefined)
  );
}

const optionNames: Readonly<Record<keyof PairOptions, string>> = {
  mechanism: '--mechanism',
  roleName: '--role-name',
  path: '--path',
  namespace: '--namespace',
  serviceAccount: '--service-account',
  accountId: '--account',
  issuer: '--issuer',
  cluster: '--cluster',
  region: '--region',
  audience: '--audience',
  policyArns: '--policy-arn',
  policy: '--policy-file',
  permissionsBoundary: '--permissions-boundary',
  maxSessionDuration: '--max-session-duration',
  tags: '--tag',
  description: '--description',
};

function pairOptions(options: GenerateOptions, found: FoundCluster, cwd: string): PairOptions {
  const irsa = options.mechanism !== 'pod-identity';
  return {
    mechanism: options.mechanism,
    roleName: options.roleName,
    path: options.path,
    namespace: options.namespace,
    serviceAccount: options.serviceAccount,
    accountId: options.account ?? found.account,
    issuer: options.issuer ?? (irsa ? found.issuer : undefined),
    cluster: options.cluster,
    region: options.region ?? found.region,
    audience: options.audience,
    policyArns: options.policyArn,
    ...(options.policyFile === undefined ? {} : { policy: readPolicy(options.policyFile, cwd) }),
    permissionsBoundary: options.permissionsBoundary,
    maxSessionDuration: options.maxSessionDuration,
    tags: options.tag,
  };
}

function readPolicy(given: string, cwd: string): { document: string; name?: string } {
  const result = readText(resolve(cwd, given), { pipes: true });
  if (result.kind !== 'text') throw new Failure(`${given}: ${result.kind === 'skipped' ? result.reason : 'not read'}`);
  const stem = /([^/\\]+?)(\.[a-z]+)?$/i.exec(given)?.[1] ?? '';
  return { document: result.file.text, ...(policyNamePattern.test(stem) ? { name: stem } : {}) };
}
