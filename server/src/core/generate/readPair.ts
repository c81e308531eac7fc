import { parseEksIssuer } from '../model/issuer';
import { partitionOfRegion } from '../model/partitions';
import { defaultAudience } from '../model/subject';
import {
  bareOidcId,
  checkAccountId,
  checkAudience,
  checkCluster,
  checkIssuer,
  checkNamespace,
  checkPath,
  checkRegion,
  checkRoleName,
  checkServiceAccount,
  checkSessionDuration,
  checkTag,
  issuerOfId,
  parsePolicyArn,
  policyNamePattern,
  type Check,
} from './checks';
import { quoted } from '../text/shown';
import type { ClusterSpec, Mechanism, Pair } from './pair';
import { readPermissionPolicy } from './permissionPolicy';

/** A pair as somebody asks for it: texts, nothing checked. Empty texts count as not given. */
export interface PairOptions {
  readonly mechanism?: string | undefined;
  readonly roleName?: string | undefined;
  readonly path?: string | undefined;
  readonly namespace?: string | undefined;
  readonly serviceAccount?: string | undefined;
  /** The role's AWS account. */
  readonly accountId?: string | undefined;
  /** With or without `https://`. */
  readonly issuer?: string | undefined;
  /** The cluster's name. */
  readonly cluster?: string | undefined;
  readonly region?: string | undefined;
  readonly audience?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  /** A permission policy's text, and the name it gets in the role (`permissions` by default). */
  readonly policy?: { readonly document: string; readonly name?: string | undefined } | undefined;
  readonly permissionsBoundary?: string | undefined;
  /** Seconds. */
  readonly maxSessionDuration?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly description?: string | undefined;
}

/** Which option a problem is about, and what is wrong in a sentence. */
export interface PairProblem {
  readonly option: keyof PairOptions;
  readonly message: string;
}

const mostTags = 50;
/** The highest that the quota "Managed policies attached to an IAM role" can be raised to. Source: IAM guide, quotas. */
const mostPolicies = 20;

