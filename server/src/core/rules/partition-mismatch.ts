import { parseRoleArn } from '../model/arn';
import { partitionById } from '../model/partitions';
import { literal } from '../text/texts';
import type { Edit, Rule, RuleContext } from './rule';
import { consequence } from './trust/effects';
import { fix, replaceAll, replaceIn } from './trust/edits';
import { partitionFault } from './trust/partitionFault';
import type { Provider } from './trust/providers';
import { headline, line, lines } from '../text/message';
import { podStatements, type PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds a provider whose partition (\`arn:aws\`, \`arn:aws-cn\`, \`arn:aws-us-gov\`) isn't the partition of its issuer's region, an
issuer whose region and DNS suffix belong to different partitions, and a provider in another partition than the role.

## Why

Partitions are separate: a role can't trust a provider in another partition. Pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

## Right

\`\`\`json
"Federated": "arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

Unknown partitions and placeholders aren't reported.

## When to turn it off

There is no known reason to.
`;

/** Partitions of role, provider and issuer differ. */
export const partitionMismatch: Rule = {
  id: 'partition-mismatch',
  level: 'error',
  title: 'Role, provider and issuer are in different partitions',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_identifiers; botocore partitions.json',
  checks: {
    trustPolicy(fact, context) {
      for (const statement of podStatements(fact)) {
        if (!statement.irsa) continue;
        for (const provider of statement.providers) check(provider, statement, context);
      }
    },
  },
};

function check(provider: Provider, statement: PodStatement, context: RuleContext): void {
  const { arn } = provider;
  const { fact } = statement;
  if (!arn) return;
  const { result } = consequence(statement, 'never');
  const fault = partitionFault(provider);
  if (!fault) {
    ofRole(provider, statement, result, context);
    return;
  }
  const { home, region, written, issuer } = fault;
  const edits = issuer === undefined ? [] : issuerEdits(provider, statement, issuer);
  if (written !== undefined) edits.push(replaceAll(fact, arn.partition, home.id));
  context.report(
    written !== undefined
      ? {
          doc: fact.doc,
          span: arn.partition.span,
          fixes: [fix(`Use the partition ${home.id}`, true, edits)],
          message: lines(
            headline`The provider's partition ${written} doesn't match ${home.id}, the partition of ${region}.`,
            result,
            `Use arn:${home.id}.`,
          ),
        }
      : {
          doc: fact.doc,
          span: arn.issuer.span,
          fixes: [fix(`Use the suffix ${home.dnsSuffix}`, true, edits)],
          message: lines(
            headline`The issuer's suffix doesn't match ${home.dnsSuffix}, the suffix of ${region}.`,
            result,
            line`Change the issuer to ${issuer!}.`,
          ),
        },
  );
}

/** Compares with the role's ARN, if it is beside the policy. */
function ofRole({ arn }: Provider, { fact }: PodStatement, result: string, context: RuleContext): void {
  const written = literal(arn?.partition);
  const role = fact.roleArn && parseRoleArn(fact.roleArn);
  const home = literal(role?.partition);
  if (!arn || !role || written === undefined || home === undefined || home === written || !partitionById(home) || !partitionById(written))
    return;
  context.report({
    doc: fact.doc,
    span: arn.partition.span,
    message: lines(
      headline`The provider's partition ${written} doesn't match the role's partition ${home}.`,
      result,
      "Use a provider in the role's partition.",
    ),
    related: [{ at: { doc: fact.doc, span: role.partition.span }, message: "The role's partition" }],
  });
}

function issuerEdits(provider: Provider, statement: PodStatement, to: string): Edit[] {
  const from = literal(provider.arn!.issuer);
  const edits = [replaceAll(statement.fact, provider.arn!.issuer, to)];
  for (const { claim, key } of statement.atoms) {
    if (claim && literal(claim.issuer) === from) edits.push(replaceIn(statement.fact, key, 0, claim.issuer.value.length, to));
  }
  return edits;
}
