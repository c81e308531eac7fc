import { absentKey } from './trust/absentKeys';
import { holdsWhenAbsent } from './trust/atoms';
import type { ConditionRule } from './trust/conditionRule';
import { consequence, harm } from './trust/effects';
import { lines } from '../text/message';

/** The page: see pages.ts. */
export const doc = `
Finds \`ForAllValues\`, \`…IfExists\` and negated operators (\`StringNotEquals\`, …) on a key that the request never has: a key of
another issuer, or one that only other ways to assume a role have.

## Why

These operators match when the key is absent. The condition looks like a restriction but isn't one: every pod that
meets the other conditions can assume the role.

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

\`ForAllValues\` and \`…IfExists\` on the provider's own \`:sub\` and \`:aud\`, which every token has, compare as usual and aren't
reported.

## When to turn it off

If one policy text is used for several kinds of callers.
`;

/** A condition that looks like a restriction and always matches. */
export const conditionAlwaysMatches: ConditionRule = {
  id: 'condition-always-matches',
  level: 'warning',
  title: 'The condition always matches, because its key is absent',
  fixable: false,
  since: '0.1.0',
  source:
    'IAM user guide, reference_policies_elements_condition_operators (IfExists, negated operators), reference_policies_multi-value-conditions',
  find(atom, statement) {
    const absent = absentKey(atom, statement);
    const holds = holdsWhenAbsent(atom);
    if (!absent || !holds || harm(statement, holds) !== 'opens') return [];
    // "No tags but these" is a usual guard, and true as it is meant when there are none. So is a Deny of other callers.
    const { operator } = atom;
    if (/^aws:tagkeys$/i.test(atom.key.value) || operator.family === 'Null' || (statement.effect === 'Deny' && !atom.claim)) return [];
    const { effect, result } = consequence(statement, holds);
    const why =
      holds === 'never'
        ? ''
        : operator.ifExists
          ? '…IfExists matches when the key is absent. '
          : operator.set === 'ForAllValues'
            ? 'ForAllValues matches when the key is absent. '
            : `${operator.base} matches when the key is absent. `;
    return [
      {
        span: atom.key.span,
        holds,
        message: lines(`${absent.says}, ${effect}.`, `${why}${result}`, absent.advice),
        ...(absent.unsure ? { level: 'info' as const } : {}),
      },
    ];
  },
};
