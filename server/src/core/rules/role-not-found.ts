import type { Fix, Rule } from './rule';
import { rewrite } from './support/edits';
import { headline, line, lines } from '../text/message';
import { fileName, recipients, sourceNote } from './support/ties';
import { accessDenied } from './trust/effects';
import { webhookRoleArnPattern } from '../model/arn';
import type { AwsRole } from '../model/aws';
import type { TrustPolicyFact } from '../model/facts';
import { nearest } from '../text/nearest';
import { literal, trim } from '../text/texts';
import { roleIsMissing } from '../trust/access';
import type { AwsIndex } from '../wiring/aws';
import type { Chain } from '../wiring/chain';

/** The page: see pages.ts. */
export const doc = `
Finds an annotation, or an EKS Pod Identity association, with a role that doesn't exist in its AWS account. It needs AWS, or a
snapshot of it, and checks only AWS accounts whose roles are all known.

If a file here is the role's trust policy, the role may just not be created yet: then it is an info.

## Why

The webhook doesn't check the ARN, and the pod starts. Its first call fails with
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`: STS gives the same error for a missing role as for
a trust policy that doesn't match. The path is part of the ARN: \`role/eks/demo-role\` isn't \`role/demo-role\`.

## Wrong

\`\`\`yaml
# IAM has arn:aws:iam::111122223333:role/eks/demo-role
eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/eks/demo-role
\`\`\`

## When to turn it off

If roles are created after the manifests are checked, and their trust policies aren't in these files.
`;

/** The role of an annotation or association doesn't exist in its account. */
export const roleNotFound: Rule = {
  id: 'role-not-found',
  level: 'error',
  title: "The role doesn't exist in IAM",
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_identifiers (friendly names and paths)',
  checks: {
    chain(chain, context) {
      const { aws } = context.wiring;
      const value = chain.request.value;
      const arn = literal(value && trim(value));
      const account = literal(chain.roleArn?.account);
      if (!aws || !value || arn === undefined || account === undefined || !webhookRoleArnPattern.test(arn)) return;
      if (aws.role(arn) || !aws.isComplete(account, 'iam:ListRoles')) return;
      const name = chain.roleArn!.name.value;
      const there = meant(aws, account, name);
      const file = chain.ties.find(({ kind }) => kind !== 'aws')?.policy;
      const made = file && !there ? policyOf(file) : '';
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: lines(
          headline`Account ${account} has no role ${resource(arn)}.`,
          `${recipients(chain)} ${accessDenied}.${sourceNote(aws.source.label)}`,
          made || advice(there, name),
        ),
        ...(made === '' ? {} : { level: 'info' as const }),
        fixes: there ? fixes(chain, there, name) : [],
      });
    },
    association(fact, context) {
      const { aws } = context.wiring;
      const text = fact.roleArn && trim(fact.roleArn);
      const arn = literal(text);
      if (!aws || !fact.roleArn || arn === undefined || !roleIsMissing(arn, aws)) return;
      const [account, name] = [arn.split(':')[4]!, arn.slice(arn.lastIndexOf('/') + 1)];
      const there = meant(aws, account, name);
      const file = context.wiring.grantOf(fact)?.ties.find(({ kind }) => kind !== 'aws')?.policy;
      const made = file && !there ? policyOf(file) : '';
      context.report({
        doc: fact.doc,
        span: fact.roleArn.span,
        message: lines(
          headline`Account ${account} has no role ${resource(arn)}.`,
          `EKS rejects the association.${sourceNote(aws.source.label)}`,
          made || advice(there, name),
        ),
        ...(made === '' ? {} : { level: 'info' as const }),
        fixes:
          there && !fact.roleArn.borrowed
            ? [
                {
                  title: line`Change the role to ${resource(there.arn)}`,
                  safe: there.name.toLowerCase() === name.toLowerCase(),
                  edits: [rewrite(fact.doc, fact.roleArn, there.arn)],
                },
              ]
            : [],
      });
    },
  },
};

/** The role that was probably meant: the same name with another path or case, else a similar name. */
function meant(aws: AwsIndex, account: string, name: string): AwsRole | undefined {
  const [same, another] = aws.rolesNamed(account, name);
  if (same) return another ? undefined : same;
  const roles = aws.account(account)!.roles;
  // Too many names are similar to one of three letters.
  const near =
    name.length < 4
      ? undefined
      : nearest(
          name,
          roles.map((role) => role.name),
        );
  return near === undefined ? undefined : roles.find((role) => role.name === near);
}

function advice(there: AwsRole | undefined, name: string): string {
  if (!there) return 'Create the role, or use another one.';
  if (there.name === name) return line`Use ${resource(there.arn)}: the path is part of the ARN.`;
  return line`Use ${resource(there.arn)}, if that is the right role.`;
}

function policyOf(file: TrustPolicyFact): string {
  return line`${fileName(file.doc.uri)} is assumed to be its trust policy: create the role from it.`;
}

function resource(arn: string): string {
  return arn.slice(arn.indexOf('role/') + 'role/'.length);
}

function fixes(chain: Chain, there: AwsRole, name: string): Fix[] {
  // Names are unique in an account whatever their path: the same name is the same role.
  const safe = there.name.toLowerCase() === name.toLowerCase();
  return [
    { title: line`Change the role to ${resource(there.arn)}`, safe, edits: [rewrite(chain.request.doc, chain.request.value!, there.arn)] },
  ];
}
