import { headline, line, lines } from '../text/message';
import type { Rule } from './rule';
import { rewrite } from './support/edits';
import { likelyRole } from './support/likelyRoles';
import { fileName } from './support/ties';
import { accessDenied } from './trust/effects';
import { nearlySame } from '../model/nearNames';
import { literal } from '../text/texts';
import { contradicts } from '../wiring/policyIndex';

/** The page: see pages.ts. */
export const doc = `
Finds a role in an annotation that no file makes, where the only trust policy that allows the service account is of a role of nearly
the same name.

## Why

STS doesn't tell a role that doesn't exist from one that doesn't allow the pod: pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`yaml
metadata:
  name: demo-sa
  namespace: demo-namespace
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-roel
\`\`\`
\`\`\`hcl
resource "aws_iam_role" "demo" {
  name               = "demo-role"
  assume_role_policy = data.aws_iam_policy_document.demo.json # allows demo-namespace/demo-sa
}
\`\`\`

## Right

\`\`\`yaml
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

Names that differ by a number or an environment are two names. Nothing is said if another service account uses the other role, or if
AWS or a file has a role of the name that is written.

## When to turn it off

If the roles of most service accounts are made by something that these files don't show.
`;

/** The account's role is in no file, and the only role that allows the account is called nearly the same. */
export const roleNameMisspelt: Rule = {
  id: 'role-name-misspelt',
  level: 'warning',
  title: 'No file makes the role, and the only role that allows the service account has nearly the same name',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, troubleshoot_roles (role names are compared case-sensitively)',
  phase: 'consequence',
  checks: {
    chain(chain, context) {
      const { wiring } = context;
      const name = literal(chain.roleArn?.name);
      if (name === undefined || wiring.hasRoleNamed(name)) return;
      const found = likelyRole(chain, context);
      const meant = found?.names.find((each) => isNear(each, name));
      if (!found || meant === undefined || contradicts(found.policy, chain.roleArn!)) return;
      const { request } = chain;
      const value = request.value!;
      const whole = literal(value);
      context.report({
        doc: request.doc,
        span: request.valueSpan,
        message: lines(
          headline`No file creates the role ${name}; the similar ${meant} allows ${`${chain.namespace!}/${chain.name!}`}.`,
          line`If that role is meant, pods get ${accessDenied}. Its trust policy is in ${fileName(found.policy.doc.uri)}.`,
          'Use the same name in both files.',
        ),
        related: [
          { at: { doc: found.policy.doc, span: found.policy.roleName?.span ?? found.policy.policy.span }, message: `The role ${meant}` },
        ],
        fixes:
          whole?.endsWith(name) === true
            ? [
                {
                  title: `Change the role to ${meant}`,
                  safe: false,
                  edits: [rewrite(request.doc, value, whole.slice(0, whole.length - name.length) + meant)],
                },
              ]
            : [],
      });
    },
  },
};

/** A slip of the keys, or another case: role names are compared letter by letter. */
function isNear(a: string, b: string): boolean {
  return a !== b && (a.toLowerCase() === b.toLowerCase() || nearlySame(a, b));
}