/** Checks what was asked for. Gives the pair, or everything that is wrong with it. */
export function readPair(options: PairOptions): { readonly pair: Pair } | { readonly problems: readonly PairProblem[] } {
  const problems: PairProblem[] = [];
  const problem = (option: keyof PairOptions, message: string): void => void problems.push({ option, message });
  const field = (option: keyof PairOptions, value: string | undefined, test: Check): string | undefined => {
    const text = value?.trim();
    if (!text) return undefined;
    const message = test(text);
    if (message === undefined) return text;
    problem(option, message);
    return undefined;
  };
  const needed = (option: keyof PairOptions, value: string | undefined, test: Check, missing: string): string => {
    if (!value?.trim()) problem(option, missing);
    return field(option, value, test) ?? '';
  };

  const mechanism = readMechanism(options.mechanism, problem);
  const irsa = mechanism === 'irsa';
  const namespace = needed('namespace', options.namespace, checkNamespace, 'The namespace is missing.');
  const serviceAccount = needed('serviceAccount', options.serviceAccount, checkServiceAccount, 'The service account is missing.');
  const roleName = needed('roleName', options.roleName, checkRoleName, "The role's name is missing.");
  const path = field('path', options.path, checkPath) ?? '/';
  const accountId = needed('accountId', options.accountId, checkAccountId, 'The AWS account is missing: 12 digits.');
  const issuerText = options.issuer
    ?.trim()
    .replace(/^https:\/\//i, '')
    .replace(/\/$/, '');
  const bareId = issuerText ? bareOidcId(issuerText) : undefined;
  const completed = bareId !== undefined && options.region?.trim() ? issuerOfId(bareId, options.region.trim()) : undefined;
  if (completed !== undefined)
    problem(
      'issuer',
      `${quoted(issuerText!)} is an OIDC ID, not an issuer. In ${options.region!.trim()} the issuer with this ID is ${completed}: give that.`,
    );
  const issuer =
    completed !== undefined
      ? undefined
      : irsa
        ? needed('issuer', issuerText, checkIssuer, "The cluster's issuer is missing.")
        : field('issuer', issuerText, checkIssuer);
  const eks = issuer ? parseEksIssuer(issuer) : undefined;
  const region =
    (irsa
      ? field('region', options.region, checkRegion)
      : needed('region', options.region ?? eks?.region, checkRegion, "The cluster's region is missing.")) ?? eks?.region;
  const clusterName = irsa
    ? field('cluster', options.cluster, checkCluster)
    : needed('cluster', options.cluster, checkCluster, 'The cluster is missing: an association belongs to one.');
  if (eks && region && eks.region !== region) problem('region', `The issuer is one of ${eks.region}, not of ${region}.`);
  // An audience that is given empty is a mistake, not the default: a variable that was not set.
  if (options.audience !== undefined && options.audience.trim() === '' && irsa)
    problem('audience', 'The audience is empty: leave it out for the default, or give one.');
  const audience = field('audience', options.audience, checkAudience);
  if (audience !== undefined && !irsa) problem('audience', 'Pod Identity has no audience to choose: leave it out, or take IRSA.');
  const partition = (region === undefined ? undefined : partitionOfRegion(region)?.id) ?? partitionOf(options) ?? 'aws';

  const policyArns = unique(options.policyArns ?? []);
  for (const arn of policyArns) checkManaged('policyArns', arn, { partition, accountId }, problem);
  if (policyArns.length > mostPolicies)
    problem(
      'policyArns',
      `A role has at most ${mostPolicies} managed policies (10 unless AWS raised the quota), not ${policyArns.length}.`,
    );
  const boundary = options.permissionsBoundary?.trim() || undefined;
  if (boundary !== undefined) checkManaged('permissionsBoundary', boundary, { partition, accountId }, problem);
  const seconds = field('maxSessionDuration', options.maxSessionDuration, checkSessionDuration);
  const tags = readTags(options.tags ?? {}, problem);
  const inline = readInline(options, problem);
  const arn = `arn:${partition}:iam::${accountId}:role${path}${roleName}`;
  if (problems.length > 0) return { problems };

  const cluster: ClusterSpec | undefined =
    clusterName && region
      ? { name: clusterName, region, arn: `arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}` }
      : undefined;
  return {
    pair: {
      mechanism,
      account: { namespace, name: serviceAccount },
      audience: audience ?? defaultAudience,
      ...(irsa && issuer ? { provider: { issuer, arn: `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}` } } : {}),
      ...(cluster ? { cluster } : {}),
      role: {
        name: roleName,
        path,
        arn,
        accountId,
        partition,
        policyArns,
        tags,
        description: options.description?.trim() || `For pods of the service account ${namespace}/${serviceAccount}`,
        ...(inline ? { inline } : {}),
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
        ...(seconds === undefined ? {} : { maxSessionDuration: Number(seconds) }),
      },
    },
  };
}

type Say = (option: keyof PairOptions, message: string) => void;

function readMechanism(given: string | undefined, problem: Say): Mechanism {
  if (given === 'pod-identity') return given;
  if (given && given !== 'irsa') problem('mechanism', `The mechanism is irsa or pod-identity, not ${quoted(given)}.`);
  return 'irsa';
}

/** The partition that policies name, where no region tells it. */
function partitionOf({ policyArns = [], permissionsBoundary }: PairOptions): string | undefined {
  return [...policyArns, permissionsBoundary ?? '']
    .map((arn) => parsePolicyArn(arn.trim())?.partition)
    .find((found) => found !== undefined);
}

/** A role takes AWS's policies and its own account's. Source: IAM guide, access_policies_managed-vs-inline. */
function checkManaged(
  option: 'policyArns' | 'permissionsBoundary',
  arn: string,
  role: { partition: string; accountId: string },
  problem: Say,
): void {
  const parts = parsePolicyArn(arn);
  if (!parts) problem(option, `${quoted(arn)} isn't the ARN of a managed policy; an example is arn:aws:iam::aws:policy/ReadOnlyAccess.`);
  else if (parts.partition !== role.partition)
    problem(option, `${quoted(arn)} is of the partition ${parts.partition}, the role of ${role.partition}.`);
  else if (parts.owner !== 'aws' && role.accountId !== '' && parts.owner !== role.accountId)
    problem(
      option,
      `${quoted(arn)} is in account ${parts.owner}; a role can only have policies of its account ${role.accountId} and AWS's.`,
    );
}

function readTags(given: Readonly<Record<string, string>>, problem: Say): Record<string, string> {
  const entries = Object.entries(given).map(([key, value]) => [key.trim(), value.trim()] as const);
  const seen = new Set<string>();
  for (const [key, value] of entries) {
    const message = checkTag(key, value);
    if (message !== undefined) problem('tags', message);
    if (seen.has(key.toLowerCase())) problem('tags', `The tag ${quoted(key)} is used twice: tag keys are case-insensitive in IAM.`);
    seen.add(key.toLowerCase());
  }
  if (entries.length > mostTags) problem('tags', `A role has at most ${mostTags} tags, not ${entries.length}.`);
  return Object.fromEntries(entries);
}

function readInline({ policy }: PairOptions, problem: Say): { name: string; document: string } | undefined {
  if (policy === undefined) return undefined;
  const name = policy.name?.trim() || 'permissions';
  if (!policyNamePattern.test(name))
    problem('policy', `${quoted(name)} cannot be the name of a policy: IAM takes letters, digits and the characters _+=,.@-`);
  const read = readPermissionPolicy(policy.document);
  if ('document' in read) return { name, document: read.document };
  problem('policy', read.problem);
  return undefined;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}
