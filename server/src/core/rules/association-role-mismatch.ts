import type { Rule, RuleContext } from './rule';
import { isNearlyPodIdentity, isPodIdentityService } from './trust/statements';
import type { PodIdentityAssociationFact, TrustPolicyFact } from '../model/facts';
import { parseRoleArn } from '../model/arn';
import type { Statement } from '../model/policy';
import { literal, trim } from '../text/texts';
import { roleKey } from '../wiring/roleNames';

const doc = `
Finds an EKS Pod Identity association for a role, of the same file, whose trust policy has no statement for
\`pods.eks.amazonaws.com\`: it is for EC2, for the cluster itself, or for IAM roles for service accounts.

## Why

An association takes only a role that \`pods.eks.amazonaws.com\` may assume. EKS answers
\`InvalidParameterException: Trust policy of the role provided is invalid\`. A trust policy with the cluster's OIDC provider is
for the other way, the annotation of the service account.

## Wrong

\`\`\`hcl
resource "aws_iam_role" "demo" {
  name = "demo-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_eks_pod_identity_association" "demo" {
  cluster_name    = "demo"
  namespace       = "demo-namespace"
  service_account = "demo-sa"
  role_arn        = aws_iam_role.demo.arn
}
\`\`\`

## Right

\`\`\`hcl
Statement = [{ Effect = "Allow", Principal = { Service = "pods.eks.amazonaws.com" }, Action = ["sts:AssumeRole", "sts:TagSession"] }]
\`\`\`

Associations that a condition, a loop or a template may leave out are left alone, and so are roles whose trust policy is not
wholly told by the file.

## When to turn it off

Where the trust policy is completed by another tool.
`;

/** An association for a role that EKS Pod Identity may not assume. */
export const associationRoleMismatch: Rule = {
  id: 'association-role-mismatch',
  level: 'error',
  title: "The association's role does not admit EKS Pod Identity",
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-role; terraform-provider-aws#41483 (EKS refuses the role)',
  doc,
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      if (fact.conditional || !fact.roleArn) return;
      const policy = ownPolicy(fact, context);
      if (!policy || policy.policy.open || policy.policy.problems.length > 0 || policy.policy.statements.some(mayAdmitPodIdentity)) return;
      const irsa = policy.concerns === 'irsa';
      context.report({
        doc: fact.doc, span: fact.roleArn.span,
        message: `The trust policy of this role ${irsa ? "admits the cluster's OIDC provider, which is for annotated accounts, and not" : 'does not admit'} ` +
          'pods.eks.amazonaws.com: EKS refuses the association with "InvalidParameterException: Trust policy of the role provided is invalid". ' +
          'Allow the service pods.eks.amazonaws.com sts:AssumeRole and sts:TagSession.',
        related: [{ at: { doc: policy.doc, span: policy.policy.statements[0]!.span }, message: "The role's trust policy" }],
      });
    },
  },
};

/** The one trust policy that the association's own file gives the role. */
function ownPolicy({ doc, roleArn, roleName }: PodIdentityAssociationFact, { wiring }: RuleContext): TrustPolicyFact | undefined {
  const arn = roleArn && parseRoleArn(trim(roleArn));
  const key = roleKey(arn?.name ?? roleName, doc.uri);
  if (key === undefined) return undefined;
  const policies = wiring.facts(doc.uri).filter((each): each is TrustPolicyFact => each.kind === 'trustPolicy' && roleKey(each.roleName, doc.uri) === key);
  const [policy] = policies;
  if (policies.length !== 1 || !policy?.ownRoleOnly || policy.policy.statements.length === 0) return undefined;
  const other = literal(policy.roleArn);
  return other !== undefined && arn && literal(arn.text) !== undefined && other !== literal(arn.text) ? undefined : policy;
}

/** False only where a statement surely speaks of other principals. What is nearly the service has a finding of its own. */
function mayAdmitPodIdentity({ open, effect, principal }: Statement): boolean {
  if (literal(effect?.text) === 'Deny') return false;
  if (open || !principal || principal.open || principal.wildcard || literal(effect?.text) !== 'Allow') return true;
  return principal.kinds.some(({ key, open: more, values }) => {
    if (more || literal(key) === undefined || !/^(Service|Federated|AWS|CanonicalUser)$/.test(key.value)) return true;
    if (key.value !== 'Service') return false;
    return values.some((value) => literal(value) === undefined || isPodIdentityService(value) || isNearlyPodIdentity(value) || value.value === '*');
  });
}
