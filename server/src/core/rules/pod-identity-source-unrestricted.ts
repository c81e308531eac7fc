import { literal } from '../text/texts';
import type { Rule } from './rule';
import { speaksOf } from './trust/actions';
import { isPodIdentityService, podStatements, type PodStatement } from './trust/statements';

const doc = `
Finds trust policies for EKS Pod Identity without a condition on cluster, namespace, service account or account.

## Why

The policy works, and AWS's own example is like this. Any association of the role's account may then use the role: whoever
may call \`eks:CreatePodIdentityAssociation\` with \`iam:PassRole\` for it can give it to any pod of any cluster. Conditions
on session tags keep it to one cluster, namespace or account.

## Wrong

\`\`\`json
"Principal": { "Service": "pods.eks.amazonaws.com" },
"Action": ["sts:AssumeRole", "sts:TagSession"]
\`\`\`

## Right

\`\`\`json
"Principal": { "Service": "pods.eks.amazonaws.com" },
"Action": ["sts:AssumeRole", "sts:TagSession"],
"Condition": { "StringEquals": {
  "aws:RequestTag/eks-cluster-name": "demo-cluster",
  "aws:RequestTag/kubernetes-namespace": "demo"
} }
\`\`\`

## When to turn it off

Where \`iam:PassRole\` is kept tight, or associations are made by one pipeline alone.
`;

const sources = /^aws:(source(account|arn|orgid|orgpaths)|requesttag\/.*|resourceorgid|principalorgid)$/i;

/** No condition says for which clusters, namespaces or accounts the role is. */
export const podIdentitySourceUnrestricted: Rule = {
  id: 'pod-identity-source-unrestricted',
  level: 'info',
  title: 'Any association of the account may use the role',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-role and pod-id-abac-tags; aws-eks-best-practices (confused deputy)',
  doc,
  checks: {
    trustPolicy(fact, context) {
      const statements = podStatements(fact).filter((s) => s.podIdentity);
      if (fact.policy.open || statements.some((s) => s.open || isRestricted(s))) return;
      const statement = statements.find((s) => s.effect === 'Allow' && speaksOf(s, 'sts:AssumeRole') === true);
      const service = statement?.statement.principal?.kinds
        .flatMap((kind) => (kind.key.value === 'Service' ? kind.values : []))
        .find(isPodIdentityService);
      if (!service) return;
      context.report({
        doc: fact.doc,
        span: service.span,
        message:
          'Any Pod Identity association of the account may use this role, for any cluster and namespace. ' +
          'To keep it to one, compare aws:RequestTag/eks-cluster-name, aws:RequestTag/kubernetes-namespace or aws:RequestTag/kubernetes-service-account.',
      });
    },
  },
};

/** A condition on the source, or one that no file tells. */
function isRestricted(statement: PodStatement): boolean {
  return statement.atoms.some((atom) => atom.operator.hole || literal(atom.key) === undefined || sources.test(atom.key.value));
}
