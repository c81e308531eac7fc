import { parseRoleArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import type { Place } from '../syntax/sourceFile';
import { headline, lines } from '../text/message';
import { literal } from '../text/texts';
import type { Rule, RuleContext } from './rule';
import { accessDenied } from './trust/effects';
import { fix, replaceAll } from './trust/edits';
import { podStatements } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds a provider in another AWS account than the role, if the role's ARN is known: from the same document as the policy
(\`aws iam get-role\`), or from \`pod-roles.yaml\`.

## Why

A role trusts only OIDC providers that are registered in its own account. Pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`, or, if the role's account has no provider for
the issuer, \`InvalidIdentityToken: No OpenIDConnect provider found in your account\`. For a cluster in another account,
register the cluster's issuer in the role's account too, and use that provider.

## Wrong

\`\`\`json
{ "Arn": "arn:aws:iam::444455556666:role/demo-role",
  "AssumeRolePolicyDocument": { "Statement": { "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" } } } }
\`\`\`

## Right

\`\`\`json
{ "Arn": "arn:aws:iam::444455556666:role/demo-role",
  "AssumeRolePolicyDocument": { "Statement": { "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": { "Federated": "arn:aws:iam::444455556666:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/5C7A" } } } }
\`\`\`

## When to turn it off

There is no known reason to.
`;

/** The provider's account isn't the role's. */
export const providerInOtherAccount: Rule = {
  id: 'provider-in-other-account',
  level: 'error',
  title: 'The provider is in another AWS account than the role',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, cross-account-access',
  checks: {
    trustPolicy(fact, context) {
      const role = roleAccount(fact, context);
      if (!role) return;
      for (const statement of podStatements(fact)) {
        if (!statement.irsa || statement.effect === 'Deny') continue;
        // A list may have providers of several accounts; only the one in the role's account is used.
        if (
          statement.providers.some((p) => {
            const account = literal(p.arn?.account);
            return account === undefined || account === role.account;
          })
        )
          continue;
        const [first] = statement.providers;
        const account = first?.arn?.account;
        if (!account || !/^\d{12}$/.test(account.value) || statement.open) continue;
        context.report({
          doc: fact.doc,
          span: account.span,
          message: lines(
            headline`The provider's account ${account.value} doesn't match the role's account ${role.account}.`,
            `A role trusts only providers in its own account. Pods get ${accessDenied}.`,
            `Register the cluster's issuer in ${role.account} and use that provider.`,
          ),
          related: [{ at: role.at, message: "The role's ARN" }],
          fixes:
            statement.providers.length === 1
              ? [fix(`Use the provider in account ${role.account}`, false, [replaceAll(fact, account, role.account)])]
              : [],
        });
      }
    },
  },
};

/** The role's account, where its ARN is written out beside the policy, or a sure tie leads to it. */
function roleAccount(fact: TrustPolicyFact, context: RuleContext): { account: string; at: Place } | undefined {
  if (fact.roleArn) {
    const account = literal(parseRoleArn(fact.roleArn)?.account);
    return account !== undefined && /^\d{12}$/.test(account) ? { account, at: { doc: fact.doc, span: fact.roleArn.span } } : undefined;
  }
  let found: { account: string; at: Place } | undefined;
  for (const chain of context.wiring.chainsOf(fact)) {
    const tie = chain.ties.find(({ policy }) => policy === fact);
    const account = literal(chain.roleArn?.account);
    if (
      (tie?.kind !== 'config' && tie?.kind !== 'document' && tie?.kind !== 'identity') ||
      chain.ties.length > 1 ||
      account === undefined ||
      !/^\d{12}$/.test(account)
    )
      return undefined;
    if (found && found.account !== account) return undefined;
    found ??= { account, at: { doc: chain.request.doc, span: chain.request.valueSpan } };
  }
  return found;
}
