import { fileMatcher } from '../config/globs';
import type { ClusterSetting } from '../config/settings';
import { parseProviderArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { issuerKind, parseEksIssuer } from '../model/issuer';
import { literal } from '../text/texts';
import { candidateProviders } from '../trust/providers';
import type { Chain } from '../wiring/chain';
import type { Wiring } from '../wiring/wiring';

/** What is known of the cluster that an account is in. */
export interface MoveCluster {
  readonly name?: string;
  /** Without `https://`. */
  readonly issuer?: string;
  /** 12 digits. */
  readonly account?: string;
  readonly region?: string;
  readonly arn?: string;
}

/** Where the account of a cluster is looked for. */
export interface Whereabouts {
  /** Files that are deployed to it: the account's, its overlays', its association's; and last the trust policy's. */
  readonly uris: readonly string[];
  readonly chain?: Chain | undefined;
  /** The trust policy, of statements that name the account exactly these alone. */
  readonly policy?: TrustPolicyFact | undefined;
  /** The name in the account's association. */
  readonly named?: string | undefined;
  /** The name that the user gave, for what no file tells. */
  readonly given?: string | undefined;
}

/**
 * The cluster of an account: as its association names it, as pod-roles.yaml ties its files to one, as the issuer in the
 * trust policy tells, as the account's own file makes it, else as the user says. What is not told is absent.
 */
export function clusterOf(wiring: Wiring, { uris, chain, policy, named, given }: Whereabouts): MoveCluster {
  const issuers = policy ? podIssuers(policy) : [];
  // Beside a provider that is not written out, the one that is may be another cluster's.
  const isOnly = policy !== undefined && issuers.length === 1 && countPodProviders(policy) === 1;
  const issuer = chain?.issuer ?? (isOnly ? issuers[0] : undefined);
  const setting = settingOf(wiring, uris, named, issuer, given);
  const real =
    (issuer === undefined ? undefined : wiring.aws?.clusterWithIssuer(issuer)) ??
    clusterNamed(wiring, named ?? setting?.name ?? declaredIn(wiring, uris) ?? given, setting);
  const name = named ?? setting?.name ?? real?.name ?? declaredIn(wiring, uris) ?? given;
  const found = {
    name,
    issuer: chain?.issuer ?? setting?.issuer ?? real?.issuer ?? issuer,
    account: setting?.account ?? real?.arn.split(':')[4],
    region:
      setting?.region ??
      real?.region ??
      declaredRegion(wiring, uris, name) ??
      parseEksIssuer(chain?.issuer ?? setting?.issuer ?? issuer ?? '')?.region,
    arn: real?.arn,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function clusterNamed(wiring: Wiring, name: string | undefined, setting: ClusterSetting | undefined) {
  return name === undefined ? undefined : wiring.aws?.clusterNamed(name, { account: setting?.account, region: setting?.region });
}

function settingOf(
  { settings }: Wiring,
  uris: readonly string[],
  named: string | undefined,
  issuer: string | undefined,
  given: string | undefined,
): ClusterSetting | undefined {
  const { clusters, base } = settings;
  if (named !== undefined) return onlyOf(clusters.filter(({ name }) => name === named));
  const byIssuer = issuer === undefined ? undefined : onlyOf(clusters.filter((cluster) => cluster.issuer === issuer));
  if (byIssuer) return byIssuer;
  for (const uri of uris) {
    const here = clusters.filter(({ paths }) => fileMatcher(paths, base)(uri));
    if (here.length === 1) return here[0];
  }
  if (given !== undefined) return onlyOf(clusters.filter(({ name }) => name === given));
  // One cluster without paths of its own is the cluster of everything.
  const [only] = clusters;
  const isOther = issuer !== undefined && only?.issuer !== undefined && only.issuer !== issuer;
  return clusters.length === 1 && only!.paths.length === 0 && !isOther ? only : undefined;
}

/** The name of the cluster that a file itself makes: eksctl's. */
function declaredIn(wiring: Wiring, uris: readonly string[]): string | undefined {
  for (const uri of uris) {
    const names = wiring.facts(uri).flatMap((fact) => (fact.kind === 'cluster' ? [literal(fact.name)] : []));
    if (names.length === 1 && names[0] !== undefined) return names[0];
  }
  return undefined;
}

/** The region of the cluster that a file itself makes. */
function declaredRegion(wiring: Wiring, uris: readonly string[], name: string | undefined): string | undefined {
  const made = uris.flatMap((uri) => wiring.clusterMadeIn(uri)).filter((each) => name !== undefined && literal(each.name) === name);
  const regions = new Set(made.map(({ region }) => literal(region)));
  const [only] = regions;
  return regions.size === 1 ? only : undefined;
}

/** The issuers of pods' tokens in a policy's providers that are written out. */
export function podIssuers({ policy }: TrustPolicyFact): string[] {
  return candidateProviders(policy).flatMap(({ issuer }) => {
    const text = literal(issuer);
    return text === undefined || issuerKind(text) === 'known-other' ? [] : [text];
  });
}

/** How many clusters a policy's providers may be of: a provider that is not written out is one, too. */
export function countPodProviders({ policy }: TrustPolicyFact): number {
  return candidateProviders(policy).filter(({ issuer }) => literal(issuer) === undefined || issuerKind(issuer.value) !== 'known-other')
    .length;
}

/**
 * Whether the statements of a policy that name an account have one provider alone, whose issuer the files don't write out, as with
 * Terraform's `module.eks.oidc_provider_arn`. Nothing then says that it is another cluster's than the account's.
 */
export function hasUnwrittenProvider(own: TrustPolicyFact): boolean {
  return countPodProviders(own) === 1 && podIssuers(own).length === 0;
}

/** The provider of a policy for an issuer: its ARN as the policy has it. */
export function providerArnFor({ policy }: TrustPolicyFact, issuer: string): string | undefined {
  for (const statement of policy.statements)
    for (const { key, values } of statement.principal?.kinds ?? [])
      if (key.value === 'Federated')
        for (const value of values) if (literal(parseProviderArn(value)?.issuer) === issuer && literal(value)) return value.value;
  return undefined;
}

function onlyOf<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}
