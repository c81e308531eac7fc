import type { Report, Rule, RuleContext } from './rule';
import { grantsFromAws } from './support/podIdentityUse';
import { reasonOf } from './support/realRole';
import { fileName, sourceNote } from './support/ties';
import type { PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import { headline, line, lines, sentence } from '../text/message';
import { accessByGrant, type Access } from '../trust/access';
import { shownRole } from '../trust/roleText';
import type { TargetAccess } from '../trust/targetAccess';
import type { Verdict } from '../trust/verdict';
import type { Grant } from '../wiring/grants';
import { isPlain } from '../wiring/tie';

/** The page: see pages.ts. */
export const doc = `
Finds an EKS Pod Identity association with a target role (\`targetRoleArn\`) whose trust policy doesn't allow the association's role,
lacks \`sts:TagSession\`, or needs something else that the association doesn't pass, or that its role has no permission to assume.

## Why

With a target role, EKS assumes two roles in turn: first the association's role, in the cluster's account, then, with its
credentials, the target role, which may be in another account. Pods get the credentials of the target role, and none if one of the
two steps fails. The session tags of EKS are transitive, so the second step needs \`sts:TagSession\`, too, unless the association
disables session tags.

## Wrong

\`\`\`json
{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
\`\`\`

## Right

\`\`\`json
{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/association-role"}, "Action": ["sts:AssumeRole", "sts:TagSession"],
 "Condition": {"StringEquals": {"sts:ExternalId": "the externalId of the association"}}}
\`\`\`

EKS makes the external ID when the association is created: refer to it (\`aws_eks_pod_identity_association.demo.external_id\`,
\`!GetAtt Demo.ExternalId\`), don't guess it. Where it isn't known, whether a condition on it is met is unknown, and isn't reported.
A target role in another account also needs a permission policy of the association's role that allows both actions on it. That is
checked if AWS, or a snapshot, has all policies of the role.

## When to turn it off

If the target role's trust policy is completed by another tool.
`;

/** A target role that the association's role can't assume. */
export const targetRoleMismatch: Rule = {
  id: 'target-role-mismatch',
  level: 'error',
  title: "The association's role can't assume the target role",
  fixable: false,
  since: '0.1.0',
  source: 'EKS API, CreatePodIdentityAssociation (targetRoleArn), PodIdentityAssociation (externalId); IAM user guide, id_session-tags',
  checks: {
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      const grant = context.wiring.grantOf(fact);
      const report = grant && mismatch(grant, { doc: fact.doc, span: fact.targetRoleArn?.span ?? fact.head }, context);
      if (report) context.report(report);
    },
    serviceAccount(fact: ServiceAccountFact, context: RuleContext): void {
      // An association of a file has its finding there; AWS's has no file.
      for (const { grant, span } of grantsFromAws(fact, context)) {
        const report = mismatch(grant, { doc: fact.doc, span }, context);
        if (report) context.report(report);
      }
    },
  },
};

function mismatch(grant: Grant, at: Pick<Report, 'doc' | 'span'>, { wiring }: RuleContext): Report | undefined {
  if (!grant.target) return undefined;
  const access = accessByGrant(grant, wiring.aws, undefined, []);
  const { target } = access;
  // What is wrong with the first role, or with the value itself, has a finding of its own.
  if (access.fault !== 'target' || target?.decision !== 'denied' || target.fault === 'role-arn') return undefined;
  const { tie } = target;
  return {
    ...at,
    message: message(access, target, grant, wiring.aws?.source.label ?? 'AWS'),
    related:
      tie && tie.kind !== 'aws' && target.fault === undefined
        ? [
            {
              at: { doc: tie.policy.doc, span: tie.policy.policy.statements[0]?.span ?? tie.policy.policy.span },
              message: "The target role's trust policy",
            },
          ]
        : [],
  };
}

function message({ role }: Access, told: TargetAccess, grant: Grant, source: string): string {
  const { role: name, verdict, tie, fault, permission, target } = told;
  const from = grant.association === undefined ? sourceNote(grant.source ?? 'AWS') : '';
  if (fault === 'role-missing')
    return lines(
      headline`The association's target role ${name} doesn't exist.`,
      `EKS can't assume it, so pods get no credentials.${sourceNote(source)}`,
      'Create the role, or change targetRoleArn.',
    );
  if (permission && fault === 'permission') {
    const arn = target.roleArn?.text.value ?? name;
    const actions = permission.actions.join(' and ');
    return lines(
      headline`The policies of the association's role ${role} don't allow it to assume target role ${name}.`,
      `EKS can't assume it with that role, so pods get no credentials.${sourceNote(source)}`,
      line`Allow ${role} to use ${actions} on ${arn}.`,
    );
  }
  const found =
    !tie || isPlain(tie)
      ? ''
      : tie.kind === 'aws'
        ? from === '' || tie.because !== grant.source
          ? sourceNote(tie.because)
          : ''
        : line` ${fileName(tie.policy.doc.uri)} is assumed to be its trust policy, ${tie.because}.`;
  const tags = grant.sessionTagsDisabled ? '' : ' and sts:TagSession';
  return lines(
    headline`The trust policy of target role ${name} doesn't allow the association's role ${role}.`,
    `${verdict ? sentence(whyOf(verdict, grant)) : ''} Pods get no credentials.${from}${found}`.trim(),
    line`Allow the principal AWS ${grant.role ? shownRole(grant.role) : role} to use sts:AssumeRole${tags}.`,
  );
}

/** What fails, as a sentence. Statements that allow one of the two actions fail in none of their elements. */
function whyOf(verdict: Verdict, { sessionTagsDisabled }: Grant): string {
  if (
    !sessionTagsDisabled &&
    verdict.trace.every(({ element, effect, matched }) =>
      element === 'Statement' ? effect !== 'Deny' || matched !== true : matched !== false,
    )
  )
    return "It doesn't allow both sts:AssumeRole and sts:TagSession, which the session tags need.";
  const why = reasonOf(verdict);
  return why.charAt(0).toUpperCase() + why.slice(1);
}
