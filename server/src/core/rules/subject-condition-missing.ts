import { lines } from '../text/message';
import { literal } from '../text/texts';
import type { Fix, Rule, RuleContext } from './rule';
import { formatSubject } from '../model/subject';
import { addKey, fix } from './trust/edits';
import { standingMistakes } from './trust/owners';
import { admitsTokens, conditionsOn, denyMayNarrow, isUnknown } from './trust/restrictions';
import { podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds statements that allow tokens of a cluster without a condition on their subject.

## Why

Without a condition on \`:sub\`, every pod of the cluster, in any namespace and with any service account, can assume the role;
the audience is the same for all of them. So anyone who can run a pod can use the role.

## Wrong

\`\`\`json
"Condition": {
  "StringEquals": { "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "sts.amazonaws.com" }
}
\`\`\`

## Right

\`\`\`json
"Condition": {
  "StringEquals": {
    "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "sts.amazonaws.com",
    "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
  }
}
\`\`\`

A Deny with a condition on the subject, and conditions that templates fill in, count as a restriction.

## When to turn it off

For roles that every pod of a cluster is meant to use.
`;

/** No condition restricts the subject: every pod of the cluster can assume the role. */
export const subjectConditionMissing: Rule = {
  id: 'subject-condition-missing',
  level: 'warning',
  title: 'Every pod of the cluster can assume the role',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role (best practice: restrict the subject)',
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!admitsTokens(statement, context) || conditionsOn('sub', statement).length > 0) continue;
        if (statement.atoms.some(isUnknown) || denyMayNarrow('sub', statement, context)) continue;
        // Another rule has reported the condition that was meant to restrict it.
        if (standingMistakes(statement, context).length > 0) continue;
        const { condition, principal } = statement.statement;
        context.report({
          doc: fact.doc,
          span: (condition?.key ?? principal?.key ?? statement.providers[0]!.value).span,
          message: lines(
            'No condition restricts the subject, so every pod of the cluster can assume this role.',
            undefined,
            'Restrict :sub to system:serviceaccount:<namespace>:<name>.',
          ),
          fixes: fixes(statement, context),
        });
      }
    },
  },
};

/** The account that uses this role is the subject that was meant, if there is just one. */
function fixes(statement: PodStatement, context: RuleContext): Fix[] {
  const { fact } = statement;
  const host = statement.atoms.find(
    (atom) => atom.name === 'aud' && atom.operator.base === 'StringEquals' && atom.operator.set === undefined,
  );
  if (!host) return [];
  const subjects = new Set<string>();
  for (const { namespace, name } of context.wiring.chainsOf(fact)) {
    if (namespace === undefined || name === undefined) return [];
    subjects.add(formatSubject(namespace, name));
  }
  const [subject] = subjects;
  if (subjects.size !== 1 || subject === undefined || literal(host.claim?.issuer) === '') return [];
  const edit = addKey(fact, context, host, `${host.claim!.issuer.value}:sub`, subject);
  return edit ? [fix(`Allow only ${subject}`, false, [edit])] : [];
}
