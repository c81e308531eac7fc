import type { AnnotationFact, ObjectFact, PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { isBlock, rewrite, visibleSpan } from './support/edits';
import { roleArnProblem, type RoleArnProblem } from '../model/roleArnProblem';
import { line, lines } from '../text/message';
import { shortKey } from './support/surroundings';
import type { Fix, Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds a value of \`eks.amazonaws.com/role-arn\`, of eksctl's \`attachRoleARN\` and \`serviceAccountRoleARN\`, or of an EKS Pod
Identity association's role that isn't the ARN of an IAM role: a user, a policy, an instance profile or a session (\`assumed-role\`); an ARN without its account, its second colon or \`role/\`; an account ID of 11 or
13 digits; a bare name; white space, quotes or a comma around the value.

## Why

The webhook only logs a value that isn't a role ARN, and passes it to the pod anyway. The SDK then calls
\`sts:AssumeRoleWithWebIdentity\` with it, and the pod gets
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

Templates (\`{{ .Values.roleArn }}\`, \`\${ACCOUNT}\`), placeholders (\`<ACCOUNT_ID>\`, \`123456789\`), an empty value and
unknown partitions aren't reported. A single word that isn't the name of a role in these files may be a placeholder that a pipeline
replaces: that is an info.

## When to turn it off

On clusters with a self-hosted webhook that runs with \`--compose-role-arn\`: it accepts a bare role name or path.
`;

/** The annotation's value isn't a role ARN. */
export const roleArnMalformed: Rule = {
  id: 'role-arn-malformed',
  level: 'error',
  title: "The value isn't the ARN of an IAM role",
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/cache/cache.go (addSA); IAM user guide, reference_identifiers',
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
    object(fact: ObjectFact, context: RuleContext): void {
      for (const text of [...(fact.assumes ?? []), ...(fact.namedRole ? [fact.namedRole] : [])]) {
        const problem = text.borrowed ? undefined : roleArnProblem(text);
        if (!problem) continue;
        context.report({
          doc: fact.doc,
          span: visible(text),
          ...levelOf(problem, context),
          message: message(problem, text.value, fact.objectKind),
          fixes: correction(problem, text, fact),
        });
      }
    },
    serviceAccount({ roleArn: fact, requestedBy }: ServiceAccountFact, context: RuleContext): void {
      // An annotation that a tool writes from a field of its own (eksctl's attachRoleARN).
      if (!fact?.value || fact.valueType !== 'string' || !fact.key.borrowed || (fact.value.borrowed && !fact.value.refers)) return;
      const problem = roleArnProblem(fact.value);
      if (problem)
        context.report({
          doc: fact.doc,
          span: visible(fact.value),
          ...levelOf(problem, context),
          message: message(problem, fact.value.value, requestedBy?.kind),
          fixes: fixes(problem, fact),
        });
    },
    association(fact: PodIdentityAssociationFact, context: RuleContext): void {
      for (const text of [fact.roleArn, fact.targetRoleArn]) {
        if (!text || (text.borrowed && !text.refers)) continue;
        const problem = roleArnProblem(text);
        if (!problem) continue;
        context.report({
          doc: fact.doc,
          span: visible(text),
          ...levelOf(problem, context),
          message: lines(`${problem.says}.`, 'EKS rejects the association with "InvalidParameterException".', change(problem)),
          fixes: correction(problem, text, fact),
        });
      }
    },
  },
};

/** A word that names no role of these files may be a placeholder that a pipeline replaces. */
function levelOf({ bareName }: RoleArnProblem, { wiring }: RuleContext): { readonly level?: 'info' } {
  return bareName !== undefined && !wiring.hasRoleNamed(bareName) && !wiring.isRoleUsed(bareName) ? { level: 'info' } : {};
}

function visible(text: Text): Span {
  return isBlock(text) ? visibleSpan(text) : text.span;
}

/** STS's minimum length of a role ARN. Source: botocore sts arnType. */
const shortestArn = 20;

/** @param operator the kind of the operator's object that has the value; undefined for an annotation, which the webhook reads */
function message(problem: RoleArnProblem, value: string, operator?: string): string {
  const error = value.trim().length < shortestArn ? 'Member must have length greater than or equal to 20' : 'Request ARN is invalid';
  const [who, gets] = operator === undefined ? ['The webhook', 'pods get'] : [operator, 'STS answers'];
  return lines(`${problem.says}.`, `${who} passes it on unchanged, and ${gets} "ValidationError: ${error}".`, change(problem));
}

function correction({ corrected }: Pick<RoleArnProblem, 'corrected'>, text: Text, { doc: at }: Pick<ObjectFact, 'doc'>): Fix[] {
  if (!corrected || isBlock(text)) return [];
  return [{ title: corrected.title, edits: [rewrite(at, text, corrected.value)], safe: corrected.sure }];
}

function change({ corrected }: RoleArnProblem): string {
  return corrected ? line`Change it to ${corrected.value}.` : "Use the role's own ARN: arn:aws:iam::<account>:role/<name>.";
}

function fixes({ corrected }: RoleArnProblem, fact: AnnotationFact): Fix[] {
  const text = fact.value!;
  if (!corrected) return [];
  if (!isBlock(text)) return correction({ corrected }, text, fact);
  // A block scalar's line break belongs to its header: the value moves to the key's line.
  if (text.value.trim() !== corrected.value || text.holes.length > 0 || text.encodings.length !== 1) return [];
  const span = { start: text.outer.start, end: visibleSpan(text).end };
  return [{ title: corrected.title, edits: [{ doc: fact.doc, span, newText: corrected.value, judged: text }], safe: corrected.sure }];
}
