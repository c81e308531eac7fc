import { absentKey } from './trust/absentKeys';
import { holdsWhenAbsent } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence, harm } from './trust/effects';

const doc = `
Finds \`ForAllValues\`, \`…IfExists\` and negated operators (\`StringNotEquals\`, …) on a key that the request never has: of
another issuer, or one that comes with other ways to take a role.

## Why

These operators are true when the key is absent. The condition looks like a restriction and is none: every pod that
meets the others may take the role.

## Wrong

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1" },
"Condition": { "StringNotLike": { "oidc.eks.eu-west-1.amazonaws.com/id/OLDCLUSTER1:sub": "system:serviceaccount:kube-system:*" } }
\`\`\`

## Right

\`\`\`json
"Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1" },
"Condition": { "StringEquals": { "oidc.eks.eu-west-1.amazonaws.com/id/NEWCLUSTER1:sub": "system:serviceaccount:demo:app" } }
\`\`\`

\`ForAllValues\` and \`…IfExists\` on the provider's own \`:sub\` and \`:aud\`, which every token has, compare as usual and are
left alone.

## When to turn it off

Where one policy text is used for several kinds of callers.
`;

/** A condition that looks like a restriction and always holds. */
export const conditionAlwaysMatches: ConditionRule = {
  id: 'condition-always-matches',
  level: 'warning',
  title: 'The condition always holds, because its key is absent',
  fixable: false,
  since: '0.1.0',
  source:
    'IAM user guide, reference_policies_elements_condition_operators (IfExists, negated operators), reference_policies_multi-value-conditions',
  doc,
  find(atom, statement) {
    const absent = absentKey(atom, statement);
    const holds = holdsWhenAbsent(atom);
    if (!absent || !holds || harm(statement, holds) !== 'opens') return [];
    // "No tags but these" is a usual guard, and true as it is meant when there are none. So is a Deny of other callers.
    const { operator } = atom;
    if (/^aws:tagkeys$/i.test(atom.key.value) || operator.family === 'Null' || (statement.effect === 'Deny' && !atom.claim)) return [];
    const { text } = consequence(statement, holds);
    const why =
      holds === 'never'
        ? ''
        : operator.ifExists
          ? ' …IfExists is true without the key.'
          : operator.set === 'ForAllValues'
            ? ' ForAllValues is true without the key.'
            : ` ${operator.base} is true without the key.`;
    return [
      {
        span: atom.key.span,
        holds,
        message: `${absent.says}, ${text}${why} ${absent.advice}`,
        ...(absent.unsure ? { level: 'info' as const } : {}),
      },
    ];
  },
};
