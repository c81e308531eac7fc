import { parseRoleArn, type RoleArn } from '../model/arn';
import type { RoleFact, ServiceAccountFact } from '../model/facts';
import { trim } from '../text/texts';
import { filledIn } from './kustomizeObjects';
import { roleKey } from './roleNames';

/** The role that an account's annotation asks for, `substitutes` filled in; undefined where the value is no role ARN. */
export function requestedRole(account: ServiceAccountFact, substitutes?: Readonly<Record<string, string>>): RoleArn | undefined {
  const text = account.roleArn?.value;
  return text && parseRoleArn(trim(substitutes ? filledIn(text, substitutes) : text));
}

/** The name by which a role of a file is found; undefined where no file tells. */
export function roleNameOf(role: RoleFact): string | undefined {
  return roleKey(role.arn && parseRoleArn(trim(role.arn))?.name, role.doc.uri) ?? roleKey(role.name, role.doc.uri);
}
