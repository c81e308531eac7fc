import type { Rule, Fix, OtherSide, RuleContext } from './rule';
import { distance, qualified, type AccountName } from './support/accountNames';
import { addValue } from './support/addValue';
import { notAppliedYet, refusedByFile, refusedByRole } from './support/realRole';
import { fileName, recipients, tieNote } from './support/ties';
import { overlayWords } from '../wiring/overlayWords';
import { rewrite } from './support/edits';
import type { TrustPolicyFact } from '../model/facts';
import { formatSubject, isServiceAccountName } from '../model/subject';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { accessOf, policiesOf } from '../trust/access';
import { shownRoleName } from '../trust/roleText';
import { allowedInstead, type AllowedAccount } from '../trust/subjects';
import type { Chain } from '../wiring/chain';
import type { Placed } from '../wiring/ground';
import { isPlain, isWeak } from '../wiring/tie';

/** The page: see pages.ts. */
export const doc = `
Finds a service account whose role's trust policy allows other service accounts: the provider, the action and the audience
of a statement match, and only the subject doesn't.

The trust policy is found by \`roles:\` in \`pod-roles.yaml\`, by a role name in the same document, or by its path. If
it is only assumed, as the only policy next to the only annotated service account, the finding is an info.

If the policy doesn't allow the service account for another cause that depends on it (its audience, the issuer of its
cluster), and the policy has no error by itself, that is reported too. If several policies may be the role's and they don't
agree, nothing is reported.

With AWS or a snapshot of it, the role's own trust policy is known. It is used if no file has the trust policy, and then every
cause is reported. If a file allows the service account and the role in AWS doesn't yet, that is an info.

## Why

STS compares the token's subject, \`system:serviceaccount:<namespace>:<name>\`, exactly with \`StringEquals\`,
and with \`*\` and \`?\` as wildcards with \`StringLike\`. If no statement matches, the pod gets
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

If kustomizations deploy the service account, the result of each of them is checked: with its \`namespace\`, \`namePrefix\`,
\`nameSuffix\`, patches and components. The finding names the overlay, and is on the annotation that is in effect there.

Not reported: an unknown namespace, name or AWS account of the role, files that clearly belong to different deployments,
overlays for a developer's own machine (\`local\`, \`kind\`, \`minikube\`), and a policy with an error for which it allows no
pod: that error is reported instead.

## When to turn it off

For files whose names are replaced by a tool that Pod Roles doesn't read.
`;

