import type { Rule, RuleContext } from './rule';
import { rewrite } from './support/edits';
import type { PodIdentityAssociationFact } from '../model/facts';
import { lines } from '../text/message';
import { literal } from '../text/texts';
import { type AssociationFault, associationFaults, tagsSwitch } from '../trust/associationFaults';

/** The page: see pages.ts. */
export const doc = `
Finds an EKS Pod Identity association with a session policy (\`policy\`) that AWS doesn't accept: without
\`disableSessionTags: true\`, longer than 2,048 characters, not JSON, or not an identity policy (it has a \`Principal\`, or a
statement has no \`Resource\`).

## Why

A session policy restricts what pods may do with the role. The EKS API accepts it only together with \`disableSessionTags\`
("When using this policy, disableSessionTags must be set to true"). STS accepts session policies of at most 2,048 characters, white
space included; for associations AWS doesn't document a maximum, and users report the same one.

## Wrong

\`\`\`hcl
resource "aws_eks_pod_identity_association" "demo" {
  cluster_name    = "demo"
  namespace       = "demo-namespace"
  service_account = "demo-sa"
  role_arn        = aws_iam_role.demo.arn
  policy          = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
\`\`\`

## Right

\`\`\`hcl
resource "aws_eks_pod_identity_association" "demo" {
  cluster_name         = "demo"
  namespace            = "demo-namespace"
  service_account      = "demo-sa"
  role_arn             = aws_iam_role.demo.arn
  disable_session_tags = true
  policy               = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
\`\`\`

Conditions on session tags (\`aws:RequestTag/…\`) then never match: see \`session-tags-disabled\`. Parts that a variable or a
template fills in aren't checked.

## When to turn it off

If another tool completes the association before it is created.
`;

/** A session policy that EKS, STS or IAM doesn't accept. */
export const associationPolicyInvalid: Rule = {
  id: 'association-policy-invalid',
  level: 'error',
  title: "AWS doesn't accept the association's session policy",
  fixable: true,
  since: '0.1.0',
  source: 'EKS API, CreatePodIdentityAssociation (policy); STS API, AssumeRole; IAM user guide, grammar of the policy language',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      for (const fault of associationFaults(fact)) {
        if (fault.part !== 'session-policy') continue;
        const { span, says, atRunTime, change } = fault;
        context.report({ doc: fact.doc, span, message: lines(says, atRunTime, change), fixes: fixesOf(fault, fact) });
      }
    },
  },
};

/** Turns the switch on where one is written. Conditions of trust policies on session tags then fail: nothing to do unattended. */
function fixesOf({ span }: AssociationFault, { doc: at, disableSessionTags: tags }: PodIdentityAssociationFact) {
  if (!tags || span !== tags.span || literal(tags)?.toLowerCase() !== 'false' || tags.borrowed) return [];
  return [{ title: `Set ${tagsSwitch(at)} to true`, edits: [rewrite(at, tags, 'true')], safe: false }];
}
