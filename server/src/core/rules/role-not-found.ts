import type { Fix, Rule } from './rule';
import { rewrite } from './support/edits';
import { bySource } from './support/realRole';
import { fileName } from './support/ties';
import { accessDenied } from './trust/effects';
import { webhookRoleArnPattern } from '../model/arn';
import type { AwsRole } from '../model/aws';
import { nearest } from '../text/nearest';
import { literal, trim } from '../text/texts';
import { roleIsMissing } from '../trust/access';
import type { AwsIndex } from '../wiring/aws';
import type { Chain } from '../wiring/chain';

const doc = `
Finds an annotation, or an EKS Pod Identity association, that names a role which the account does not have. It needs AWS, or a snapshot of it, and looks only
in accounts whose roles are all known.

Where a file here is the role's trust policy, the role may only not be made yet: then it is an info.

## Why

The webhook takes the ARN as it stands, and the pod starts. Its first call fails with
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`: STS does not tell a role that is not there from
one that refuses. The path is part of the ARN: \`role/eks/demo-role\` is not \`role/demo-role\`.

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

Where roles are made after the manifests are checked, and nothing here is their trust policy.
`;

/** The role that an annotation names is not in its account. */
export const roleNotFound: Rule = {
  id: 'role-not-found',
  level: 'error',
  title: 'IAM has no such role',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_identifiers (friendly names and paths)',
  doc,
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
      const made = file && !there ? ` ${fileName(file.doc.uri)} is taken to be its trust policy: create the role from it.` : '';
      context.report({
        doc: chain.request.doc,
        span: chain.request.valueSpan,
        message: `Account ${account} has no role ${resource(arn)}${bySource(aws.source.label)}. Pods would see ${accessDenied}.${advice(there, name)}${made || (there ? '' : ' Create it, or name another.')}`,
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
      const made = file && !there ? ` ${fileName(file.doc.uri)} is assumed to be its trust policy: create the role from it.` : '';
      context.report({
        doc: fact.doc,
        span: fact.roleArn.span,
        message: `Account ${account} has no role ${resource(arn)}${bySource(aws.source.label)}. EKS refuses the association.${advice(there, name)}${made || (there ? '' : ' Create it, or name another.')}`,
        ...(made === '' ? {} : { level: 'info' as const }),
        fixes:
          there && !fact.roleArn.borrowed
            ? [
                {
                  title: `Name ${resource(there.arn)}`,
                  safe: there.name.toLowerCase() === name.toLowerCase(),
                  edits: [rewrite(fact.doc, fact.roleArn, there.arn)],
                },
              ]
            : [],
      });
    },
  },
};

/** The role that was probably meant: of the same name under another path or in other letters, else of nearly that name. */
function meant(aws: AwsIndex, account: string, name: string): AwsRole | undefined {
  const [same, another] = aws.rolesNamed(account, name);
  if (same) return another ? undefined : same;
  const roles = aws.account(account)!.roles;
  // A name of three letters is near to too many.
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
  if (!there) return '';
  if (there.name === name) return ` The role is ${resource(there.arn)}: its path is part of the ARN.`;
  return ` There is ${resource(there.arn)}: name that, if it was meant.`;
}

function resource(arn: string): string {
  return arn.slice(arn.indexOf('role/') + 'role/'.length);
}

function fixes(chain: Chain, there: AwsRole, name: string): Fix[] {
  // Names are unique in an account whatever their path: the same name is the same role.
  const safe = there.name.toLowerCase() === name.toLowerCase();
  return [{ title: `Name ${resource(there.arn)}`, safe, edits: [rewrite(chain.request.doc, chain.request.value!, there.arn)] }];
}
