import type { Rule, RuleContext } from './rule';
import { addValue } from './support/addValue';
import { actionValues, podIdentityActions, speaksOf, webIdentityAction } from './trust/actions';
import { podIdentityDenied } from './trust/effects';
import { fix } from './trust/edits';
import type { TrustPolicyFact } from '../model/facts';
import { headline, lines } from '../text/message';
import { podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds trust policies for EKS Pod Identity that allow only one of its two actions.

## Why

EKS assumes the role with \`sts:AssumeRole\` and passes session tags, which needs \`sts:TagSession\`. Without both,
CreatePodIdentityAssociation returns \`InvalidParameterException: Trust policy of the role provided is invalid\`, and pods get
\`Unauthorized Exception! EKS does not have permissions to assume the associated role.\`

## Wrong

\`\`\`json
"Principal": { "Service": "pods.eks.amazonaws.com" },
"Action": "sts:AssumeRole"
\`\`\`

## Right

\`\`\`json
"Principal": { "Service": "pods.eks.amazonaws.com" },
"Action": ["sts:AssumeRole", "sts:TagSession"]
\`\`\`

The two may be in two statements. If every association of the role disables session tags, it isn't documented whether EKS needs
\`sts:TagSession\`: then that it is missing is an info.

## When to turn it off

There is no known reason to.
`;

/** One of the two actions of EKS Pod Identity is missing. */
export const podIdentityActionMissing: Rule = {
  id: 'pod-identity-action-missing',
  level: 'error',
  title: 'EKS Pod Identity needs both sts:AssumeRole and sts:TagSession',
  fixable: true,
  since: '0.1.0',
  source: 'EKS user guide, pod-id-role; hashicorp/terraform-provider-aws#41483',
  checks: {
    trustPolicy(fact, context) {
      const allows = podStatements(fact).filter((s) => s.podIdentity && s.effect !== 'Deny');
      if (fact.policy.open || allows.some((s) => s.open || s.effect === undefined || s.statement.notAction)) return;
      const [missing, second] = podIdentityActions.filter((action) => allows.every((s) => speaksOf(s, action) === false));
      // Both are missing: action-mismatch reports the action that is there instead.
      if (missing === undefined || second !== undefined) return;
      if (missing === 'sts:AssumeRole' && allows.some((s) => actionValues(s, webIdentityAction).length > 0)) return;
      const other = podIdentityActions.find((action) => action !== missing)!;
      const statement = allows.find((s) => speaksOf(s, other) === true);
      const value =
        statement?.statement.action?.values.find((v) => v.value.toLowerCase() === other.toLowerCase()) ??
        statement?.statement.action?.values[0];
      if (!statement || !value) return;
      const isUnsure = missing === 'sts:TagSession' && isWithoutTags(fact, context);
      context.report({
        doc: fact.doc,
        span: value.span,
        ...(isUnsure ? { level: 'info' as const } : {}),
        message: lines(
          headline`EKS Pod Identity needs ${missing} in addition to ${value.value}.`,
          isUnsure
            ? 'AWS documents both as required, but not whether that holds if the association disables session tags.'
            : `Pods get ${podIdentityDenied}.`,
          `Add ${missing}.`,
        ),
        fixes: fixes(statement, missing, context),
      });
    },
  },
};

/** True where every association that uses the role surely disables session tags: whether EKS tags the session then is written nowhere. */
function isWithoutTags(fact: TrustPolicyFact, { wiring }: RuleContext): boolean {
  const grants = wiring.grantsTo(fact);
  return grants.length > 0 && grants.every(({ sessionTagsDisabled }) => sessionTagsDisabled);
}

function fixes({ fact, statement: { action } }: PodStatement, missing: string, context: RuleContext) {
  const last = action?.values[action.values.length - 1];
  const edits = action && last && addValue(fact.doc, fact.policy.form, action, last, missing, context.position);
  return edits ? [fix(`Add ${missing}`, true, edits)] : [];
}
