import type { Report, Rule, RuleContext } from './rule';
import { grantsFromAws } from './support/podIdentityUse';
import { reasonOf } from './support/realRole';
import { fileName, sourceNote } from './support/ties';
import { podIdentityDenied } from './trust/effects';
import { isNearlyPodIdentity, isPodIdentityService } from './trust/statements';
import type { PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import type { Statement } from '../model/policy';
import { headline, line, lines, sentence } from '../text/message';
import { literal } from '../text/texts';
import { accessByGrant, type Access } from '../trust/access';
import { verdictIfTagged } from '../trust/grantVerdict';
import type { Grant } from '../wiring/grants';
import { isPlain } from '../wiring/tie';

/** The page: see pages.ts. */
export const doc = `
Finds an EKS Pod Identity association for a role whose trust policy doesn't allow it: it has no statement for
\`pods.eks.amazonaws.com\` (it is for EC2, for the cluster itself, or for IAM roles for service accounts), or its conditions
name another cluster, namespace or service account. The trust policy is found as for an annotation: by \`roles:\` in
\`pod-roles.yaml\`, by a role name or ARN in a document, or by its path; else it is the role's own in AWS, or in a snapshot.

## Why

An association needs a role that \`pods.eks.amazonaws.com\` can assume. EKS returns
\`InvalidParameterException: Trust policy of the role provided is invalid\`. A trust policy with the cluster's OIDC provider is
for the other mechanism, the annotation of the service account.

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

Associations that a condition, a loop or a template may omit aren't reported, and neither are roles whose trust policy isn't
completely known.

## When to turn it off

If the trust policy is completed by another tool.
`;

/** An association for a role that doesn't allow it. */
export const associationRoleMismatch: Rule = {
  id: 'association-role-mismatch',
  level: 'error',
  title: "The association's role doesn't allow EKS Pod Identity to assume it",
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-role and pod-id-abac-tags; terraform-provider-aws#41483 (EKS rejects the role)',
  // An error in the trust policy itself is reported there.
  phase: 'consequence',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      const grant = context.wiring.grantOf(fact);
      const report = grant && mismatch(grant, { doc: fact.doc, span: (fact.roleArn ?? fact.roleName)?.span ?? fact.head });
      if (report) context.report(report);
    },
    serviceAccount(fact: ServiceAccountFact, context: RuleContext): void {
      // An association of a file has its finding there; AWS's has no file.
      for (const { grant, span } of grantsFromAws(fact, context)) {
        const access = accessByGrant(grant, context.wiring.aws);
        const report =
          access.fault === 'role-missing'
            ? {
                doc: fact.doc,
                span,
                message: lines(
                  headline`The Pod Identity association of ${grant.namespace}/${grant.serviceAccount} uses ${access.role}, which doesn't exist.`,
                  `Pods get ${podIdentityDenied}.${sourceNote(grant.source ?? 'AWS')}`,
                  'Create the role, or change the association.',
                ),
              }
            : mismatch(grant, { doc: fact.doc, span });
        if (report) context.report(report);
      }
    },
  },
};

function mismatch(grant: Grant, at: Pick<Report, 'doc' | 'span'>): Report | undefined {
  const access = accessByGrant(grant, undefined);
  const { decision, fault, tie } = access;
  // What only session tags are missing for is session-tags-disabled.
  if (decision !== 'denied' || fault || !tie || verdictIfTagged(tie.policy.policy, grant)) return undefined;
  return {
    ...at,
    message: message(access, grant),
    related:
      tie.kind === 'aws'
        ? []
        : [
            {
              at: { doc: tie.policy.doc, span: tie.policy.policy.statements[0]?.span ?? tie.policy.policy.span },
              message: "The role's trust policy",
            },
          ],
  };
}

function message({ role, tie, verdict }: Access, { association, namespace, serviceAccount, source = 'AWS' }: Grant): string {
  const { policy, concerns } = tie!.policy;
  const isOneSource = association === undefined && tie!.kind === 'aws' && tie!.because === source;
  const from = association !== undefined ? '' : isOneSource ? sourceNote(source) : line` Source of the association: ${source}.`;
  const found =
    isOneSource || isPlain(tie!)
      ? ''
      : tie!.kind === 'aws'
        ? ` Source of the trust policy: ${tie!.because}.`
        : line` ${fileName(tie!.policy.doc.uri)} is assumed to be its trust policy, ${tie!.because}.`;
  if (!policy.statements.some(mayAdmitPodIdentity)) {
    const irsa = concerns === 'irsa' ? "It allows the cluster's OIDC provider, which is for annotated service accounts. " : '';
    return lines(
      headline`The trust policy of ${role} doesn't allow pods.eks.amazonaws.com.`,
      `${irsa}EKS rejects the association with "InvalidParameterException: Trust policy of the role provided is invalid".${from}${found}`,
      'Allow the service pods.eks.amazonaws.com to use sts:AssumeRole and sts:TagSession.',
    );
  }
  return lines(
    headline`The trust policy of ${role} doesn't allow ${namespace}/${serviceAccount} with EKS Pod Identity.`,
    `${sentence(reasonOf(verdict!))} Pods get ${podIdentityDenied}.${from}${found}`,
    'Change the trust policy, or use another role.',
  );
}

/** False only if a statement is certainly for other principals. A misspelt service has a finding of its own. */
function mayAdmitPodIdentity({ open, effect, principal }: Statement): boolean {
  if (literal(effect?.text) === 'Deny') return false;
  if (open || !principal || principal.open || principal.wildcard || literal(effect?.text) !== 'Allow') return true;
  return principal.kinds.some(({ key, open: more, values }) => {
    if (more || literal(key) === undefined || !/^(Service|Federated|AWS|CanonicalUser)$/.test(key.value)) return true;
    if (key.value !== 'Service') return false;
    return values.some(
      (value) => literal(value) === undefined || isPodIdentityService(value) || isNearlyPodIdentity(value) || value.value === '*',
    );
  });
}
