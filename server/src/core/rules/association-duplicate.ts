import type { Rule, RuleContext } from './rule';
import { folderKey } from '../config/paths';
import type { PodIdentityAssociationFact } from '../model/facts';
import { equal, literal } from '../text/texts';

const doc = `
Finds two EKS Pod Identity associations for one service account of one cluster, in one folder.

## Why

An account of a cluster has one association. EKS refuses the second with \`ResourceInUseException\`, and so do Terraform,
CloudFormation and eksctl when they apply it.

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

Associations that a condition, a loop or a template may leave out are left alone, and so are those of other folders.

## When to turn it off

For folders that hold alternatives of which only one is applied.
`;

/** Two associations for one cluster, namespace and account. */
export const associationDuplicate: Rule = {
  id: 'association-duplicate',
  level: 'error',
  title: 'The account has two Pod Identity associations in one cluster',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-association; EKS API, CreatePodIdentityAssociation',
  doc,
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      if (fact.conditional) return;
      const first = (context.wiring.associationsLike?.(fact) ?? []).find(
        (other) => !other.conditional && isBefore(other, fact) && sameCluster(other, fact),
      );
      if (!first) return;
      const account = `${fact.namespace!.value}/${fact.serviceAccount!.value}`;
      context.report({
        doc: fact.doc,
        span: fact.head,
        message: `${account} has an association in this cluster already: EKS refuses a second one with ResourceInUseException. Keep one of them.`,
        related: [{ at: { doc: first.doc, span: first.head }, message: 'The first association' }],
      });
    },
  },
};

function isBefore(a: PodIdentityAssociationFact, b: PodIdentityAssociationFact): boolean {
  if (a.doc.uri !== b.doc.uri) return a.doc.uri < b.doc.uri;
  return a.doc.index - b.doc.index < 0 || (a.doc.index === b.doc.index && a.span.start < b.span.start);
}

/** Surely the same cluster: one name in one folder; a placeholder means one thing within its file only. */
function sameCluster(a: PodIdentityAssociationFact, b: PodIdentityAssociationFact): boolean {
  if (!a.clusterName || !b.clusterName || folderKey(a.doc.uri) !== folderKey(b.doc.uri)) return false;
  return a.doc.uri === b.doc.uri
    ? equal(a.clusterName, b.clusterName) === true
    : literal(a.clusterName) !== undefined && literal(a.clusterName) === literal(b.clusterName);
}
