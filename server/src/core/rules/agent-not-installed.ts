import type { Report, Rule, RuleContext } from './rule';
import { grantsFromAws } from './support/podIdentityUse';
import { sourceNote } from './support/ties';
import { agentName } from '../readers/podIdentityAgent';
import type { Fact, PodIdentityAssociationFact } from '../model/facts';
import type { AwsCluster } from '../model/aws';
import { headline, lines } from '../text/message';
import { literal } from '../text/texts';
import { lacksAgent } from '../wiring/aws';
import type { KnownCluster } from '../wiring/clusters';

/** The page: see pages.ts. */
export const doc = `
Finds Pod Identity associations for a cluster without the EKS Pod Identity Agent: AWS, or a snapshot of it, has no add-on
\`eks-pod-identity-agent\` in that cluster, or the eksctl file that makes the cluster lists its add-ons without it.

## Why

Pods ask the agent on their node for credentials. Without it they get
\`Error when retrieving credentials from container-role\` or a connection error for \`169.254.170.23\`.

## Wrong

\`\`\`yaml
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
addons:
  - name: vpc-cni
iam:
  podIdentityAssociations:
    - {namespace: shop, serviceAccountName: orders, roleARN: arn:aws:iam::111122223333:role/orders}
\`\`\`

## Right

The add-on \`eks-pod-identity-agent\` in the same list. Clusters of EKS Auto Mode have the agent built in and aren't reported, nor
are clusters with hybrid nodes, clusters of which it isn't known whether they use Auto Mode, and clusters for which some file
mentions the agent: an add-on, a DaemonSet, a chart.

## When to turn it off

If the agent is installed in another way than as an add-on, and no file says so.
`;

/** An association in a cluster that has no agent. */
export const agentNotInstalled: Rule = {
  id: 'agent-not-installed',
  level: 'warning',
  title: 'The cluster has no EKS Pod Identity Agent',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-agent-setup; eksctl, examples/39-pod-identity-association.yaml',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      const { wiring } = context;
      const known = fact.conditional ? undefined : wiring.grantOf(fact)?.cluster;
      if (!known) return;
      const where = { doc: fact.doc, span: fact.head };
      const cluster = withoutAgent(known, context);
      const made = wiring.clusterMadeIn(fact.doc.uri).find((each) => each.doc === fact.doc && each.addons);
      // The add-on is missing once, however many associations of a file need it.
      if ((!cluster && !made) || firstFor(fact, wiring.facts(fact.doc.uri)) !== fact) return;
      if (cluster) return report(cluster, where, fact, context);
      if (made!.addons!.includes(agentName) || hasAgent(known, context) || wiring.mayInstallAgent(fact)) return;
      context.report({
        ...where,
        message: lines(
          "The cluster's add-ons don't include eks-pod-identity-agent, which its Pod Identity associations need.",
          `${effect} eksctl answers "the \"eks-pod-identity-agent\" addon must be installed to create pod identity associations".`,
          'Add eks-pod-identity-agent to addons.',
        ),
      });
    },
    serviceAccount(fact, context): void {
      for (const { grant, span } of grantsFromAws(fact, context)) {
        const cluster = grant.sure ? withoutAgent(grant.cluster, context) : undefined;
        if (cluster) report(cluster, { doc: fact.doc, span }, fact, context);
      }
    },
  },
};

const firsts = new WeakMap<readonly Fact[], ReadonlyMap<string | undefined, PodIdentityAssociationFact>>();

/** The first association of a file for the same cluster. */
function firstFor(association: PodIdentityAssociationFact, facts: readonly Fact[]): PodIdentityAssociationFact | undefined {
  let found = firsts.get(facts);
  if (!found) {
    const first = new Map<string | undefined, PodIdentityAssociationFact>();
    for (const fact of facts) {
      if (fact.kind !== 'podIdentityAssociation' || fact.conditional) continue;
      const cluster = literal(fact.clusterName);
      if (!first.has(cluster)) first.set(cluster, fact);
    }
    firsts.set(facts, (found = first));
  }
  return found.get(literal(association.clusterName));
}

const effect = 'Without it, pods get no credentials.';

function report(cluster: AwsCluster, at: Pick<Report, 'doc' | 'span'>, near: { readonly doc: Report['doc'] }, context: RuleContext): void {
  const { wiring } = context;
  if (wiring.mayInstallAgent(near)) return;
  context.report({
    ...at,
    message: lines(
      headline`Cluster ${cluster.name} doesn't have the add-on eks-pod-identity-agent.`,
      `${effect}${sourceNote(wiring.aws!.source.label)}`,
      'Install the add-on in the cluster.',
    ),
  });
}

/** The cluster in AWS, where it surely has no agent: neither the add-on nor one that is built in. */
function withoutAgent(known: KnownCluster | undefined, context: RuleContext): AwsCluster | undefined {
  const cluster = inAws(known, context);
  return lacksAgent(cluster) ? cluster : undefined;
}

function hasAgent(known: KnownCluster | undefined, context: RuleContext): boolean {
  const cluster = inAws(known, context);
  return cluster?.podIdentityAgent === true || cluster?.autoMode === true;
}

function inAws(known: KnownCluster | undefined, { wiring: { aws } }: RuleContext): AwsCluster | undefined {
  return known?.arn === undefined ? undefined : aws?.cluster(known.arn);
}
