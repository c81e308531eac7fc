import { partitions, partitionOfRegion, type Partition } from './partitions';

/** What an issuer (without `https://`) is. */
export type IssuerKind =
  | 'eks' // oidc.eks.<region>.<suffix>/id/<ID>
  | 'eks-malformed' // meant to be EKS's, and is not (dual-stack host, misordered, documentation host, missing /id/)
  | 'known-other' // a provider that issues no pod's token: GitHub, GitLab, Cognito, Google, HCP Terraform …
  | 'self-hosted'; // any other: a cluster with an issuer of its own

export interface EksIssuer {
  readonly region: string;
  readonly id: string;
  readonly partition: Partition | undefined;
}

/** Splits EKS's issuer; undefined for any other text. Holes must have been ruled out. Source: EKS user guide; suffixes from botocore. */
export function parseEksIssuer(issuer: string): EksIssuer | undefined {
  const match = /^oidc\.eks\.([a-z0-9-]+)\.([a-z0-9.-]+)\/id\/([A-Za-z0-9]+)$/.exec(issuer);
  if (!match) return undefined;
  const [, region, suffix, id] = match as unknown as [string, string, string, string];
  if (!partitions.some((p) => p.dnsSuffix === suffix)) return undefined;
  return { region, id, partition: partitionOfRegion(region) };
}

/** Issuers known not to issue pods' tokens. Hosts, exact or as suffixes of a label. */
const otherIssuers = [
  /^token\.actions\.githubusercontent\.com(\/|$)/,
  /(^|\.)github(usercontent)?\.com(\/|$)/,
  /(^|\.)ghe\.com(\/|$)/,
  /(^|[.-])gitlab([.-]|\/|$)/,
  /^vstoken\.dev\.azure\.com\//,
  /^app\.terraform\.io$/,
  /(^|[.-])terraform[.-]/,
  /^oidc\.circleci\.com\//,
  /^api\.bitbucket\.org\//,
  /^agent\.buildkite\.com$/,
  /^(www\.)?accounts\.google\.com$/,
  /^www\.amazon\.com$/,
  /^graph\.facebook\.com$/,
  /^cognito-identity\.amazonaws\.com(\.cn)?$/,
  /^cognito-idp\./,
  /\.auth0\.com(\/|$)/,
  /\.okta(preview)?\.com(\/|$)/,
  /^login\.microsoftonline\.com\//,
  /^sts\.windows\.net\//,
  /^container\.googleapis\.com\//,
  /\.spacelift\.io$/,
  /^oidc\.scalr\.io$/,
  /^app\.pulumi\.com|^api\.pulumi\.com/,
  /^oidc\.vercel\.com(\/|$)/,
  /^oidc\.fly\.io(\/|$)/,
  /^idp\.apple\.com|^appleid\.apple\.com/,
  /\.oic\.prod-aks\.azure\.com\//,
  /^oidc-provider\.env0\.com|env0\.com/,
  /^kubernetes\.default/,
];

/** What kind of issuer a literal text is. */
export function issuerKind(issuer: string): IssuerKind {
  if (parseEksIssuer(issuer)) return 'eks';
  const host = issuer.replace(/^https?:\/\//, '').split('/')[0]!;
  if (otherIssuers.some((pattern) => pattern.test(issuer.replace(/^https?:\/\//, '')))) return 'known-other';
  if (/(^|\.)oidc[-.]eks\b|\boidc\.[a-z0-9-]+\.eks\b|(^|\.)eks\..*\bamazonaws\b/.test(host)) return 'eks-malformed';
  return 'self-hosted';
}

/** What stands for the issuer where a tool makes the trust policy for its own cluster: no file has the value. */
export const clusterIssuer = "the cluster's issuer";
