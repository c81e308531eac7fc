import type { Hole, Text } from '../text/text';

/** Names of variables, modules and files that stand for issuers of other tokens than pods'. */
export const otherIssuerName =
  /github|gitlab|bitbucket|google|gcp|azure|cognito|circleci|buildkite|terraform_?cloud|tfc\b|hcp|spacelift|okta|auth0|saml|jenkins|vercel/i;

/** What is surely of a cluster: its resource, data source and module, their outputs, and names that say so. */
const cluster =
  /\baws_eks_cluster|identity(?:\[0\]|\.0)?\.oidc|identities|OpenIdConnectIssuerUrl|issuer of |\bmodule\.[\w-]*(?:eks|cluster|k8s|kubernetes)|(?:^|[^a-z])eks(?:$|[^a-z])|cluster_?oidc|irsa|kubernetes|(?:^|[^a-z])k8s/i;

/** What is an OIDC provider, or its issuer; whose, its name does not say. */
const provider = /oidc|openid/i;

/**
 * Whether an expression that stands for a provider or an issuer is a cluster's: `sure` where the expression, or the URL that
 * it is made of, says so; `likely` for an OIDC provider that may be anybody's; undefined for anything else. A text that is
 * written out is told by model/issuer.ts.
 */
export function clusterReference(text: Text): 'sure' | 'likely' | undefined {
  const sources = text.holes.flatMap(sourcesOf);
  if (sources.length === 0 || sources.some((source) => otherIssuerName.test(source))) return undefined;
  if (sources.some((source) => cluster.test(source))) return 'sure';
  return sources.some((source) => provider.test(source)) ? 'likely' : undefined;
}

function sourcesOf({ source, why, words }: Hole): string[] {
  return [source, ...(why ? [why.what] : []), ...(words === undefined ? [] : [words])];
}
