import { parseRoleArn } from '../model/arn';
import { parseEksIssuer } from '../model/issuer';
import { partitionById, partitionOfRegion } from '../model/partitions';
import { literal } from '../text/texts';
import type { Edit, Fix, Rule, RuleContext } from './rule';
import { consequence } from './trust/effects';
import { fix, replaceAll, replaceIn } from './trust/edits';
import type { Provider } from './trust/providers';
import { shown } from './trust/shown';
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
  const written = literal(arn?.partition);
  if (!arn || written === undefined) return;
  const { fact } = statement;
  const issuer = literal(arn.issuer);
  const eks = issuer === undefined ? undefined : parseEksIssuer(issuer);
  const home = eks && partitionOfRegion(eks.region);
  const { text } = consequence(statement, 'never');
  const suffix = eks && home ? suffixFault(issuer!, eks.region, eks.id) : undefined;
  const edits: Edit[] = suffix ? suffixEdits(provider, statement, issuer!, suffix) : [];

  if (home && partitionById(written) && written !== home.id) {
    edits.push(replaceAll(fact, arn.partition, home.id));
    report(`The provider's ARN is of the partition ${written}, and its issuer's region ${eks.region} is of ${home.id}, ${text} Write arn:${home.id}.`,
      arn.partition.span, [fix(`Use the partition ${home.id}`, true, edits)]);
  } else if (suffix) {
    report(`The issuer's region ${eks!.region} goes with the suffix ${home!.dnsSuffix}, ${text} Write ${shown(suffix)}.`,
      arn.issuer.span, [fix(`Use the suffix ${home!.dnsSuffix}`, true, edits)]);
  } else {
    const role = fact.roleArn && parseRoleArn(fact.roleArn);
    const roles = literal(role?.partition);
    if (!role || roles === undefined || roles === written || !partitionById(roles) || !partitionById(written)) return;
    report(`The provider is of the partition ${written}, and the role is of ${roles}, ${text} Name the provider of the role's partition.`, arn.partition.span, [],
      [{ at: { doc: fact.doc, span: role.partition.span }, message: "the role's partition" }]);
  }

  function report(message: string, span: { start: number; end: number }, fixes: readonly Fix[], related: { at: { doc: typeof fact.doc; span: { start: number; end: number } }; message: string }[] = []): void {
    context.report({ doc: fact.doc, span, message, fixes, related });
  }
}

/** The issuer with its region's suffix, where it is sure that it has another one: GovCloud's and newer ones are only believed. */
function suffixFault(issuer: string, region: string, id: string): string | undefined {
  const home = partitionOfRegion(region)!;
  if (home.id !== 'aws' && home.id !== 'aws-cn') return undefined;
  const right = `oidc.eks.${region}.${home.dnsSuffix}/id/${id}`;
  return right === issuer ? undefined : right;
}

function suffixEdits(provider: Provider, statement: PodStatement, from: string, to: string): Edit[] {
  const edits = [replaceAll(statement.fact, provider.arn!.issuer, to)];
  for (const { claim, key } of statement.atoms) {
    if (claim && literal(claim.issuer) === from) edits.push(replaceIn(statement.fact, key, 0, claim.issuer.value.length, to));
  }
  return edits;
}
