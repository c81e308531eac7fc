import type { AwsGap, AwsRole } from '../model/aws';
import { inlinePolicyUri, managedPolicyUri } from '../model/awsUri';
import type { PolicyDocument } from '../model/policy';
import { policyFromText } from '../readers/policyDocument';
import { shownDocument } from '../snapshot/documents';
import type { AwsIndex } from '../wiring/aws';

/** A policy that bears on a role: attached, inline, or its boundary. */
export interface PolicySource {
  readonly kind: 'aws-managed' | 'customer-managed' | 'inline';
  readonly name: string;
  /** Absent for inline policies. */
  readonly arn?: string;
  /** Its document in the editor; spans of `policy` count in that text. */
  readonly uri: string;
  /** Absent where it was not read. */
  readonly policy?: PolicyDocument;
}

export interface RoleSources {
  /** Attached ones by ARN, then the inline ones by name. */
  readonly policies: readonly PolicySource[];
  readonly boundary?: PolicySource;
  /** What was not read, each a sentence that says why. */
  readonly gaps: readonly string[];
}

/** A role's policies as far as they are known. */
export function sourcesOf(aws: AwsIndex, role: AwsRole): RoleSources {
  const told = aws.account(role.arn.split(':')[4] ?? '')?.partial ?? [];
  const gaps: string[] = [];
  const attached = (role.attached ?? []).map((arn) => managed(aws, arn, told, gaps));
  const inline = Object.entries(role.inline ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, document]): PolicySource => ({
      kind: 'inline',
      name,
      uri: inlinePolicyUri(role.arn, name),
      policy: policyFromText(shownDocument(document)),
    }));
  if (!role.attached) gaps.push(missing('The attached policies', told, ['iam:ListAttachedRolePolicies'], role.arn));
  if (!role.inline) gaps.push(missing('The inline policies', told, ['iam:ListRolePolicies'], role.arn));
  for (const gap of told) {
    // The resource of a refused inline policy is the role's ARN and the policy's name.
    if (gap.action === 'iam:GetRolePolicy' && gap.resource?.startsWith(`${role.arn} `)) {
      gaps.push(sentence(`The inline policy ${gap.resource.slice(role.arn.length + 1)}`, gap));
    }
  }
  const boundary = role.permissionsBoundary === undefined ? undefined : managed(aws, role.permissionsBoundary, told, gaps);
  return { policies: [...attached, ...inline], gaps, ...(boundary ? { boundary } : {}) };
}

function managed(aws: AwsIndex, arn: string, told: readonly AwsGap[], gaps: string[]): PolicySource {
  const document = aws.policy(arn)?.document;
  const source = {
    kind: arn.includes(':iam::aws:') ? ('aws-managed' as const) : ('customer-managed' as const),
    name: arn.slice(arn.lastIndexOf('/') + 1),
    arn,
    uri: managedPolicyUri(arn),
  };
  if (document !== undefined) return { ...source, policy: policyFromText(shownDocument(document)) };
  gaps.push(missing(`The policy ${source.name}`, told, ['iam:GetPolicy', 'iam:GetPolicyVersion'], arn));
  return source;
}

function missing(what: string, told: readonly AwsGap[], actions: readonly string[], resource: string): string {
  const gap = told.find(
    (candidate) => actions.includes(candidate.action) && (candidate.resource === undefined || candidate.resource === resource),
  );
  return gap ? sentence(what, gap) : `${what} ${what.endsWith('s') ? 'were' : 'was'} not read.`;
}

function sentence(what: string, gap: AwsGap): string {
  const verb = what.endsWith('policies') ? 'were' : 'was';
  return `${what} ${verb} not read (${gap.action}): ${/[.?!]$/.test(gap.reason) ? gap.reason : `${gap.reason}.`}`;
}
