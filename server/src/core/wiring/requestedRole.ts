import { parseRoleArn, type RoleArn } from '../model/arn';
import type { RoleFact, ServiceAccountFact } from '../model/facts';
import type { Text } from '../text/text';
import { trim } from '../text/texts';
import { filledIn } from './kustomizeObjects';
import { roleKey } from './roleNames';

const known = new WeakMap<Text, { readonly arn: RoleArn | undefined }>();

/** The role that an account's annotation asks for, `substitutes` filled in; undefined where the value is no role ARN. */
export function requestedRole(account: ServiceAccountFact, substitutes?: Readonly<Record<string, string>>): RoleArn | undefined {
  const text = account.roleArn?.value;
  if (!text) return undefined;
  if (substitutes) return parseRoleArn(trim(filledIn(text, substitutes)));
  // Joins, chains and completion all ask.
  let role = known.get(text);
  if (!role) known.set(text, (role = { arn: parseRoleArn(trim(text)) }));
  return role.arn;
}

/** The name by which a role of a file is found; undefined where no file tells. */
export function roleNameOf(role: RoleFact): string | undefined {
  return roleKey(role.arn && parseRoleArn(trim(role.arn))?.name, role.doc.uri) ?? roleKey(role.name, role.doc.uri);
}
