import type { TrustPolicyFact } from '../model/facts';
import type { Span } from '../text/span';
import type { Rule } from './rule';
import { headline, lines } from '../text/message';

/** The page: see pages.ts. */
export const doc = `
Finds trust policies that are longer than IAM's quota, and reports at info level policies that use more than 90% of it. The
quota counts characters without white space: 2,048 by default; set \`trustPolicyQuota\` in \`pod-roles.yaml\` if yours differs.

## Why

IAM rejects a longer policy with \`LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048\`. A policy for several
clusters or many service accounts reaches the quota soon: 2,048 characters are enough for about four service accounts.

## Wrong

\`\`\`json
{ "Statement": [ { "Sid": "ClusterA" }, { "Sid": "ClusterB" }, { "Sid": "ClusterC" }, { "Sid": "ClusterD" }, { "Sid": "ClusterE" } ] }
\`\`\`

## Right

Fewer statements: one list of subjects for each cluster, \`StringLike\` with \`demo:*\` for a whole namespace, or a role for
each group of service accounts. EKS Pod Identity needs no policy change for a new cluster.

## When to turn it off

If the quota differs between AWS accounts.
`;

/** The share of the quota from which on it is reported. */
const near = 0.9;

/** The policy exceeds IAM's quota, or nearly. */
export const policyTooLong: Rule = {
  id: 'policy-too-long',
  level: 'warning',
  title: 'The trust policy exceeds the quota, or nearly',
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, reference_iam-quotas; EKS user guide, service-accounts (comparison of IRSA and Pod Identity)',
  checks: {
    trustPolicy(fact, context) {
      const { quotaLength: length, tooLarge } = fact.policy;
      const { trustPolicyQuota: quota } = context.settings;
      if (tooLarge) {
        context.report({
          doc: fact.doc,
          span: place(fact),
          message: lines(`The policy is too large to check: ${tooLarge}.`, tooLong(quota), 'Split it into several roles.'),
        });
        return;
      }
      if (length === undefined || !(length > quota * near)) return;
      context.report(
        length > quota
          ? {
              doc: fact.doc,
              span: place(fact),
              message: lines(
                headline`The policy has ${grouped(length)} characters without white space; the quota is ${grouped(quota)}.`,
                tooLong(quota),
                'Shorten it, or request a higher quota and set trustPolicyQuota in pod-roles.yaml.',
              ),
            }
          : {
              doc: fact.doc,
              span: place(fact),
              level: 'info',
              message: lines(
                headline`The policy has ${grouped(length)} of ${grouped(quota)} characters, not counting white space.`,
                'There is little room for another service account.',
              ),
            },
      );
    },
  },
};

/** IAM's answer. Source: hashicorp/terraform-provider-aws, errors reported by users. */
function tooLong(quota: number): string {
  return `IAM rejects it with "LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${quota}".`;
}

/** A short place at the policy's beginning, instead of underlining the whole document. */
function place({ policy, holder }: TrustPolicyFact): Span {
  const head = holder?.span ?? policy.version?.key.span ?? policy.id?.key.span;
  return head ?? { start: policy.span.start, end: Math.min(policy.span.end, policy.span.start + 1) };
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
