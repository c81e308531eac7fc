import type { AwsAccount, AwsFacts, AwsPolicy, AwsRole } from '../model/aws';
import { documentText } from './documents';
import { ordered } from './order';
import { present, type Values } from './values';

type Source = Readonly<Record<string, unknown>>;

/** Whether JSON is what `aws iam get-account-authorization-details` prints. */
export function isAccountDetails(json: unknown): json is Source {
  return (
    typeof json === 'object' &&
    json !== null &&
    !('version' in json) &&
    ('RoleDetailList' in json || 'UserDetailList' in json || 'Policies' in json)
  );
}

/**
 * Roles and policies from the AWS CLI's account details. Source: IAM API reference, GetAccountAuthorizationDetails.
 * It tells nothing of providers, clusters and associations; that is said in `partial`.
 */
export function readAccountDetails(json: Source, values: Values): AwsFacts | undefined {
  const roles = values.list(json['RoleDetailList'], 'RoleDetailList', (item, place) => role(values, item, place));
  const policies = values.list(json['Policies'], 'Policies', (item, place) => policy(values, item, place));
  const ids = [...new Set([...roles.map(({ arn }) => arn), ...policies.map(({ arn }) => arn)].map((arn) => arn.split(':')[4]!))].filter(
    (id) => /^\d{12}$/.test(id),
  );
  if (ids.length === 0) {
    values.problem('No role and no policy of an account is in it.');
    return undefined;
  }
  const reason = 'not part of get-account-authorization-details';
  const cut = !('RoleDetailList' in json)
    ? 'the details were taken without roles'
    : json['IsTruncated'] === true
      ? 'the details are only a first page'
      : undefined;
  const account = (id: string): AwsAccount => {
    const own = roles.filter(({ arn }) => arn.split(':')[4] === id);
    return {
      id,
      partition: (own[0] ?? policies[0])?.arn.split(':')[1] ?? 'aws',
      takenAt: '',
      regions: [],
      roles: own,
      policies: policies.filter(({ arn }) => [id, 'aws'].includes(arn.split(':')[4]!)),
      providers: [],
      clusters: [],
      associations: [],
      partial: [
        ...(cut === undefined ? [] : [{ action: 'iam:ListRoles', reason: cut }]),
        ...['iam:ListOpenIDConnectProviders', 'eks:ListClusters', 'eks:ListPodIdentityAssociations'].map((action) => ({ action, reason })),
      ],
    };
  };
  return ordered({ version: 1, accounts: ids.map(account) });
}

function role(values: Values, item: unknown, place: string): AwsRole | undefined {
  const from = values.object(item, place);
  const arn = from && values.text(from, 'Arn', place);
  if (!from || arn === undefined) return undefined;
  const name = values.optional(from, 'RoleName', place) ?? arn.slice(arn.lastIndexOf('/') + 1);
  const boundary = objectOf(from['PermissionsBoundary']);
  const lastUsed = objectOf(from['RoleLastUsed']);
  const listed = <T>(key: string, read: (entry: Source) => readonly [string, T | undefined]): [string, T][] =>
    values
      .list(from[key], `${place}.${key}`, (entry, at) => values.object(entry, at))
      .map(read)
      .filter((pair): pair is [string, T] => pair[0] !== '' && pair[1] !== undefined);
  const tags = listed('Tags', (entry) => [textOf(entry['Key']), textOf(entry['Value'])]);
  return present({
    arn,
    name,
    path: values.optional(from, 'Path', place) ?? '/',
    detail: true,
    trustPolicy: documentText(from['AssumeRolePolicyDocument']),
    permissionsBoundary: textOf(boundary['PermissionsBoundaryArn']) || undefined,
    createdAt: instant(textOf(from['CreateDate'])),
    lastUsed: instant(textOf(lastUsed['LastUsedDate'])),
    lastUsedRegion: textOf(lastUsed['Region']) || undefined,
    tags: tags.length > 0 ? Object.fromEntries(tags) : undefined,
    attached: listed('AttachedManagedPolicies', (entry) => [textOf(entry['PolicyArn']), true as const])
      .map(([policyArn]) => policyArn)
      .sort(),
    inline: Object.fromEntries(listed('RolePolicyList', (entry) => [textOf(entry['PolicyName']), documentText(entry['PolicyDocument'])])),
  });
}

function policy(values: Values, item: unknown, place: string): AwsPolicy | undefined {
  const from = values.object(item, place);
  const arn = from && values.text(from, 'Arn', place);
  if (!from || arn === undefined) return undefined;
  const versions = values.list(from['PolicyVersionList'], `${place}.PolicyVersionList`, (entry, at) => values.object(entry, at));
  const current = versions.find((version) => version['IsDefaultVersion'] === true) ?? versions[0];
  return present({
    arn,
    name: values.optional(from, 'PolicyName', place) ?? arn.slice(arn.lastIndexOf('/') + 1),
    document: current && documentText(current['Document']),
    versionId: values.optional(from, 'DefaultVersionId', place),
  });
}

function objectOf(value: unknown): Source {
  return typeof value === 'object' && value !== null ? (value as Source) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** ISO 8601 in UTC; undefined for what is no time. */
function instant(text: string): string | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
