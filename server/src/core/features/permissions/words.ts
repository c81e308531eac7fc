import type { AwsRole } from '../../model/aws';
import type { AccessLevel } from '../../permissions/catalogue';
import { some } from '../../permissions/callouts';
import type { RolePermissions } from '../../permissions/permissions';
import type { PermissionStatement } from '../../permissions/statements';
import type { ServicePermissions } from '../../permissions/summary';
import type { AwsIndex } from '../../wiring/aws';
import { duration } from '../duration';

/** Words on roles and permissions, as plain text: hovers escape them, pages take them as they are. */

/** How the levels are headed. */
export const levelNames: Readonly<Record<AccessLevel, string>> = {
  list: 'list',
  read: 'read',
  write: 'write',
  permissions: 'permissions',
  tagging: 'tagging',
};

/** A resource as short as it stays clear: an ARN's last part, with the account where it is another one. */
export function shortResource(resource: string, role: AwsRole): string {
  const parts = resource.split(':');
  if (parts[0] !== 'arn' || parts.length < 6) return resource;
  const account = parts[4]!;
  const foreign = account !== '' && account !== '*' && account !== role.arn.split(':')[4];
  return `${parts.slice(5).join(':')}${foreign ? ` (account ${account})` : ''}`;
}

/** `demo-bucket/*, logs and 3 more`. */
export function resourceWords(service: Pick<ServicePermissions, 'resources'>, role: AwsRole, most = 2): string {
  return some([...new Set(service.resources.map((resource) => shortResource(resource, role)))], most);
}

/** `any queue`, `any bucket or object`; empty where everything is bounded. */
export function anyOfWords({ anyOf }: Pick<ServicePermissions, 'anyOf'>): string {
  return anyOf.length === 0 ? '' : `any ${anyOf.slice(0, 2).join(' or ')}${anyOf.length > 2 ? ' and more' : ''}`;
}

/** `if kms:ViaService = …`, `in part under conditions`; empty without conditions. */
export function conditionalWords({ conditional, conditions }: Pick<ServicePermissions, 'conditional' | 'conditions'>): string {
  if (conditional === 'none') return '';
  if (conditional === 'some') return 'in part under conditions';
  return conditions.length === 1 ? `if ${conditions[0]!}` : 'under conditions';
}

/** What a Deny speaks of: `s3:DeleteBucket`, `s3:* on logs/* if aws:SecureTransport = false`. */
export function denyWords(statement: PermissionStatement, role: AwsRole): string {
  const actions = `${statement.actions.allBut ? 'all but ' : ''}${some(statement.actions.written)}`;
  const resources = statement.resources.map((resource) => shortResource(resource, role));
  const on =
    resources.length === 0 || (!statement.allBut && resources.includes('*'))
      ? ''
      : ` on ${statement.allBut ? 'all but ' : ''}${some(resources)}`;
  return `${actions === '*' ? 'everything' : actions}${on}${statement.condition === undefined ? '' : ` if ${statement.condition}`}`;
}

/** What a boundary does: a sentence. */
export function boundaryWords({ boundary, effective }: RolePermissions): string {
  if (!boundary) return 'Boundary: none.';
  if (!boundary.policy) return `Boundary: ${boundary.name}, which was not read: it may cut off some of this.`;
  const cut = effective.cut.map((action) => `${action.service}:${action.name}`).sort();
  if (cut.length === 0) return `Boundary: ${boundary.name}, which cuts off no action.`;
  return `Boundary: ${boundary.name}, which cuts off ${cut.length === 1 ? '1 action' : `${cut.length} actions`} (${some(cut)}).`;
}

/** `14 read, 3 write actions`, for a lens; says so where it is more than counts can tell. */
export function countWords(permissions: RolePermissions): string {
  if (permissions.callouts.some(({ kind }) => kind === 'administrator')) return 'all permissions ⚠';
  const { totals } = permissions;
  const parts = (['list', 'read', 'write', 'permissions', 'tagging'] as const)
    .filter((level) => totals[level] > 0)
    .map((level) => `${totals[level]} ${levelNames[level]}`);
  const part = permissions.gaps.length > 0 ? ', as far as read' : '';
  const unlisted = permissions.effective.unlisted.length;
  if (parts.length === 0) return unlisted > 0 ? `${unlisted} actions not in the data${part}` : `no actions${part}`;
  const last = parts.at(-1)!;
  return `${parts.join(', ')} ${last.startsWith('1 ') ? 'action' : 'actions'}${permissions.callouts.some(({ kind }) => kind === 'escalation') ? ' ⚠' : ''}${part}`;
}

/** Where AWS's facts are from, and of when: `Snapshot of 2026-11-20`, `AWS, asked 2026-11-20 08:00 UTC`. */
export function sourceWords(aws: AwsIndex, role: AwsRole): string {
  const taken = aws.account(accountOf(role))?.takenAt;
  if (aws.source.kind === 'live') return taken ? `AWS, asked ${taken.slice(0, 10)} ${taken.slice(11, 16)} UTC` : 'AWS';
  return aws.source.label.charAt(0).toUpperCase() + aws.source.label.slice(1);
}

export function accountOf(role: AwsRole): string {
  return role.arn.split(':')[4] ?? '';
}

/** IAM keeps a role's last use for so many days. Source: IAM guide, id_roles_manage "access-advisor tracking period". */
const trackedDays = 400;

/** `Last used 3 days ago in eu-west-1`, counted from when AWS was asked; nothing where it is not known. */
export function lastUsedWords(aws: AwsIndex, role: AwsRole): string {
  if (!role.detail) return '';
  const asked = Date.parse(aws.account(accountOf(role))?.takenAt ?? '');
  if (!role.lastUsed) {
    const age = (asked - Date.parse(role.createdAt ?? '')) / 86_400_000;
    // Without the day of creation nobody knows whether it could have been used for so long.
    return age >= trackedDays
      ? `Not used in the last ${trackedDays} days`
      : role.createdAt === undefined
        ? 'No use recorded'
        : `Not used since it was created on ${role.createdAt.slice(0, 10)}`;
  }
  const where = role.lastUsedRegion ? ` in ${role.lastUsedRegion}` : '';
  const days = Math.floor((asked - Date.parse(role.lastUsed)) / 86_400_000);
  const ago = days === 0 ? 'today' : days === 1 ? 'a day ago' : `${days} days ago`;
  return aws.source.kind === 'live' && days >= 0 ? `Last used ${ago}${where}` : `Last used ${role.lastUsed.slice(0, 10)}${where}`;
}

/** `account 4815…, path /eks/, max session 1 hour`: label and value, in order. */
export function roleFacts(role: AwsRole): [string, string][] {
  return [
    ['account', accountOf(role)],
    ...(role.path === '/' ? [] : [['path', role.path] as [string, string]]),
    ...(role.maxSessionDuration === undefined ? [] : [['max session', duration(role.maxSessionDuration)] as [string, string]]),
  ];
}
