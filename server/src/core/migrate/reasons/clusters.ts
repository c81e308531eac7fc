import { issuerKind } from '../../model/issuer';
import { literal } from '../../text/texts';
import { podIssuers } from '../clusters';
import { isProviderUnwritten } from '../move';
import { providerInFiles } from '../provider';
import { spelledCluster } from '../spelledCluster';
import type { ReasonFinder } from './finder';

/** The cluster: whether it can have associations, whether it is known, and whether the role is in its AWS account. */
export const clusterReasons: ReasonFinder = function* ({ move, direction, host, standing }) {
  const { cluster, policy, chain } = move;
  const [fact] = policy.facts;
  const issuer = cluster.issuer;
  if (issuer !== undefined && direction === 'to-pod-identity' && issuerKind(issuer) === 'self-hosted' && cluster.arn === undefined)
    yield {
      code: 'self-managed-cluster',
      effect: 'stops',
      message: `The issuer ${issuer} isn't that of an Amazon EKS cluster. EKS Pod Identity is only available on EKS.`,
      ...(fact ? { at: { doc: fact.doc, span: fact.span } } : {}),
    };
  const roleAccount = literal(chain?.roleArn?.account) ?? move.request.roleAccount;
  if (cluster.account !== undefined && roleAccount !== undefined && /^\d{12}$/.test(roleAccount) && roleAccount !== cluster.account)
    yield {
      code: 'cross-account-role',
      effect: direction === 'to-pod-identity' ? 'stops' : 'note',
      message: `The role is in account ${roleAccount}, the cluster in ${cluster.account}. An association needs a role in the cluster's account; use this one as its target role (targetRoleArn), which is set up by hand.`,
      ...(chain ? { at: { doc: chain.request.doc, span: chain.request.valueSpan } } : {}),
    };
  if (direction === 'to-pod-identity' && policy.kind !== 'made' && move.providers > 1 && move.policy.facts.length > 0) {
    const isKnown = cluster.issuer !== undefined || move.ownProviders === 1;
    const others = fact ? podIssuers(fact).filter((each) => each !== issuer) : [];
    yield {
      code: 'several-clusters',
      effect: isKnown ? 'note' : 'unknown',
      message: isKnown
        ? `The role is also used from ${others.length === 1 ? `the cluster with the issuer ${others[0]!}` : 'other clusters'}. Only ${cluster.name ?? 'this cluster'} moves; the other statements stay.`
        : `The trust policy has providers of ${move.providers} clusters, and which of them ${move.shown} is in is unknown. Add the clusters with their issuers and paths to pod-roles.yaml.`,
      ...(fact ? { at: { doc: fact.doc, span: fact.span } } : {}),
    };
  }
  if (direction === 'to-pod-identity' && move.rivalCluster !== undefined && fact)
    yield {
      code: 'several-clusters',
      effect: 'unknown',
      message: `The trust policy of ${move.role} has the OIDC provider of one cluster, and ${move.shown} uses the role from ${cluster.name!} and from ${move.rivalCluster}. Which of them has that provider is unknown.`,
      at: { doc: fact.doc, span: fact.span },
    };
  else if (
    direction === 'to-pod-identity' &&
    issuer !== undefined &&
    fact &&
    standing.associations.length === 0 &&
    isProviderUnwritten(policy, move.named) &&
    !isSpelled(move, host)
  )
    yield {
      code: 'several-clusters',
      effect: 'note',
      message: `Assumption: the OIDC provider in the trust policy of ${move.role} is that of ${cluster.name === undefined ? 'the cluster' : `cluster ${cluster.name}`}, because the files don't have its issuer.`,
      at: { doc: fact.doc, span: fact.span },
    };
  if (direction === 'to-pod-identity' && cluster.name === undefined && standing.associations.length === 0 && !isSpelled(move, host))
    yield {
      code: 'cluster-unknown',
      effect: 'unknown',
      message:
        "The cluster's name is unknown, and an association needs it. Add the cluster to pod-roles.yaml (on the command line, --cluster NAME does, too).",
    };
  if (direction === 'to-irsa' && issuer === undefined && !move.admissions.some(({ by }) => by === 'exact') && !providerInFiles(move, host))
    yield {
      code: 'no-issuer',
      effect: 'unknown',
      message: "The cluster's OIDC issuer isn't known. Add it to the cluster in pod-roles.yaml, or read it from AWS or from a snapshot.",
    };
};

/** Whether the files themselves spell the cluster beside the trust policy: `module.eks.cluster_name`. */
function isSpelled(move: Parameters<ReasonFinder>[0]['move'], host: Parameters<ReasonFinder>[0]['host']): boolean {
  return move.policy.kind === 'made' || spelledCluster(move, host).cluster !== undefined;
}
