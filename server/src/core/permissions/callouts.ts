import { matchesPattern } from '../text/wildcards/match';
import type { Effective, Grant } from './effective';
import { isUnbounded } from './resourcePatterns';
import type { PermissionStatement } from './statements';

/** Something of the permissions that is wider than it looks, or as wide as can be. */
export interface Callout {
  readonly kind: 'administrator' | 'escalation' | 'pass-role' | 'assume-role' | 'grows';
  /** A sentence in plain text. */
  readonly text: string;
  readonly statement: PermissionStatement;
}

/**
 * Actions by which who has them can give himself, or a principal he can then use, any permission.
 * Source: Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation"; each is an IAM operation that
 * changes what a principal may do, or gives out its credentials.
 */
const escalations = new Set([
  'AttachRolePolicy',
  'PutRolePolicy',
  'UpdateAssumeRolePolicy',
  'CreatePolicyVersion',
  'SetDefaultPolicyVersion',
  'AttachUserPolicy',
  'PutUserPolicy',
  'AttachGroupPolicy',
  'PutGroupPolicy',
  'AddUserToGroup',
  'CreateAccessKey',
  'CreateLoginProfile',
  'UpdateLoginProfile',
]);

/** @param bounded true when a boundary holds the role back: then nothing is without bounds. */
export function calloutsOf({ grants }: Effective, bounded: boolean): Callout[] {
  const statements = [...new Set(grants.map((grant) => grant.statement))];
  const admin = statements.find(isAdministrator);
  if (admin && !bounded) {
    return [{ kind: 'administrator', statement: admin, text: `Administrator: ${named(admin)} allows every action on every resource.` }];
  }
  return [...escalationsOf(grants), ...growing(statements)];
}

/** True for a statement that allows all actions on all resources without a condition. */
export function isAdministrator(statement: PermissionStatement): boolean {
  return (
    statement.effect === 'Allow' &&
    statement.actions.everything &&
    statement.condition === undefined &&
    !statement.allBut &&
    statement.resources.some((resource) => /^\*+$/.test(resource))
  );
}

function escalationsOf(grants: readonly Grant[]): Callout[] {
  const found: Callout[] = [];
  const open = grants.filter((grant) => grant.conditions.length === 0);
  const wide = open
    .filter(({ service }) => service === 'iam')
    .flatMap((grant) =>
      grant.actions
        .filter((action) => escalations.has(action.name) && isWide(grant, action))
        .map((action) => ({ name: `iam:${action.name}`, grant })),
    );
  if (wide.length > 0) {
    const names = [...new Set(wide.map(({ name }) => name))].sort();
    found.push({
      kind: 'escalation',
      statement: wide[0]!.grant.statement,
      text: `Can make itself an administrator: ${some(names)} without bounds.`,
    });
  }
  const one = (kind: 'pass-role' | 'assume-role', service: string, name: string, text: string): void => {
    const grant = open.find(
      (candidate) => candidate.service === service && candidate.actions.some((action) => action.name === name && isWide(candidate, action)),
    );
    if (grant) found.push({ kind, statement: grant.statement, text });
  };
  one('pass-role', 'iam', 'PassRole', 'Can hand any role of the account to AWS services: iam:PassRole on any role.');
  one('assume-role', 'sts', 'AssumeRole', 'Can assume any role whose trust policy allows it: sts:AssumeRole on any role.');
  return found;
}

function isWide(grant: Grant, action: Grant['actions'][number]): boolean {
  return action.on !== 'any' && action.on.some((kind) => grant.resources.some((resource) => isUnbounded(resource, kind)));
}

/** Statements that name what they leave out: what AWS adds tomorrow is allowed too. */
function growing(statements: readonly PermissionStatement[]): Callout[] {
  return statements
    .filter((statement) => statement.actions.allBut)
    .map((statement) => ({
      kind: 'grows',
      statement,
      text: `${named(statement)} allows all actions but ${some(statement.actions.written)} (NotAction): actions that AWS adds later are allowed too.`,
    }));
}

/** `statement 2 of AmazonS3FullAccess`. */
export function named(statement: PermissionStatement): string {
  const {
    source: { policy, name, kind },
    number,
  } = statement;
  const what = kind === 'inline' ? `the inline policy "${name}"` : name;
  return (policy?.statements.length ?? 0) > 1 ? `statement ${number} of ${what}` : what;
}

/** The first names of a list, the rest counted. */
export function some(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

/** True when every action of a service that a grant's statement writes is meant: `s3:*`, `*`. */
export function isWholeService(statement: PermissionStatement, service: string): boolean {
  return (
    !statement.actions.allBut &&
    statement.actions.written.some((pattern) => {
      const [prefix, ...rest] = pattern.toLowerCase().split(':');
      return rest.length === 0 ? /^\*+$/.test(prefix!) : matchesPattern(prefix!, service) && /^\*+$/.test(rest.join(':'));
    })
  );
}
