import type { TrustPolicyFact } from '../model/facts';
import type { RuleContext } from './rule';
import { holdsWhenAbsent } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { innerSchemeFault, issuerOffset, schemeFault, withoutScheme } from './trust/issuerScheme';
import { podStatements } from './trust/statements';

const doc = `
Finds an issuer's URL where its host is needed: \`aws_eks_cluster.x.identity[0].oidc[0].issuer\`, the data source's, or
\`cluster_oidc_issuer_url\` of the EKS module, in a condition key or in a provider's ARN, without \`replace\` or
\`trimprefix\`.

## Why

These values begin with \`https://\`. A condition key and a provider's ARN have the issuer without it; with it, the key is
absent from every request, and the ARN is no provider's. Pods see
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`hcl
variable = "\${module.eks.cluster_oidc_issuer_url}:sub"
\`\`\`

## Right

\`\`\`hcl
variable = "\${replace(module.eks.cluster_oidc_issuer_url, "https://", "")}:sub"
\`\`\`

\`module.eks.oidc_provider\` is the issuer without the scheme already. Variables, and outputs of other modules, are left alone:
no file tells what they hold.

## When to turn it off

Never, as far as we know.
`;

/** An issuer URL of Terraform is used as a condition key's issuer. */
export const terraformIssuerScheme: ConditionRule = {
  id: 'terraform-issuer-scheme',
  level: 'error',
  title: 'The issuer has its https:// where it must not',
  fixable: true,
  since: '0.1.0',
  source: 'AWS provider, aws_eks_cluster (identity.oidc.issuer); terraform-aws-eks, outputs cluster_oidc_issuer_url and oidc_provider',
  doc,
  find(atom, statement) {
    const atStart = statement.irsa ? schemeFault(atom.key, 0) : undefined;
    const fault = atStart ?? (statement.irsa ? innerSchemeFault(atom.key) : undefined);
    if (!fault) return [];
    const holds = holdsWhenAbsent(atom) ?? 'partly';
    const { text, level } = consequence(statement, holds);
    if (!atStart) {
      return [
        {
          span: atom.key.span,
          holds,
          level,
          message: `${fault.expression} is the whole issuer, with https://: the request has no such key, ${text} Write replace(${fault.expression}, "https://", "") in place of all that stands before the claim.`,
        },
      ];
    }
    return [
      {
        span: atom.key.span,
        holds,
        level,
        message: `${fault.expression} begins with https://, and a condition key has the issuer without it: the request has no such key, ${text} Write replace(${fault.expression}, "https://", "").`,
        fixes: () => withoutScheme(statement.fact, fault),
      },
    ];
  },
};

/** The same in providers' ARNs. */
export function issuerSchemeOfProviders(fact: TrustPolicyFact, context: RuleContext): void {
  for (const statement of podStatements(fact)) {
    for (const { value } of statement.irsa ? statement.providers : []) {
      const at = issuerOffset(value);
      const atIssuer = schemeFault(value, at);
      const fault = atIssuer ?? (at < 0 ? undefined : innerSchemeFault(value));
      if (!fault) continue;
      const { text } = consequence(statement, 'never');
      context.report({
        doc: fact.doc,
        span: value.span,
        message: `${fault.expression} begins with https://, and a provider's ARN has the issuer without it, ${text} Write replace(${fault.expression}, "https://", "").`,
        fixes: atIssuer ? withoutScheme(fact, fault) : [],
      });
    }
  }
}
