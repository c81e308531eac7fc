import type { AwsFacts, AwsGap, AwsRole } from '../../server/src/core/model/aws';
import { permissionsOf, type RolePermissions } from '../../server/src/core/permissions/permissions';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { catalogue } from '../support/catalogue';

export const accountId = '481516234212';
export const roleArn = `arn:aws:iam::${accountId}:role/demo-role`;

type Statement = Record<string, unknown>;

export interface Written {
  /** Statements of policies by name: an ARN is attached, a bare name is inline, `boundary` is the boundary. */
  readonly [policy: string]: readonly Statement[];
}

/** The document of statements; a statement without Effect allows, without Resource is on `*`. */
export function documentOf(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      ...statement,
      ...('Resource' in statement || 'NotResource' in statement ? {} : { Resource: '*' }),
    })),
  });
}

/** AWS's facts of one role with policies. */
export function factsOf(written: Written, role: Partial<AwsRole> = {}, partial: readonly AwsGap[] = []): AwsFacts {
  const boundary = `arn:aws:iam::${accountId}:policy/boundary`;
  const managed = Object.entries(written).filter(([name]) => name.startsWith('arn:'));
  const inline = Object.entries(written).filter(([name]) => !name.startsWith('arn:') && name !== 'boundary');
  const own: AwsRole = {
    arn: roleArn,
    name: 'demo-role',
    path: '/',
    detail: true,
    attached: managed.map(([arn]) => arn),
    inline: Object.fromEntries(inline.map(([name, statements]) => [name, documentOf(statements)])),
    ...(written['boundary'] ? { permissionsBoundary: boundary } : {}),
    ...role,
  };
  const documents = [...managed, ...(written['boundary'] ? [[boundary, written['boundary']] as const] : [])];
  return {
    version: 1,
    accounts: [
      {
        id: accountId,
        partition: 'aws',
        takenAt: '2026-11-20T08:00:00Z',
        roles: [own],
        providers: [],
        clusters: [],
        associations: [],
        regions: [],
        partial: [...partial, { action: 'iam:ListOpenIDConnectProviders', reason: 'not asked' }],
        policies: documents.map(([arn, statements]) => ({
          arn,
          name: arn.slice(arn.lastIndexOf('/') + 1),
          document: documentOf(statements),
        })),
      },
    ],
  };
}

/** What a role with these policies may do. */
export function permissions(written: Written, role: Partial<AwsRole> = {}, partial: readonly AwsGap[] = []): RolePermissions {
  const aws = new AwsIndex(factsOf(written, role, partial), { kind: 'snapshot', label: 'snapshot of 2026-11-20' });
  return permissionsOf(aws, [...aws.roles()][0]!, catalogue());
}

/** `s3:GetObject` and its like, all that is granted, sorted. */
export function granted(of: RolePermissions): string[] {
  return [...new Set(of.effective.grants.flatMap((grant) => grant.actions.map((action) => `${action.service}:${action.name}`)))].sort();
}
