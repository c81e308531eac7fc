import type { AnnotationFact, PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { isBlock, rewrite, visibleSpan } from './support/edits';
import { roleArnProblem, type RoleArnProblem } from '../model/roleArnProblem';
import { shown } from './support/shown';
import { shortKey } from './support/surroundings';
import type { Fix, Rule, RuleContext } from './rule';

const doc = `
Finds a value of \`eks.amazonaws.com/role-arn\`, of eksctl's \`attachRoleARN\` and \`serviceAccountRoleARN\`, or of an EKS Pod
Identity association's role that is not the ARN of an IAM role: a user, a policy, an instance profile or a session (\`assumed-role\`); an ARN without its account, its second colon or \`role/\`; an account of 11 or
13 digits; a bare name; white space, quotes or a comma around the value.

## Why

The webhook only logs a value that is no role's ARN and gives it to the pod all the same. The SDK then calls
\`sts:AssumeRoleWithWebIdentity\` with it, and the pod sees
\`An error occurred (ValidationError) when calling the AssumeRoleWithWebIdentity operation: Request ARN is invalid\`.

## Wrong

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam:111122223333:instance-profile/demo
\`\`\`

## Right

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/eks/demo-role
\`\`\`

Templates (\`{{ .Values.roleArn }}\`, \`\${ACCOUNT}\`), stand-ins (\`<ACCOUNT_ID>\`, \`123456789\`), an empty value and
unknown partitions are left alone. A single word that is not the name of a role in these files may be a placeholder that a pipeline
replaces: that is an info.

## When to turn it off

On clusters with a self-hosted webhook that runs with \`--compose-role-arn\`: it takes a bare role name or path.
`;

/** The annotation's value is no role's ARN. */
export const roleArnMalformed: Rule = {
  id: 'role-arn-malformed',
  level: 'error',
  title: 'The role ARN is not the ARN of an IAM role',
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/cache/cache.go (addSA); IAM user guide, reference_identifiers',
  doc,
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      if (shortKey(fact) !== 'role-arn' || fact.valueType !== 'string' || !fact.value) return;
      if (fact.place !== 'service-account' && fact.place !== 'unknown') return;
      const problem = roleArnProblem(fact.value);
      if (!problem) return;
      context.report({
        doc: fact.doc,
        span: isBlock(fact.value) ? visibleSpan(fact.value) : fact.value.span,
        ...levelOf(problem, context),
        message: message(problem, fact.value.value),
        fixes: fixes(problem, fact),
      });
    },
    serviceAccount({ roleArn: fact }: ServiceAccountFact, context: RuleContext): void {
      // An annotation that a tool writes from a field of its own (eksctl's attachRoleARN).
      if (!fact?.value || fact.valueType !== 'string' || !fact.key.borrowed || (fact.value.borrowed && !fact.value.refers)) return;
      const problem = roleArnProblem(fact.value);
      if (problem)
        context.report({
          doc: fact.doc,
          span: visible(fact.value),
          ...levelOf(problem, context),
          message: message(problem, fact.value.value),
          fixes: fixes(problem, fact),
        });
    },
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      for (const text of [fact.roleArn, fact.targetRoleArn]) {
        if (!text || (text.borrowed && !text.refers)) continue;
        const problem = roleArnProblem(text);
        if (!problem) continue;
        const advice = problem.mended
          ? `Write ${shown(problem.mended.value, 120)}.`
          : "Give the role's own ARN: arn:aws:iam::<account>:role/<name>.";
        context.report({
          doc: fact.doc,
          span: visible(text),
          ...levelOf(problem, context),
          message: `${problem.says}. EKS refuses the association with "InvalidParameterException". ${advice}`,
          fixes:
            problem.mended && !isBlock(text)
              ? [{ title: problem.mended.title, edits: [rewrite(fact.doc, text, problem.mended.value)], safe: problem.mended.sure }]
              : [],
        });
      }
    },
  },
};

/** A word that names no role of these files may be a placeholder that a pipeline replaces. */
function levelOf({ bareName }: RoleArnProblem, { wiring }: RuleContext): { readonly level?: 'info' } {
  return bareName !== undefined && !wiring.hasRoleNamed(bareName) ? { level: 'info' } : {};
}

function visible(text: Text): Span {
  return isBlock(text) ? visibleSpan(text) : text.span;
}

/** STS's least length of a role's ARN. Source: botocore sts arnType. */
const shortestArn = 20;

function message({ says, mended }: RoleArnProblem, value: string): string {
  const error = value.trim().length < shortestArn ? 'Member must have length greater than or equal to 20' : 'Request ARN is invalid';
  const advice = mended ? `Write ${shown(mended.value, 120)}.` : "Give the role's own ARN: arn:aws:iam::<account>:role/<name>.";
  return `${says}. The webhook hands it to the pods as it is, and they would see "ValidationError: ${error}". ${advice}`;
}

function fixes({ mended }: RoleArnProblem, fact: AnnotationFact): Fix[] {
  const text = fact.value!;
  if (!mended) return [];
  if (!isBlock(text)) return [{ title: mended.title, edits: [rewrite(fact.doc, text, mended.value)], safe: mended.sure }];
  // A block scalar's line break belongs to its header: the value moves behind the key.
  if (text.value.trim() !== mended.value || text.holes.length > 0 || text.encodings.length !== 1) return [];
  const span = { start: text.outer.start, end: visibleSpan(text).end };
  return [{ title: mended.title, edits: [{ doc: fact.doc, span, newText: mended.value, judged: text }], safe: mended.sure }];
}
