import type { Rule, Fix, RuleContext } from './rule';
import { headline, lines } from '../text/message';
import type { TrustPolicyFact } from '../model/facts';

/** The page: see pages.ts. */
export const doc = `
Finds values that CloudFormation doesn't substitute in a trust policy: a function such as \`!Sub\` as a condition key, and
\`\${AWS::AccountId}\`, a parameter or a resource of the template in a string without \`Fn::Sub\`.

## Why

A key of a template is a plain string. With a function there, CloudFormation rejects the template ("map keys must be strings"),
and \`\${Name}\` in a key isn't substituted: the request doesn't have this key, and pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`. IAM rejects a provider ARN that still contains
\`\${…}\`. In a policy that is one string within \`!Sub\`, values in keys are substituted.

## Wrong

\`\`\`yaml
AssumeRolePolicyDocument:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal:
        Federated: !Sub arn:aws:iam::\${AWS::AccountId}:oidc-provider/\${Issuer}
      Action: sts:AssumeRoleWithWebIdentity
      Condition:
        StringEquals:
          !Sub "\${Issuer}:sub": system:serviceaccount:demo-namespace:demo-sa
\`\`\`

## Right

\`\`\`yaml
AssumeRolePolicyDocument: !Sub |
  {
    "Version": "2012-10-17",
    "Statement": [{
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::\${AWS::AccountId}:oidc-provider/\${Issuer}"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {"StringEquals": {"\${Issuer}:sub": "system:serviceaccount:demo-namespace:demo-sa"}}
    }]
  }
\`\`\`

Templates with a macro of their own aren't reported.

## When to turn it off

For templates that another tool fills in first, with the same names as in the template.
`;

/** A function as a condition key, or `${…}` without Fn::Sub. */
export const cloudformationNotSubstituted: Rule = {
  id: 'cloudformation-not-substituted',
  level: 'error',
  title: "CloudFormation doesn't substitute this value",
  fixable: true,
  since: '0.1.0',
  source: 'CloudFormation user guide, Fn::Sub and intrinsic functions',
  checks: {
    trustPolicy(fact: TrustPolicyFact, context: RuleContext): void {
      for (const each of fact.unsubstituted ?? []) {
        context.report({
          doc: fact.doc,
          span: each.text.span,
          message: message(each),
          fixes: each.kind === 'value' ? [wrap(fact, each.text)] : [],
        });
      }
    },
  },
};

const whole = 'Write the whole policy as one JSON string within Fn::Sub.';

function message({ kind, name }: NonNullable<TrustPolicyFact['unsubstituted']>[number]): string {
  if (kind === 'function-key')
    return lines(headline`${name} can't be used as a key.`, 'CloudFormation rejects the template with "map keys must be strings".', whole);
  if (kind === 'key') {
    return lines(
      headline`CloudFormation doesn't substitute \${${name}} in keys, so the condition never matches.`,
      'Pods get "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity".',
      whole,
    );
  }
  return lines(
    headline`\${${name}} isn't substituted, because the value has no Fn::Sub.`,
    'IAM gets the text unchanged, and no pod can assume this role.',
    'Add Fn::Sub.',
  );
}

function wrap({ doc, policy }: TrustPolicyFact, text: NonNullable<TrustPolicyFact['unsubstituted']>[number]['text']): Fix {
  const at = (offset: number, newText: string) => ({ doc, span: { start: offset, end: offset }, newText });
  const { start, end } = text.outer;
  const edits = policy.form === 'json' ? [at(start, '{"Fn::Sub": '), at(end, '}')] : [at(start, '!Sub ')];
  return { title: 'Substitute the value with Fn::Sub', safe: true, edits };
}
