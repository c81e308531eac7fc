import type { Rule, Fix, RuleContext } from './rule';
import type { TrustPolicyFact } from '../model/facts';

const doc = `
Finds what CloudFormation does not put into a trust policy: a function such as \`!Sub\` in the place of a condition key, and
\`\${AWS::AccountId}\`, a parameter or a resource of the template in a text without \`Fn::Sub\`.

## Why

A key of a template is a plain text. With a function there CloudFormation refuses the template ("map keys must be strings"),
and \`\${Name}\` in a key stays as it is written: the request has no such key, and pods see
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`. IAM refuses a provider's ARN that still holds
\`\${…}\`. The whole policy as one text, wrapped in \`!Sub\`, may have values in its keys.

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

Templates with a macro of their own are left alone.

## When to turn it off

For templates that another tool fills in first, with the same names as the template's own.
`;

/** A function as a condition key, or `${…}` where no Fn::Sub puts anything in. */
export const cloudformationNotSubstituted: Rule = {
  id: 'cloudformation-not-substituted',
  level: 'error',
  title: 'CloudFormation puts no value in here',
  fixable: true,
  since: '0.1.0',
  source: 'CloudFormation user guide, Fn::Sub and intrinsic functions',
  doc,
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

const whole = 'Write the whole policy as one JSON text within Fn::Sub.';

function message({ kind, name }: NonNullable<TrustPolicyFact['unsubstituted']>[number]): string {
  if (kind === 'function-key')
    return `${name} stands in the place of a key, and CloudFormation refuses the template: "map keys must be strings". ${whole}`;
  if (kind === 'key') {
    return (
      `CloudFormation puts nothing into keys: this one keeps its \${${name}}, the request has no such key, ` +
      `and pods would see "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity". ${whole}`
    );
  }
  return `No Fn::Sub puts in \${${name}} here: IAM is given the text as it is written, and no pod can take this role. Write Fn::Sub before it.`;
}

function wrap({ doc, policy }: TrustPolicyFact, text: NonNullable<TrustPolicyFact['unsubstituted']>[number]['text']): Fix {
  const at = (offset: number, newText: string) => ({ doc, span: { start: offset, end: offset }, newText });
  const { start, end } = text.outer;
  const edits = policy.form === 'json' ? [at(start, '{"Fn::Sub": '), at(end, '}')] : [at(start, '!Sub ')];
  return { title: 'Substitute the value with Fn::Sub', safe: true, edits };
}
