import type { Rule, Fix, RuleContext } from './rule';
import { difference, distance, shown, type AccountName } from './support/accountNames';
import { addValue } from './support/addValue';
import { notAppliedYet, refusedByFile, refusedByRole } from './support/realRole';
import { fileName, tieNote } from './support/ties';
import { overlayWords } from '../wiring/overlayWords';
import { rewrite } from './support/edits';
import type { TrustPolicyFact } from '../model/facts';
import { formatSubject, isServiceAccountName } from '../model/subject';
import { matchesGlob } from '../text/glob';
import { literal } from '../text/texts';
import { accessOf, policiesOf } from '../trust/access';
import { shownRoleName } from '../trust/roleText';
import { allowedInstead, type AllowedAccount } from '../trust/subjects';
import type { Chain } from '../wiring/chain';
import type { Placed } from '../wiring/ground';
import { isWeak } from '../wiring/tie';

const doc = `
Finds a service account whose role's trust policy names other accounts: everything in a statement fits, the provider,
the action and the audience, and only the subject is another.

The trust policy is found by \`roles:\` in \`pod-roles.yaml\`, by a role name in the same document, or by its path. Where
it is only the one policy beside the one account, the finding is an info.

Where the policy refuses the account for another cause that depends on the account (its audience, the issuer of its cluster),
and nothing is wrong with the policy by itself, that is told too. Where several policies may be the role's and they don't agree,
nothing is.

With AWS or a snapshot of it the role's own trust policy is known. It counts where no file tells, and then every cause
of a refusal is told. Where a file admits the account and the role in AWS does not yet, that is an info.

## Why

STS compares the token's subject, \`system:serviceaccount:<namespace>:<name>\`, letter by letter with \`StringEquals\`,
and by \`*\` and \`?\` with \`StringLike\`. Where no statement fits, the pod sees
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`
\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:demo"}}
\`\`\`

## Right

\`\`\`json
{"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub": "system:serviceaccount:demo-namespace:demo-sa"}}
\`\`\`

Where kustomizations deploy the account, what each of them makes of it counts: its \`namespace\`, \`namePrefix\`,
\`nameSuffix\`, patches and components. The finding names the overlay, and stands on the annotation that holds there.

Nothing is said where the namespace, the name or the role's account is not known, where files plainly belong to
different deployments, in overlays for a developer's own machine (\`local\`, \`kind\`, \`minikube\`), and where the policy itself has a mistake that lets nobody in: that mistake is reported.

## When to turn it off

For files whose names are written over by a tool that is not read here.
`;

/** The account that names this role is not among those the role admits. */
export const subjectMismatch: Rule = {
  id: 'subject-mismatch',
  level: 'error',
  title: 'The role does not admit the account that asks for it',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role; IAM user guide, reference_policies_elements_condition_operators',
  phase: 'consequence',
  doc,
  checks: {
    chain(chain: Chain, context: RuleContext): void {
      const lag = notAppliedYet(chain);
      if (lag) context.report(lag);
      const verdict = context.verdict(chain);
      // Whether the role and its provider exist is for other rules to say.
      const { decision, fault, tie } = accessOf(chain, undefined, verdict);
      if (
        decision !== 'denied' ||
        fault ||
        !verdict ||
        !tie ||
        verdict.trace.some(({ element, matched }) => element === 'Request' && matched === false)
      )
        return;
      const real = tie.kind === 'aws';
      const allowed = chain.namespace === undefined || chain.name === undefined ? undefined : allowedInstead(verdict, tie.policy);
      if (allowed === undefined || allowed === 'placeholder') {
        context.report(real ? refusedByRole(chain, tie, verdict) : refusedByFile(chain, tie, verdict));
        return;
      }
      const own = { namespace: chain.namespace!, name: chain.name! };
      const best = nearestTo(own, allowed);
      const isOnly = policiesOf(chain).length === 1;
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: message(chain, own, best!, allowed.length),
        ...(isWeak(tie) ? { level: 'info' as const } : {}),
        related: real ? [] : [{ at: { doc: tie.policy.doc, span: best!.value.span }, message: 'The subject that was compared' }],
        fixes: isOnly
          ? [
              ...rename(chain, own, best!, context),
              ...(real || isShared(tie.policy, context) ? [] : admit(tie.policy, own, best!, context)),
            ]
          : [],
      });
    },
  },
};

