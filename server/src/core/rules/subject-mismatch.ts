import type { Rule, Fix, RuleContext } from './rule';
import { accountOfSubject, difference, distance, shown, type AccountName } from './support/accountNames';
import { addValue } from './support/addValue';
import { notAppliedYet, refusedByRole } from './support/realRole';
import { fileName, roleAccountFits, tieNote } from './support/ties';
import { overlayWords } from '../wiring/overlayWords';
import { rewrite } from './support/edits';
import type { TrustPolicyFact } from '../model/facts';
import type { ConditionKey, ListValue } from '../model/policy';
import { formatSubject, isServiceAccountName } from '../model/subject';
import { matchesGlob } from '../text/glob';
import { literal } from '../text/texts';
import { claimName, parseConditionKey } from '../trust/conditionKey';
import { parseOperator } from '../trust/operators';
import type { Verdict } from '../trust/verdict';
import type { Chain } from '../wiring/chain';

const doc = `
Finds a service account whose role's trust policy names other accounts: everything in a statement fits, the provider,
the action and the audience, and only the subject is another.

The trust policy is found by \`roles:\` in \`pod-roles.yaml\`, by a role name in the same document, or by its path. Where
it is only the one policy beside the one account, the finding is an info.

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

/** An account that the policy admits, and where it says so. */
interface Admitted {
  readonly account: AccountName;
  readonly value: ListValue;
  readonly key: ConditionKey;
  readonly like: boolean;
}

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
      const [tie, rival] = chain.ties;
      if (!tie || rival?.kind === tie.kind || chain.namespace === undefined || chain.name === undefined) return;
      if (tie.policy.policy.open || !roleAccountFits(chain, tie.policy)) return;
      if (isLocal(chain)) return;
      const verdict = context.verdict(chain);
      if (verdict?.decision !== 'denied') return;
      const real = tie.kind === 'aws';
      const own = { namespace: chain.namespace, name: chain.name };
      const admitted = admittedWhereOnlyTheSubjectFails(verdict, tie.policy);
      if (!admitted || admitted.length === 0) {
        // A file's own mistakes are told where they stand; the real role has no file.
        if (real) context.report(refusedByRole(chain, tie, verdict));
        return;
      }
      const [best] = [...admitted].sort((a, b) => distance(own, a.account) - distance(own, b.account));
      context.report({
        doc: chain.request.doc, span: chain.request.valueSpan, message: message(chain, own, best!, admitted.length),
        ...(tie.kind === 'only-one' ? { level: 'info' as const } : {}),
        related: real ? [] : [{ at: { doc: tie.policy.doc, span: best!.value.span }, message: 'The subject that was compared' }],
        fixes: [...rename(chain, own, best!, context), ...(real ? [] : admit(tie.policy, own, best!, context))],
      });
    },
  },
};

/**
 * The accounts that the policy's statements admit, of those in which nothing but the subject fails. Undefined where
 * something else decides, or where a subject is no account's (a stand-in, a part left to fill in).
 */
function admittedWhereOnlyTheSubjectFails(verdict: Verdict, policy: TrustPolicyFact): Admitted[] | undefined {
  const failing = new Map<number, { subject: boolean; other: boolean }>();
  for (const step of verdict.trace) {
    if (step.element === 'Document' || step.element === 'Request') {
      if (step.matched === false) return undefined;
      continue;
    }
    if (step.effect === 'Deny' && step.element === 'Statement' && step.matched === true) return undefined;
    if (step.statement === undefined || step.effect !== 'Allow' || step.matched !== false) continue;
    if (step.element !== 'Condition' && step.element !== 'Principal' && step.element !== 'Action') continue;
    const found = failing.get(step.statement) ?? { subject: false, other: false };
    if (step.element === 'Condition' && /:sub$/i.test(step.key ?? '')) found.subject = true;
    else found.other = true;
    failing.set(step.statement, found);
  }
  const admitted: Admitted[] = [];
  for (const [index, { subject, other }] of failing) {
    if (!subject || other) continue;
    for (const operator of policy.policy.statements[index]?.condition?.operators ?? []) {
      const { known, negated, family, like } = parseOperator(operator.key);
      for (const key of operator.keys) {
        const claim = parseConditionKey(key.key);
        if (!claim || claimName(claim) !== 'sub') continue;
        if (!known || negated || family !== 'String' || key.values.open) return undefined;
        for (const value of key.values.values) {
          const account = accountOfSubject(value, like);
          if (!account) return undefined;
          admitted.push({ account, value, key, like });
        }
      }
    }
  }
  return admitted;
}

/** Overlays for a cluster on a developer's machine, where no role can be had. */
const localOverlay = /(?:^|[-_./])(?:local|localhost|kind|minikube|k3[ds]|microk8s|docker-desktop)(?:$|[-_./])/i;

function isLocal({ overlays }: Chain): boolean {
  return overlays !== undefined && overlays.every(({ name }) => localOverlay.test(name));
}

/** What an overlay makes of the account: the file alone does not say it. */
function madeBy({ overlays }: Chain, own: AccountName): string {
  return overlays ? `In ${overlayWords(overlays)} the account is ${shown(own)}, and ` : '';
}

function message(chain: Chain, own: AccountName, best: Admitted, count: number): string {
  const { account, like } = best;
  const fits = (pattern: string, value: string) => (like ? matchesGlob(pattern, value) : pattern === value);
  const how = difference(own, account, fits(account.namespace, own.namespace), fits(account.name, own.name));
  const more = count > 2 ? ` and ${count - 1} others` : count === 2 ? ' and one other' : '';
  return `${madeBy(chain, own)}${chain.roleArn!.name.value} does not admit ${chain.overlays ? 'it' : shown(own)}. It admits ${shown(account)}${more}: ${how}. ` +
    `Pods would see "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". ` +
    `Rename one to fit the other, or admit this account too.${tieNote(chain)}`;
}

/** Renames the account with all that uses it in its deployment; not onto an account that exists, nor a stand-in's name. */
function rename(chain: Chain, own: AccountName, best: Admitted, context: RuleContext): Fix[] {
  const { wiring } = context;
  const { account } = chain;
  const { name } = best.account;
  if (best.account.namespace !== own.namespace || name === own.name || !isServiceAccountName(name)) return [];
  const here = (uri: string) => wiring.together(account.doc.uri, uri);
  if (wiring.accountsNamed(name, own.namespace).some((other) => here(other.doc.uri))) return [];
  // Names that overlays make are in no file.
  if (literal(account.name) !== own.name || wiring.chainsFor(account).length > 1) return [];
  const accounts = wiring.accountsNamed(own.name, own.namespace).filter((other) => here(other.doc.uri));
  if (accounts.some((each) => literal(each.name) !== own.name)) return [];
  const workloads = new Set(accounts.flatMap((each) => context.workloadsOf(each)));
  const subject = formatSubject(own.namespace, own.name);
  const edits = [
    ...accounts.map((each) => rewrite(each.doc, each.name!, name)),
    ...[...workloads].map((each) => each.serviceAccountName && rewrite(each.doc, each.serviceAccountName, name)),
  ];
  for (const policy of wiring.policiesNaming?.(own.name) ?? []) {
    if (!here(policy.doc.uri)) continue;
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

function admit(policy: TrustPolicyFact, own: AccountName, best: Admitted, context: RuleContext): Fix[] {
  const edits = addValue(policy.doc, policy.policy.form, best.key.values, best.value, formatSubject(own.namespace, own.name),
    (doc, offset) => context.position?.(doc, offset));
  const who = best.account.namespace === own.namespace ? own.name : shown(own);
  return edits ? [{ title: `Allow ${who} in ${fileName(policy.doc.uri)}`, safe: false, edits }] : [];
}
