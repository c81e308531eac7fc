import type { Rule, RuleContext } from './rule';
import { folderKey } from '../config/paths';
import type { PodIdentityAssociationFact } from '../model/facts';
import { headline, lines } from '../text/message';
import { equal, literal } from '../text/texts';

/** The page: see pages.ts. */
export const doc = `
Finds two EKS Pod Identity associations for one service account of one cluster, in one folder.

## Why

A service account in a cluster has one association. EKS rejects the second one with \`ResourceInUseException\`, so Terraform,
CloudFormation and eksctl fail when they apply it.

## Wrong

\`\`\`yaml
iam:
  podIdentityAssociations:
    - {namespace: demo-namespace, serviceAccountName: demo-sa, roleARN: arn:aws:iam::111122223333:role/demo-role}
    - {namespace: demo-namespace, serviceAccountName: demo-sa, roleARN: arn:aws:iam::111122223333:role/other-role}
\`\`\`

## Right

\`\`\`yaml
iam:
  podIdentityAssociations:
    - {namespace: demo-namespace, serviceAccountName: demo-sa, roleARN: arn:aws:iam::111122223333:role/demo-role}
\`\`\`

Associations that a condition, a loop or a template may omit aren't reported, and neither are associations in other folders.

## When to turn it off

For folders that contain alternatives of which only one is applied.
`;

/** Two associations for one cluster, namespace and account. */
export const associationDuplicate: Rule = {
  id: 'association-duplicate',
  level: 'error',
  title: 'The service account has two Pod Identity associations in one cluster',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-association; EKS API, CreatePodIdentityAssociation',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      if (fact.conditional) return;
      const first = context.wiring.firstAssociationLike?.(
        fact,
        (other) => !other.conditional && isBefore(other, fact) && sameCluster(other, fact),
      );
      if (!first) return;
      const account = `${fact.namespace!.value}/${fact.serviceAccount!.value}`;
      context.report({
        doc: fact.doc,
        span: fact.head,
        message: lines(
          headline`${account} already has a Pod Identity association in this cluster.`,
          'EKS rejects the second one with "ResourceInUseException".',
          'Keep one of them.',
        ),
        related: [{ at: { doc: first.doc, span: first.head }, message: 'The first association' }],
      });
    },
  },
};

function isBefore(a: PodIdentityAssociationFact, b: PodIdentityAssociationFact): boolean {
  if (a.doc.uri !== b.doc.uri) return a.doc.uri < b.doc.uri;
  return a.doc.index - b.doc.index < 0 || (a.doc.index === b.doc.index && a.span.start < b.span.start);
}

/** Surely the same cluster: one name in one folder; a placeholder has one meaning only within its file. */
function sameCluster(a: PodIdentityAssociationFact, b: PodIdentityAssociationFact): boolean {
  if (!a.clusterName || !b.clusterName || folderKey(a.doc.uri) !== folderKey(b.doc.uri)) return false;
  return a.doc.uri === b.doc.uri
    ? equal(a.clusterName, b.clusterName) === true
    : literal(a.clusterName) !== undefined && literal(a.clusterName) === literal(b.clusterName);
}
