import type { Rule, RuleContext } from './rule';
import { accountOfSubject, difference, shown, type AccountName } from './support/accountNames';
import { rewrite } from './support/edits';
import type { ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { nearlySame } from '../model/nearNames';
import { formatSubject } from '../model/subject';
import { matchesGlob } from '../text/glob';
import { literal } from '../text/texts';
import { admits, type Pattern } from '../trust/admits';
import { contradicts } from '../wiring/policyIndex';

const doc = `
Finds a subject in a trust policy that no file of the workspace defines, where an account of nearly the same name exists
that the policy does not admit.

## Why

A trust policy for an account that does not exist is accepted by IAM and lets nobody in. Where the account is the one
of nearly the same name, its pods see \`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:dmeo-sa"}}
\`\`\`

## Right

\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:demo-sa"}}
\`\`\`

An account that asks for another role, names that differ by a number or an environment, patterns and placeholders are
left alone.

## When to turn it off

Where most accounts are made by something that these files do not show.
`;

/** A trust policy whose subjects no file of this workspace defines, where nearly the same name exists. */
export const roleAdmitsNoAccount: Rule = {
  id: 'role-admits-no-account',
  level: 'info',
  title: 'No file defines the account that the role admits, and one of nearly the same name exists',
  fixable: true,
  since: '0.1.0',
  source: 'Kubernetes, serviceaccount.MakeUsername; IAM user guide, reference_policies_elements_condition_operators',
  phase: 'consequence',
  doc,
  checks: {
    trustPolicy(fact: TrustPolicyFact, context: RuleContext): void {
      const patterns = subjectPatterns(fact);
      if (!patterns) return;
      // An account that asks for this role and is refused has its own finding.
      if (context.wiring.chainsOf(fact).some((chain) => context.verdict(chain)?.decision === 'denied')) return;
      for (const { text } of patterns) {
        const admitted = accountOfSubject(text, false);
        const meant = admitted && candidate(fact, admitted, patterns, context);
        if (!admitted || !meant) continue;
        const other = { namespace: context.wiring.namespaceOf(meant)!, name: literal(meant.name)! };
        context.report({
          doc: fact.doc,
          span: text.span,
          message:
            `No file here defines ${shown(admitted)}, which this role admits; ${shown(other)} is nearly the same: ${difference(other, admitted)}. ` +
            'If that account is meant, its pods would see "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". Write the same on both sides.',
          related: [{ at: { doc: meant.doc, span: meant.name!.span }, message: `The account ${shown(other)}` }],
          fixes: [
            {
              title: `Allow ${shown(other)} instead`,
              safe: false,
              edits: [rewrite(fact.doc, text, formatSubject(other.namespace, other.name))],
            },
          ],
        });
      }
    },
  },
};

/** The subjects that a policy admits; undefined where some of it is open or admits any. */
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

/** The one account that was probably meant; undefined where the subject's own account may exist, or several may be meant. */
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
      // Where builds call it otherwise, what its file says is no account.
      if (name === undefined || wiring.identitiesOf(account).some((each) => each.name !== name)) return false;
      const close = name === admitted.name ? nearlySame(namespace, admitted.namespace) : namespace === admitted.namespace;
      if (!close || asksForAnother(account, fact, wiring)) return false;
      const subject = formatSubject(namespace, name);
      return !patterns.some(({ text, like }) => (like ? matchesGlob(text.value, subject) : text.value === subject));
    });
  return new Set(found.map((account) => `${wiring.namespaceOf(account)}/${account.name!.value}`)).size === 1 ? found[0] : undefined;
}

/** True when an account asks for a role whose policy is another, or that stands in another AWS account, or whose name the policy's document does not bear. */
function asksForAnother(account: ServiceAccountFact, fact: TrustPolicyFact, wiring: RuleContext['wiring']): boolean {
  const chain = wiring.chainOf(account);
  if (!chain) return false;
  if (chain.ties.length > 0) return !chain.ties.some((tie) => tie.policy === fact);
  if (chain.roleArn && contradicts(fact, chain.roleArn)) return true;
  return fact.roleArn !== undefined || fact.roleName !== undefined;
}
