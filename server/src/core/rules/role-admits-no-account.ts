import type { Rule, RuleContext } from './rule';
import { accountOfSubject, qualified, type AccountName } from './support/accountNames';
import { rewrite } from './support/edits';
import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { nearlySame } from '../model/nearNames';
import { formatSubject } from '../model/subject';
import { matchesPattern } from '../text/wildcards/match';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { admits, type Pattern } from '../trust/admits';
import { contradicts } from '../wiring/policyIndex';

/** The page: see pages.ts. */
export const doc = `
Finds a subject in a trust policy whose service account no file of the workspace defines, if there is a service account with a
similar name that the policy doesn't allow.

## Why

IAM accepts a trust policy for a service account that doesn't exist. If the one with the similar name is meant, its pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:dmeo-sa"}}
\`\`\`

## Right

\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:demo-sa"}}
\`\`\`

Service accounts that use another role, names that differ by a number or an environment, patterns and placeholders aren't
reported.

## When to turn it off

If most service accounts are created by a tool that isn't in these files.
`;

/** A trust policy whose subjects no file of this workspace defines, if there is a similar name. */
export const roleAdmitsNoAccount: Rule = {
  id: 'role-admits-no-account',
  level: 'info',
  title: 'No file defines the service account that the trust policy allows, and there is a similar one',
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes, serviceaccount.MakeUsername; IAM user guide, reference_policies_elements_condition_operators',
  phase: 'consequence',
  checks: {
    trustPolicy(fact: TrustPolicyFact, context: RuleContext): void {
      const patterns = subjectPatterns(fact);
      if (!patterns) return;
      // An account that uses this role and isn't allowed has its own finding.
      if (context.wiring.chainsOf(fact).some((chain) => context.verdict(chain)?.decision === 'denied')) return;
      for (const { text } of patterns) {
        const admitted = accountOfSubject(text, false);
        const meant = admitted && candidate(fact, admitted, patterns, context);
        if (!admitted || !meant) continue;
        const other = { namespace: context.wiring.namespaceOf(meant)!, name: literal(meant.name)! };
        context.report({
          doc: fact.doc,
          span: text.span,
          message: lines(
            headline`This subject allows ${qualified(admitted)}, which no file defines; did you mean ${qualified(other)}?`,
            line`If so, pods of ${qualified(other)} get "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".`,
            'Use the same namespace and name in both files.',
          ),
          related: [{ at: { doc: meant.doc, span: meant.name!.span }, message: line`The service account ${qualified(other)}` }],
          fixes: [
            {
              title: line`Change the subject to ${formatSubject(other.namespace, other.name)}`,
              safe: false,
              edits: [rewrite(fact.doc, text, formatSubject(other.namespace, other.name))],
            },
          ],
        });
      }
    },
  },
};

/** The subjects that a policy allows; undefined if a part of it is unknown or allows any. */
function subjectPatterns(fact: TrustPolicyFact): Pattern[] | undefined {
  if (fact.policy.open) return undefined;
  const patterns: Pattern[] = [];
  for (const grant of admits(fact.policy).grants) {
    if (grant.mechanism !== 'irsa') continue;
    if (grant.open || grant.subjects === 'any') return undefined;
    patterns.push(...grant.subjects);
  }
  return patterns.some(({ text }) => text.holes.length > 0) ? undefined : patterns;
}

/** The one account that was probably meant; undefined if the subject's own account may exist, or several may be meant. */
function candidate(
  fact: TrustPolicyFact,
  admitted: AccountName,
  patterns: readonly Pattern[],
  { wiring }: RuleContext,
): ServiceAccountFact | undefined {
  const here = (account: ServiceAccountFact) => wiring.together(account, fact);
  for (const account of wiring.accountsNamed(admitted.name)) {
    const namespace = wiring.namespaceOf(account);
    if (namespace === undefined || namespace === admitted.namespace) return undefined;
  }
  const names = new Set([admitted.name, ...(wiring.accountNamesNear?.(admitted.name) ?? [])]);
  const found = [...names]
    .flatMap((name) => wiring.accountsNamed(name))
    .filter((account) => {
      const namespace = wiring.namespaceOf(account);
      if (namespace === undefined || !here(account)) return false;
      const name = literal(account.name);
      // If builds rename it, the name in its file isn't an account's.
      if (name === undefined || wiring.identitiesOf(account).some((each) => each.name !== name)) return false;
      const close = name === admitted.name ? nearlySame(namespace, admitted.namespace) : namespace === admitted.namespace;
      if (!close || asksForAnother(account, fact, wiring)) return false;
      const subject = formatSubject(namespace, name);
      return !patterns.some(({ text, like }) => (like ? matchesPattern(text.value, subject) : text.value === subject));
    });
  return new Set(found.map((account) => `${wiring.namespaceOf(account)}/${account.name!.value}`)).size === 1 ? found[0] : undefined;
}

/** True if an account uses a role with another policy, in another AWS account, or with another name than the one in the policy's document. */
function asksForAnother(account: ServiceAccountFact, fact: TrustPolicyFact, wiring: RuleContext['wiring']): boolean {
  const chain = wiring.chainOf(account);
  if (!chain) return false;
  if (chain.ties.length > 0) return !chain.ties.some((tie) => tie.policy === fact);
  if (chain.roleArn && contradicts(fact, chain.roleArn)) return true;
  return fact.roleArn !== undefined || fact.roleName !== undefined;
}