/** The first of those that are nearest. */
function nearestTo(own: AccountName, allowed: readonly AllowedAccount[]): AllowedAccount | undefined {
  let best: AllowedAccount | undefined;
  let least = Infinity;
  for (const each of allowed) {
    const far = distance(own, each.account, least);
    if (far < least) [best, least] = [each, far];
  }
  return best;
}

/** What an overlay makes of the account: the file alone does not say it. */
function madeBy({ overlays }: Chain, own: AccountName): string {
  return overlays ? `In ${overlayWords(overlays)} the account is ${shown(own)}, and ` : '';
}

function message(chain: Chain, own: AccountName, best: AllowedAccount, count: number): string {
  const { account, like } = best;
  const fits = (pattern: string, value: string) => (like ? matchesGlob(pattern, value) : pattern === value);
  const how = difference(own, account, fits(account.namespace, own.namespace), fits(account.name, own.name));
  const more = count > 2 ? ` and ${count - 1} others` : count === 2 ? ' and one other' : '';
  return (
    `${madeBy(chain, own)}${shownRoleName(chain.request.value)} does not admit ${chain.overlays ? 'it' : shown(own)}. It admits ${shown(account)}${more}: ${how}. ` +
    `Pods would see "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". ` +
    `Rename one to fit the other, or admit this account too.${tieNote(chain)}`
  );
}

/** Of more equal accounts each would get a fix that renames all of them. */
const mostRenamed = 300;

/** Renames the account with all that uses it in its deployment; not onto an account that exists, nor a stand-in's name. */
function rename(chain: Chain, own: AccountName, best: AllowedAccount, context: RuleContext): Fix[] {
  const { wiring } = context;
  const { account } = chain;
  const { name } = best.account;
  if (best.account.namespace !== own.namespace || name === own.name || !isServiceAccountName(name)) return [];
  if (wiring.accountsNamed(own.name).length > mostRenamed) return [];
  const here = (other: Placed) => wiring.together(account, other);
  if (wiring.accountsNamed(name, own.namespace).some(here)) return [];
  // Names that overlays make are in no file.
  if (literal(account.name) !== own.name || wiring.chainsFor(account).length > 1) return [];
  const accounts = wiring.accountsNamed(own.name, own.namespace).filter(here);
  if (accounts.some((each) => literal(each.name) !== own.name)) return [];
  const workloads = new Set(accounts.flatMap((each) => context.workloadsOf(each)));
  const subject = formatSubject(own.namespace, own.name);
  const edits = [
    ...accounts.map((each) => rewrite(each.doc, each.name!, name)),
    ...[...workloads].map((each) => each.serviceAccountName && rewrite(each.doc, each.serviceAccountName, name)),
  ];
  for (const policy of wiring.policiesNaming?.(own.name) ?? []) {
    if (!here(policy)) continue;
    for (const statement of policy.policy.statements) {
      for (const value of statement.condition?.operators.flatMap((o) => o.keys).flatMap((k) => k.values.values) ?? []) {
        if (literal(value) === subject) edits.push(rewrite(policy.doc, value, formatSubject(own.namespace, name)));
      }
    }
  }
  const sure = edits.filter((edit) => edit !== undefined);
  const files = new Set(sure.map((edit) => edit.doc.uri)).size;
  return [{ title: `Rename this account to ${name}${files > 1 ? ` (${files} files)` : ''}`, safe: false, edits: sure }];
}

/** True for a policy whose text makes several roles, in several calls of one module: what is written there is for all of them. */
function isShared({ doc, policy, roleIds }: TrustPolicyFact, { wiring }: RuleContext): boolean {
  if (!roleIds) return false;
  const { start } = policy.span;
  return wiring.factsIn(doc).filter((fact) => fact.kind === 'trustPolicy' && fact.policy.span.start === start).length > 1;
}

function admit(policy: TrustPolicyFact, own: AccountName, best: AllowedAccount, context: RuleContext): Fix[] {
  const edits = addValue(
    policy.doc,
    policy.policy.form,
    best.key.values,
    best.value,
    formatSubject(own.namespace, own.name),
    (doc, offset) => context.position?.(doc, offset),
  );
  const who = best.account.namespace === own.namespace ? own.name : shown(own);
  return edits ? [{ title: `Allow ${who} in ${fileName(policy.doc.uri)}`, safe: false, edits }] : [];
}
