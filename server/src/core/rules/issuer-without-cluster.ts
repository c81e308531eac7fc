import type { Edit, Fix, Rule } from './rule';
import { knownProviders, shortIssuer, type KnownProvider } from './support/awsProviders';
import { realRole } from './support/realRole';
import { sourceNote } from './support/ties';
import { headline, line, lines } from '../text/message';
import { fix, replaceIn } from './trust/edits';
import type { TrustPolicyFact } from '../model/facts';
import type { AwsCluster } from '../model/aws';
import { parseEksIssuer } from '../model/issuer';
import type { AwsIndex } from '../wiring/aws';

/** The page: see pages.ts. */
export const doc = `
Finds a trust policy for an EKS issuer that no cluster of its AWS account and region has: the cluster was deleted or
recreated. It needs AWS, or a snapshot of it, and the account must have clusters in that region, all of them known.

## Why

A cluster that is recreated, even with the same name, gets another issuer. Its tokens don't match the trust policy,
and pods get \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`, or
\`InvalidIdentityToken: No OpenIDConnect provider found in your account\` until the new issuer is registered too.

It is a warning, since the cluster may be in another AWS account: then only its issuer is registered here.

## Wrong

\`\`\`json
{ "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" } }
\`\`\`
if the only cluster's issuer is \`oidc.eks.eu-west-1.amazonaws.com/id/9E41\`.

## Right

\`\`\`json
{ "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/9E41" } }
\`\`\`

## When to turn it off

For roles that pods in another AWS account's clusters assume.
`;

/** Fixes are offered for so many clusters at most. */
const offered = 3;

/** No cluster of the account has the issuer that the trust policy names. */
export const issuerWithoutCluster: Rule = {
  id: 'issuer-without-cluster',
  level: 'warning',
  title: 'No cluster has this issuer',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, enable-iam-roles-for-service-accounts',
  checks: {
    trustPolicy(fact, context) {
      const { aws } = context.wiring;
      if (!aws) return;
      for (const { known, clusters } of orphans(aws, fact)) {
        const fixes = clusters.slice(0, offered).flatMap((cluster) => useIssuer(known, cluster));
        context.report({ doc: fact.doc, span: known.provider.arn!.issuer.span, message: message(known, clusters, aws), fixes });
      }
    },
    chain(chain, context) {
      const { aws } = context.wiring;
      const tie = chain.ties[0]?.kind === 'aws' ? chain.ties[0] : realRole(chain);
      // If the role's policy is in a file, the finding is there.
      if (!aws || !tie || tie !== chain.ties[0]) return;
      const [first] = orphans(aws, tie.policy);
      if (!first || orphans(aws, tie.policy).length < knownProviders(aws, tie.policy).length) return;
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: message(first.known, first.clusters, aws, chain.roleArn?.name.value),
      });
    },
  },
};

/** The policy's issuers that no cluster has, with the clusters of their region. */
function orphans(aws: AwsIndex, fact: TrustPolicyFact): { known: KnownProvider; clusters: readonly AwsCluster[] }[] {
  return knownProviders(aws, fact).flatMap((known) => {
    const eks = parseEksIssuer(known.issuer);
    if (!eks || !aws.knowsClustersOf(known.account, eks.region) || aws.clusterWithIssuer(known.issuer)) return [];
    const clusters = aws.clustersOf(known.account, eks.region).filter(({ issuer }) => issuer !== undefined);
    return clusters.length === 0 ? [] : [{ known, clusters }];
  });
}

function message({ issuer, account }: KnownProvider, clusters: readonly AwsCluster[], aws: AwsIndex, role?: string): string {
  const region = parseEksIssuer(issuer)!.region;
  const [only] = clusters;
  const there =
    clusters.length === 1
      ? line`The cluster ${only!.name} there has ${shortIssuer(only!.issuer!)}; it may have been recreated.`
      : `The ${clusters.length} clusters there have other issuers.`;
  return lines(
    role === undefined
      ? headline`No cluster of account ${account} in ${region} has this issuer.`
      : headline`${role} trusts ${shortIssuer(issuer)}, which no cluster of account ${account} has.`,
    `${there} Pods of a new cluster get "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".${sourceNote(aws.source.label)}`,
    'Use the issuer of the cluster that runs the pods.',
  );
}

/** Writes another issuer wherever the statement has this one: in its provider and in its condition keys. */
function useIssuer({ statement, issuer, provider }: KnownProvider, cluster: AwsCluster): Fix[] {
  const { fact } = statement;
  const texts = [provider.value, ...statement.atoms.map((atom) => atom.key)];
  const edits = texts.flatMap((text): Edit[] => {
    const at = text.value.toLowerCase().indexOf(issuer.toLowerCase());
    return at < 0 ? [] : [replaceIn(fact, text, at, at + issuer.length, cluster.issuer!)];
  });
  return [fix(line`Use the issuer of ${cluster.name}`, false, edits)];
}
