import type { Rule, RuleContext } from './rule';
import { fileName } from './support/ties';
import type { ObjectFact, WorkloadFact } from '../model/facts';
import type { PolicyDocument, Statement } from '../model/policy';
import { headline, line, lines } from '../text/message';
import { literal } from '../text/texts';
import { matchesAction } from '../trust/actions';
import { shownRoleName } from '../trust/roleText';
import { isPlain } from '../wiring/tie';

/** The page. */
/** The page: see pages.ts. */
export const doc = `
Finds roles that an operator assumes with the credentials of another role, although their trust policy doesn't allow roles to
assume them: \`role\` of a SecretStore of External Secrets, \`role\` of cert-manager's Route 53 solver without \`auth\`, and
\`assumeRoleChain\` of a Crossplane ProviderConfig.

## Why

These are assumed with \`sts:AssumeRole\`. A trust policy for the cluster's OIDC provider, or for \`pods.eks.amazonaws.com\`, allows
service accounts, not roles, and AWS answers \`AccessDenied: … is not authorized to perform: sts:AssumeRole\`. A common mistake is to
name the role of the service account a second time.

## Wrong

\`\`\`yaml
kind: SecretStore
spec:
  provider:
    aws:
      role: arn:aws:iam::111122223333:role/reader   # trusts the OIDC provider
      auth:
        jwt: {serviceAccountRef: {name: reader}}     # annotated with the same role
\`\`\`

## Right

The same without \`role\`, or with a role whose trust policy allows \`arn:aws:iam::111122223333:role/reader\`.

Conditions aren't checked, and a policy that allows the whole account is right.

## When to turn it off

If the trust policy is changed elsewhere.
`;

/** A role that no role can assume, named where one assumes it. */
export const assumedRoleMismatch: Rule = {
  id: 'assumed-role-mismatch',
  level: 'error',
  title: "The role that an operator assumes doesn't allow roles to assume it",
  fixable: false,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_elements_principal; external-secrets, docs/provider/aws-access.md',
  checks: {
    object(fact, context) {
      for (const [i, role] of (fact.assumes ?? []).entries()) {
        const ties = context.wiring.policiesOfRole(role, fact);
        const [tie] = ties;
        const caller = i === 0 && fact.assumes!.length === 1 ? callerOf(fact, context) : undefined;
        if (!tie || !ties.every(({ policy }) => allowsNoRole(policy.policy, caller))) continue;
        const name = shownRoleName(role);
        const isSelf = caller !== undefined && literal(role) === caller;
        context.report({
          doc: fact.doc,
          span: role.span,
          // A policy that is found by its place may be another role's.
          ...(isPlain(tie) || tie.kind === 'aws' || tie.kind === 'config' ? {} : { level: 'warning' as const }),
          message: lines(
            isSelf
              ? headline`${fact.objectKind} assumes ${name}, which is the service account's own role already.`
              : headline`The trust policy of ${name} doesn't allow ${caller === undefined ? 'roles' : shortRole(caller)} to assume it.`,
            line`${fact.objectKind} ${fact.name?.value ?? ''} gets "AccessDenied: … is not authorized to perform: sts:AssumeRole".${source(tie)}`,
            isSelf ? 'Remove role.' : 'Let its trust policy allow the role that assumes it, or remove the field role.',
          ),
          related:
            tie.kind === 'aws'
              ? []
              : [
                  {
                    at: { doc: tie.policy.doc, span: tie.policy.policy.statements[0]?.span ?? tie.policy.policy.span },
                    message: "The role's trust policy",
                  },
                ],
        });
      }
    },
  },
};

function source(tie: {
  readonly kind: string;
  readonly because: string;
  readonly policy: { readonly doc: { readonly uri: string } };
}): string {
  if (tie.kind === 'aws') return line` Source of the trust policy: ${tie.because}.`;
  return tie.kind === 'identity' || tie.kind === 'document'
    ? ''
    : line` ${fileName(tie.policy.doc.uri)} is assumed to be its trust policy, ${tie.because}.`;
}

/** The role whose credentials a store of External Secrets has: that of the account it names; undefined where no file tells. */
function callerOf(fact: ObjectFact, { wiring }: RuleContext): string | undefined {
  const use = wiring
    .factsIn(fact.doc)
    .find(
      (each): each is WorkloadFact => each.kind === 'workload' && each.operator === 'annotation' && each.span.start === fact.span.start,
    );
  const roles = new Set((use ? wiring.accountsOf(use) : []).map(({ roleArn }) => literal(roleArn?.value)));
  const [role] = roles;
  return roles.size === 1 && role !== undefined && /^arn:[^:]+:iam::\d{12}:role\/./.test(role) ? role : undefined;
}

function shortRole(arn: string): string {
  return arn.slice(arn.indexOf(':role/') + ':role/'.length);
}

/** True where no statement can let a role assume this one; with a caller, that role. Conditions may only take away. */
function allowsNoRole(policy: PolicyDocument, caller: string | undefined): boolean {
  return !policy.open && policy.statements.length > 0 && policy.statements.every((statement) => isForOthers(statement, caller));
}

function isForOthers({ open, effect, principal, notPrincipal, ...rest }: Statement, caller: string | undefined): boolean {
  const kind = literal(effect?.text);
  if (kind === 'Deny') return true;
  if (kind !== 'Allow' || open || !principal || notPrincipal || principal.open || principal.wildcard) return false;
  if (matchesAction({ open, ...rest }, 'sts:AssumeRole') === false) return true;
  return principal.kinds.every(({ key, open: more, values }) => {
    const name = literal(key);
    if (more || name === undefined) return false;
    if (name !== 'AWS') return ['Federated', 'Service', 'CanonicalUser'].includes(name);
    return caller !== undefined && values.every((value) => isOther(literal(value), caller));
  });
}

/** True for a principal that surely is another than the caller, nor its account. */
function isOther(principal: string | undefined, caller: string): boolean {
  if (principal === undefined || principal === '*' || principal === caller) return false;
  const [, , , , account] = caller.split(':');
  if (principal === account || /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1] === account) return false;
  // Sessions of the role, and what only looks like an ARN.
  return /^\d{12}$|^arn:[^:*?]+:iam::\d{12}:(?:root|(?:role|user)\/[^*?]+)$/.test(principal);
}