/** The role's trust policy doesn't allow the account that uses the role. */
export const subjectMismatch: Rule = {
  id: 'subject-mismatch',
  level: 'error',
  title: "The trust policy doesn't allow the service account that uses the role",
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role; IAM user guide, reference_policies_elements_condition_operators',
  phase: 'consequence',
  twoSided: true,
  checks: {
    chain(chain: Chain, context: RuleContext): void {
      const lag = notAppliedYet(chain);
      if (lag) context.report(lag);
      const verdict = context.verdict(chain);
      // Other rules report whether the role and its provider exist.
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
      const renames = isOnly ? rename(chain, own, best!, context) : [];
      const additions = isOnly && !real && !isShared(tie.policy, context) ? admit(tie.policy, own, best!, context) : [];
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: message(chain, own, best!, allowed.length, renames.length > 0, real ? undefined : tie.policy),
        ...(isWeak(tie) ? { level: 'info' as const } : {}),
        overlays: chain.overlays,
        related: real ? [] : [{ at: { doc: tie.policy.doc, span: best!.value.span }, message: 'The subject in the trust policy' }],
        fixes: [...renames, ...additions],
        otherSide: real ? undefined : otherSide(chain, own, best!, allowed.length, additions, context),
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

/** @param isRenamed whether a fix renames the service account: only then does the text offer it */
function message(
  chain: Chain,
  own: AccountName,
  best: AllowedAccount,
  count: number,
  isRenamed: boolean,
  file: TrustPolicyFact | undefined,
): string {
  const { overlays } = chain;
  const more = count > 2 ? ` and ${count - 1} others` : count === 2 ? ' and one other' : '';
  const policy = file ? line`the trust policy in ${fileName(file.doc.uri)}` : "the role's trust policy";
  return lines(
    headline`${overlays ? `In ${overlayWords(overlays)}, the` : 'The'} trust policy of ${shownRoleName(chain.request.value)} allows ${qualified(best.account)}${more}, not ${qualified(own)}.`,
    `${recipients(chain)} "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".${tieNote(chain)}`,
    isRenamed ? `Rename the service account, or add it to ${policy}.` : `Add the service account to ${policy}.`,
  );
}

/**
 * The subject that was compared, which is wrong if no service account has it; otherwise its condition, which lacks a subject.
 * @param named the fixes that name the account
 */
function otherSide(
  chain: Chain,
  own: AccountName,
  best: AllowedAccount,
  count: number,
  named: readonly Fix[],
  context: RuleContext,
): OtherSide {
  const { policy, ...tie } = chain.ties[0]!;
  const role = literal(chain.roleArn?.name) ?? 'this role';
  const isUsed = isPattern(best) || count > 1 || exists(best.account, policy, context);
  return {
    at: { doc: policy.doc, span: isUsed ? best.key.key.span : best.value.span },
    name: qualified(own),
    named,
    related: line`${chain.overlays ? `In ${overlayWords(chain.overlays)}, the` : 'The'} service account ${qualified(own)}`,
    message: (names, fixes) => {
      const isOne = names.length === 1;
      const who = isOne
        ? names[0]!
        : `${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''}`;
      const first = isUsed
        ? headline`This condition doesn't allow ${who}, which ${isOne ? 'uses' : 'use'} ${role}.`
        : isOne && best.account.namespace === own.namespace
          ? headline`This subject allows ${qualified(best.account)}, but the service account that uses ${role} is ${own.name}.`
          : headline`This subject allows ${qualified(best.account)}; ${role} is used by ${who}.`;
      const add = `Add ${isOne ? 'it' : 'them'} to the trust policy.`;
      return lines(
        first,
        `${isOne ? recipients(chain) : 'Pods get'} "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".${isPlain(tie) ? '' : tieNote(chain)}`,
        fixes.some(({ title }) => title.startsWith('Rename')) ? `Rename the service account, or add it to the trust policy.` : add,
      );
    },
  };
}

/** So many accounts are named in one message. */
const mostNamed = 3;

function isPattern({ like, value }: AllowedAccount): boolean {
  return like && /[*?]/.test(value.value);
}

/** True where a service account has the name that a subject allows, or so many may have it that it isn't looked up. */
function exists({ name, namespace }: AccountName, policy: TrustPolicyFact, { wiring }: RuleContext): boolean {
  const named = wiring.accountsNamed(name, namespace);
  return named.length > mostRenamed || named.some((each) => wiring.together(each, policy));
}

/** With more accounts of the same name, each would get a fix that renames all of them. */
const mostRenamed = 300;

/** Renames the account with everything that uses it in its deployment; not to the name of an account that exists, nor to a placeholder. */
function rename(chain: Chain, own: AccountName, best: AllowedAccount, context: RuleContext): Fix[] {
  const { wiring } = context;
  const { account } = chain;
  const { name } = best.account;
  if (best.account.namespace !== own.namespace || name === own.name || !isServiceAccountName(name)) return [];
  if (wiring.accountsNamed(own.name).length > mostRenamed) return [];
  const here = (other: Placed) => wiring.together(account, other);
  if (wiring.accountsNamed(name, own.namespace).some(here)) return [];
  // Names that overlays create are in no file.
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
  // An operator's request and its use of the account are one text.
  const sure = [
    ...new Map(edits.flatMap((edit) => (edit ? [[`${edit.doc.uri} ${edit.doc.index} ${edit.span.start}`, edit] as const] : []))).values(),
  ];
  const files = new Set(sure.map((edit) => edit.doc.uri)).size;
  return [{ title: line`Rename the service account to ${name}${files > 1 ? ` (${files} files)` : ''}`, safe: false, edits: sure }];
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
  const added = best.account.namespace === own.namespace ? own.name : qualified(own);
  return edits ? [{ title: line`Allow ${added} in ${fileName(policy.doc.uri)}`, safe: false, edits }] : [];
}
