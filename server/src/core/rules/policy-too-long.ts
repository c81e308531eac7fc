import type { TrustPolicyFact } from '../model/facts';
import type { Span } from '../text/span';
import type { Rule } from './rule';

const doc = `
Finds trust policies that are longer than IAM's quota, and says at info level when one has used nine tenths of it. The
quota counts characters without white space: 2,048 by default; \`trustPolicyQuota\` in \`pod-roles.yaml\` tells another.

## Why

IAM refuses a longer policy with \`LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048\`. A policy for several
clusters or many service accounts gets there: about four accounts fit into 2,048 characters.

## Wrong

\`\`\`json
{ "Statement": [ { "Sid": "ClusterA" }, { "Sid": "ClusterB" }, { "Sid": "ClusterC" }, { "Sid": "ClusterD" }, { "Sid": "ClusterE" } ] }
\`\`\`

## Right

Fewer statements: one list of subjects for each cluster, \`StringLike\` with \`demo:*\` for a whole namespace, or a role for
each group of accounts. EKS Pod Identity needs no change of the policy for a new cluster.

## When to turn it off

Where the quota differs from account to account.
`;

/** From this share of the quota on, it is worth knowing. */
const near = 0.9;

/** The policy is longer than IAM's quota, or nearly. */
export const policyTooLong: Rule = {
  id: 'policy-too-long',
  level: 'warning',
  title: 'The trust policy is longer than the quota, or nearly',
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, reference_iam-quotas; EKS user guide, service-accounts (comparison of IRSA and Pod Identity)',
  doc,
  checks: {
    trustPolicy(fact, context) {
      const { quotaLength: length, tooLarge } = fact.policy;
      const { trustPolicyQuota: quota } = context.settings;
      if (tooLarge) {
        context.report({
          doc: fact.doc,
          span: place(fact),
          message: `The policy is too large to check: ${tooLarge}.\nIAM refuses it with "LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${quota}".\nSplit it into several roles.`,
        });
        return;
      }
      if (length === undefined || !(length > quota * near)) return;
      const numbers = `${grouped(length)} of ${grouped(quota)} characters, white space aside`;
      context.report(
        length > quota
          ? {
              doc: fact.doc,
              span: place(fact),
              message: `The policy has ${numbers}: IAM refuses it with "LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${quota}". Shorten it, or ask for a higher quota and set trustPolicyQuota in pod-roles.yaml.`,
            }
          : {
              doc: fact.doc,
              span: place(fact),
              level: 'info',
              message: `The policy has ${numbers}: there is little room for another service account.`,
            },
      );
    },
  },
};

/** A short place at the policy's beginning: a whole document underlined helps nobody. */
function place({ policy, holder }: TrustPolicyFact): Span {
  const head = holder?.span ?? policy.version?.key.span ?? policy.id?.key.span;
  return head ?? { start: policy.span.start, end: Math.min(policy.span.end, policy.span.start + 1) };
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
