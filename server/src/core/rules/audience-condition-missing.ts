import { defaultAudience } from '../model/subject';
import type { Rule } from './rule';
import { lines } from '../text/message';
import { customAudiences } from './trust/claims';
import { addAudience, fix } from './trust/edits';
import { standingMistakes } from './trust/owners';
import { admitsTokens, conditionsOn, denyMayNarrow, isUnknown } from './trust/restrictions';
import { podStatements } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds statements that restrict the subject of a token but not its audience.

## Why

IAM accepts only tokens whose audience is one of the provider's client IDs, so the policy works, and many policies have no
condition on it. A condition on \`:aud\` blocks tokens for another client ID of the same provider; AWS's own examples have it.

## Wrong

\`\`\`json
"StringEquals": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
}
\`\`\`

## Right

\`\`\`json
"StringEquals": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app",
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "sts.amazonaws.com"
}
\`\`\`

## When to turn it off

If every provider has only the client ID \`sts.amazonaws.com\`.
`;

/** The subject is restricted and the audience isn't. */
export const audienceConditionMissing: Rule = {
  id: 'audience-condition-missing',
  level: 'info',
  title: "The audience isn't restricted",
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, associate-service-account-role; IAM user guide, OIDC role creation (aud condition)',
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!admitsTokens(statement, context) || conditionsOn('aud', statement).length > 0) continue;
        const [subject] = conditionsOn('sub', statement);
        if (!subject || statement.atoms.some(isUnknown) || denyMayNarrow('aud', statement, context)) continue;
        if (standingMistakes(statement, context).length > 0) continue;
        const edit = customAudiences(context) ? undefined : addAudience(statement, context, subject);
        context.report({
          doc: fact.doc,
          span: subject.key.span,
          message: lines(
            'The trust policy restricts the subject but not the audience.',
            'Tokens of this service account for any client ID of the provider are accepted.',
            `Add a condition on :aud with ${defaultAudience}.`,
          ),
          fixes: edit ? [fix(`Add the audience ${defaultAudience}`, false, [edit])] : [],
        });
      }
    },
  },
};
