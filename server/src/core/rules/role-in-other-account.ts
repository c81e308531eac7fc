import { headline, line, lines } from '../text/message';
import type { Rule } from './rule';
import { likelyRole } from './support/likelyRoles';
import { fileName } from './support/ties';
import { accessDenied } from './trust/effects';
import { parseProviderArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { isStandInAccount } from '../model/standIns';
import { literal } from '../text/texts';
import { contradicts } from '../wiring/policyIndex';

/** The page: see pages.ts. */
export const doc = `
Finds an annotation with the ARN of a role in one AWS account, where the only trust policy that allows the service account, of a
role of that name, is for another AWS account.

## Why

A role trusts the OIDC providers of its own AWS account. So either the annotation or the trust policy names the wrong account. If it
is the annotation, the role doesn't exist there, and pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`yaml
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::444455556666:role/demo-role
\`\`\`
\`\`\`json
{"Role": {"RoleName": "demo-role", "AssumeRolePolicyDocument": {"Statement": [{
  "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"}
}]}}}
\`\`\`

## Right

\`\`\`yaml
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

Nothing is said if another service account uses the trust policy, if several trust policies allow this one, or if the files plainly
belong to different deployments.

## When to turn it off

If every AWS account has a role of the same name and these files hold the trust policy of only one.
`;

/** The account's role is in another AWS account than the only trust policy that allows it. */
export const roleInOtherAccount: Rule = {
  id: 'role-in-other-account',
  level: 'warning',
  title: 'The role is in another AWS account than the only trust policy that allows the service account',
  fixable: false,
  since: '0.1.0',
  source: 'EKS user guide, cross-account-access: the provider of a role is in its own AWS account',
  phase: 'consequence',
  checks: {
    chain(chain, context) {
      const found = likelyRole(chain, context);
      const own = literal(chain.roleArn?.account);
      const name = literal(chain.roleArn?.name);
      if (!found || own === undefined || name === undefined || isStandInAccount(own) || !found.names.includes(name)) return;
      const [other, another] = accountsOf(found.policy);
      if (other === undefined || another !== undefined || isStandInAccount(other) || !contradicts(found.policy, chain.roleArn!)) return;
      const file = fileName(found.policy.doc.uri);
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: lines(
          headline`Role ${name} is in account ${own} here, but the trust policy that allows ${`${chain.namespace!}/${chain.name!}`} is for ${other}.`,
          line`If the annotation is wrong, pods get ${accessDenied}. The trust policy is in ${file}.`,
          'Use the same AWS account in both files.',
        ),
        related: [{ at: { doc: found.policy.doc, span: found.policy.policy.span }, message: `The trust policy, for account ${other}` }],
      });
    },
  },
};

/** The AWS accounts of the providers that a policy names, each once. */
function accountsOf({ policy }: TrustPolicyFact): string[] {
  const found = new Set<string>();
  for (const statement of policy.statements) {
    for (const value of statement.principal?.kinds.flatMap(({ values }) => values) ?? []) {
      const account = literal(parseProviderArn(value)?.account);
      if (account !== undefined && /^\d{12}$/.test(account)) found.add(account);
    }
  }
  return [...found];
}
