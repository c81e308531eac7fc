import { literal } from '../text/texts';
import type { Fix, Rule, RuleContext } from './rule';
import { formatSubject } from '../model/subject';
import { addKey, fix } from './trust/edits';
import { standingMistakes } from './trust/owners';
import { admitsTokens, conditionsOn, denyMayNarrow, isUnknown } from './trust/restrictions';
import { podStatements, type PodStatement } from './trust/statements';

const doc = `
Finds statements that admit tokens of a cluster without looking at their subject.

## Why

Without a condition on \`:sub\` every pod of the cluster, of any namespace and any service account, may take the role; the
audience is the same for all of them. The role works, and so it does for whoever may run a pod.

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

A Deny that looks at the subject, and conditions that templates fill in, count as a restriction.

## When to turn it off

For roles that every pod of a cluster is meant to take.
`;

/** No condition looks at the subject: every pod of the cluster may take the role. */
export const subjectConditionMissing: Rule = {
  id: 'subject-condition-missing',
  level: 'warning',
  title: 'Every pod of the cluster may take the role',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role (best practice: restrict the subject)',
  doc,
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!admitsTokens(statement, context) || conditionsOn('sub', statement).length > 0) continue;
        if (statement.atoms.some(isUnknown) || denyMayNarrow('sub', statement, context)) continue;
        // Another rule has named the condition that was meant to restrict.
        if (standingMistakes(statement, context).length > 0) continue;
        const { condition, principal } = statement.statement;
        context.report({
          doc: fact.doc,
          span: (condition?.key ?? principal?.key ?? statement.providers[0]!.value).span,
          message:
            "No condition looks at the token's subject, so every pod of the cluster may take this role. Restrict :sub to system:serviceaccount:<namespace>:<name>.",
          fixes: fixes(statement, context),
        });
      }
    },
  },
};

/** The accounts that ask for this role are the subjects that were meant, where there is just one. */
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
