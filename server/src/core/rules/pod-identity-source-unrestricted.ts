import { lines } from '../text/message';
import { literal } from '../text/texts';
import type { Rule } from './rule';
import { speaksOf } from './trust/actions';
import { isPodIdentityService, podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds trust policies for EKS Pod Identity without a condition on cluster, namespace, service account or account.

## Why

The policy works, and AWS's own example is like this. But any association in the role's account can use the role: anyone who
can call \`eks:CreatePodIdentityAssociation\` with \`iam:PassRole\` for it can give it to any pod of any cluster. Conditions
on session tags restrict it to one cluster, namespace or service account.

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

If \`iam:PassRole\` is restricted, or only one pipeline creates associations.
`;

const sources = /^aws:(source(account|arn|orgid|orgpaths)|requesttag\/.*|resourceorgid|principalorgid)$/i;

/** No condition restricts the role to clusters, namespaces or service accounts. */
export const podIdentitySourceUnrestricted: Rule = {
  id: 'pod-identity-source-unrestricted',
  level: 'info',
  title: 'Any association in the account can use the role',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-role and pod-id-abac-tags; aws-eks-best-practices (confused deputy)',
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
        message: lines(
          'Any Pod Identity association in the account can use this role, for any cluster and namespace.',
          'Anyone who can create an association and pass this role can give it to any pod.',
          'Add conditions on aws:RequestTag/eks-cluster-name, aws:RequestTag/kubernetes-namespace or aws:RequestTag/kubernetes-service-account.',
        ),
      });
    },
  },
};

/** A condition on the source, or an unknown one. */
function isRestricted(statement: PodStatement): boolean {
  return statement.atoms.some((atom) => atom.operator.hole || literal(atom.key) === undefined || sources.test(atom.key.value));
}
