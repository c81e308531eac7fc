import type { TrustPolicyFact } from '../model/facts';
import type { RuleContext } from './rule';
import { holdsWhenAbsent } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { headline, line, lines } from '../text/message';
import { innerSchemeFault, issuerOffset, schemeFault, withoutScheme } from './trust/issuerScheme';
import { podStatements } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds an issuer URL where the issuer's host is needed: \`aws_eks_cluster.x.identity[0].oidc[0].issuer\`, the data source's, or
\`cluster_oidc_issuer_url\` of the EKS module, in a condition key or in a provider's ARN, without \`replace\` or
\`trimprefix\`.

## Why

These values start with \`https://\`. A condition key and a provider ARN contain the issuer without it; with it, the key is
absent from every request, and the ARN isn't a provider's. Pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`hcl
variable = "\${module.eks.cluster_oidc_issuer_url}:sub"
\`\`\`

## Right

\`\`\`hcl
variable = "\${replace(module.eks.cluster_oidc_issuer_url, "https://", "")}:sub"
\`\`\`

\`module.eks.oidc_provider\` is already the issuer without the scheme. Variables, and outputs of other modules, aren't reported:
their values are unknown.

## When to turn it off

There is no known reason to.
`;

/** An issuer URL of Terraform is used as a condition key's issuer. */
export const terraformIssuerScheme: ConditionRule = {
  id: 'terraform-issuer-scheme',
  level: 'error',
  title: 'The issuer must not contain https:// here',
  fixable: true,
  since: '0.1.0',
  source: 'AWS provider, aws_eks_cluster (identity.oidc.issuer); terraform-aws-eks, outputs cluster_oidc_issuer_url and oidc_provider',
  find(atom, statement) {
    const atStart = statement.irsa ? schemeFault(atom.key, 0) : undefined;
    const fault = atStart ?? (statement.irsa ? innerSchemeFault(atom.key) : undefined);
    if (!fault) return [];
    const holds = holdsWhenAbsent(atom) ?? 'partly';
    const { effect, result, level } = consequence(statement, holds);
    if (!atStart) {
      return [
        {
          span: atom.key.span,
          holds,
          level,
          message: lines(
            headline`${fault.expression} is the whole issuer URL, ${effect}.`,
            result,
            line`Replace everything before the claim with replace(${fault.expression}, "https://", "").`,
          ),
        },
      ];
    }
    return [
      {
        span: atom.key.span,
        holds,
        level,
        message: lines(
          headline`${fault.expression} starts with https://, ${effect}.`,
          result,
          line`Use replace(${fault.expression}, "https://", "").`,
        ),
        fixes: () => withoutScheme(statement.fact, fault),
      },
    ];
  },
};

/** The same in provider ARNs. */
export function issuerSchemeOfProviders(fact: TrustPolicyFact, context: RuleContext): void {
  for (const statement of podStatements(fact)) {
    for (const { value } of statement.irsa ? statement.providers : []) {
      const at = issuerOffset(value);
      const atIssuer = schemeFault(value, at);
      const fault = atIssuer ?? (at < 0 ? undefined : innerSchemeFault(value));
      if (!fault) continue;
      const { effect, result } = consequence(statement, 'never');
      context.report({
        doc: fact.doc,
        span: value.span,
        message: lines(
          headline`${fault.expression} starts with https://, ${effect}.`,
          `A provider ARN contains the issuer without https://. ${result}`,
          line`Use replace(${fault.expression}, "https://", "").`,
        ),
        fixes: atIssuer ? withoutScheme(fact, fault) : [],
      });
    }
  }
}
