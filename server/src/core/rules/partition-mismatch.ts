import { parseRoleArn } from '../model/arn';
import { partitionById } from '../model/partitions';
import { literal } from '../text/texts';
import type { Edit, Rule, RuleContext } from './rule';
import { consequence } from './trust/effects';
import { fix, replaceAll, replaceIn } from './trust/edits';
import { partitionFault } from './trust/partitionFault';
import type { Provider } from './trust/providers';
import { shown } from '../text/shown';
import { podStatements, type PodStatement } from './trust/statements';

const doc = `
Finds a provider whose partition (\`arn:aws\`, \`arn:aws-cn\`, \`arn:aws-us-gov\`) is not that of its issuer's region, an issuer
whose region and DNS suffix belong to different partitions, and a provider of another partition than the role.

## Why

Partitions share nothing: a role of one can trust no provider of another. Pods see
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

## Right

\`\`\`json
"Federated": "arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F"
\`\`\`

Partitions that are not known here, and placeholders, are left alone.

## When to turn it off

Never, as far as we know.
`;

/** Partitions of role, provider and issuer differ. */
export const partitionMismatch: Rule = {
  id: 'partition-mismatch',
  level: 'error',
  title: 'Role, provider and issuer are of different partitions',
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_identifiers; botocore partitions.json',
  doc,
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
  const { text } = consequence(statement, 'never');
  const fault = partitionFault(provider);
  if (!fault) {
    ofRole(provider, statement, text, context);
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
          message: `The provider's ARN is of the partition ${written}, and its issuer's region ${region} is of ${home.id}, ${text} Write arn:${home.id}.`,
        }
      : {
          doc: fact.doc,
          span: arn.issuer.span,
          fixes: [fix(`Use the suffix ${home.dnsSuffix}`, true, edits)],
          message: `The issuer's region ${region} goes with the suffix ${home.dnsSuffix}, ${text} Write ${shown(issuer!)}.`,
        },
  );
}

/** The role's ARN beside the policy, where it stands there. */
function ofRole({ arn }: Provider, { fact }: PodStatement, text: string, context: RuleContext): void {
  const written = literal(arn?.partition);
  const role = fact.roleArn && parseRoleArn(fact.roleArn);
  const home = literal(role?.partition);
  if (!arn || !role || written === undefined || home === undefined || home === written || !partitionById(home) || !partitionById(written))
    return;
  context.report({
    doc: fact.doc,
    span: arn.partition.span,
    message: `The provider is of the partition ${written}, and the role is of ${home}, ${text} Name the provider of the role's partition.`,
    related: [{ at: { doc: fact.doc, span: role.partition.span }, message: "the role's partition" }],
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
