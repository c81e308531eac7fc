import { defaultAudience } from '../model/subject';
import { literal } from '../text/texts';
import { holdsWhenDifferent, mayTake } from './trust/atoms';
import { isAskedFor, nearAudience } from './trust/claims';
import type { ConditionRule } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { fix, replaceAll } from './trust/edits';
import { headline, lines } from '../text/message';

/** The page: see pages.ts. */
export const doc = `
Finds an audience under \`:aud\` that was meant to be \`sts.amazonaws.com\` and isn't: \`sts.amazon.com\`,
\`sts.amazonaws.com.cn\`, a regional endpoint, a scheme or a slash, a typing error.

## Why

The webhook requests tokens with the audience \`sts.amazonaws.com\`, in every region and every partition, unless the
service account's \`eks.amazonaws.com/audience\` says otherwise. Another audience never matches: pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "sts.amazonaws.com.cn"
\`\`\`

## Right

\`\`\`json
"oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:aud": "sts.amazonaws.com"
\`\`\`

An audience that is clearly different is assumed to be one of your own, and so is a similar one if an annotation in the
workspace uses it.

## When to turn it off

If pods mount their own projected token with this audience.
`;

/** An audience that the token will not have. */
export const audienceMismatch: ConditionRule = {
  id: 'audience-mismatch',
  level: 'error',
  title: "The audience isn't the token's",
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook main.go (--token-audience); eksctl pkg/iam/oidc',
  find(atom, statement) {
    const { operator, values } = atom;
    if (!statement.irsa || atom.name !== 'aud' || atom.ours === false || operator.family !== 'String' || values.length === 0) return [];
    // One value that may be right is enough: values are ORed.
    if (values.some((value) => literal(value) === undefined || mayTake(value, operator, defaultAudience))) return [];
    if (!values.every((value) => nearAudience(value.value))) return [];
    const [first] = values;
    const holds = holdsWhenDifferent(operator);
    const { effect, result, level } = consequence(statement, holds);
    return [
      {
        span: first!.span,
        holds,
        level,
        message: lines(
          headline`The audience ${first!.value} isn't the token's audience ${defaultAudience}, ${effect}.`,
          result,
          `Change it to ${defaultAudience}.`,
        ),
        fixes: () => [
          fix(`Change the audience to ${defaultAudience}`, !operator.negated, [replaceAll(statement.fact, first!, defaultAudience)]),
        ],
        unless: (context) => values.some((value) => isAskedFor(value.value, context)),
      },
    ];
  },
};
