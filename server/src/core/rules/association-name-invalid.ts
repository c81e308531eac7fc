import type { Rule, RuleContext } from './rule';
import { rewrite } from './support/edits';
import type { PodIdentityAssociationFact } from '../model/facts';
import { lines } from '../text/message';
import { associationFaults } from '../trust/associationFaults';

/** The page: see pages.ts. */
export const doc = `
Finds an EKS Pod Identity association whose namespace or service account has a wildcard, or isn't a name that Kubernetes
accepts.

## Why

EKS compares the two with the pod's namespace and service account literally: \`*\` and \`?\` aren't patterns there, as they are in
the subject of a trust policy. With a name that no namespace or service account can have, no pod gets credentials, and there is no
error.

## Wrong

\`\`\`yaml
kind: PodIdentityAssociation
spec:
  clusterName: demo
  namespace: team-*
  serviceAccount: system:serviceaccount:demo-namespace:demo-sa
  roleARN: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
kind: PodIdentityAssociation
spec:
  clusterName: demo
  namespace: demo-namespace
  serviceAccount: demo-sa
  roleARN: arn:aws:iam::111122223333:role/demo-role
\`\`\`

One association is for one service account in one namespace: several need several. Of a name with a placeholder or a template,
only the characters around it are checked.

## When to turn it off

Never for associations that are created as they are written.
`;

/** Wildcards and invalid names in an association: no pod matches it. */
export const associationNameInvalid: Rule = {
  id: 'association-name-invalid',
  level: 'error',
  title: "The association's namespace or service account matches no pod",
  fixable: true,
  since: '0.1.0',
  source:
    'aws/containers-roadmap#2233 and #2397; aws/eks-pod-identity-agent#112; Kubernetes, ValidateNamespaceName and ValidateServiceAccountName',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      for (const { part, span, says, atRunTime, change, meant } of associationFaults(fact)) {
        if (part === 'session-policy') continue;
        context.report({
          doc: fact.doc,
          span,
          message: lines(says, atRunTime, change),
          fixes: meant ? [{ title: meant.title, edits: [rewrite(fact.doc, meant.text, meant.value)], safe: false }] : [],
        });
      }
    },
  },
};
