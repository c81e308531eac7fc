/** Characters without white space that all inline policies of a role may have. Source: IAM guide, quotas. */
const inlineQuota = 10_240;

/**
 * A permission policy for a role: the same document with line breaks, or what is wrong with it.
 * Only what makes the call fail is looked at; what the policy allows is its writer's affair.
 */
export function readPermissionPolicy(text: string): { readonly document: string } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { problem: 'The permission policy is not JSON.' };
  }
  if (!isMap(value)) return { problem: "The permissions policy isn't a JSON object." };
  const { Statement: statement } = value;
  const statements = Array.isArray(statement) ? (statement as unknown[]) : [statement];
  if (statement === undefined || statements.length === 0) return { problem: 'The permissions policy has no Statement.' };
  for (const each of statements) {
    if (!isMap(each)) return { problem: "A statement of the permissions policy isn't an object." };
    if ('Principal' in each || 'NotPrincipal' in each)
      return { problem: "The permission policy names a Principal: it is a trust policy or a resource's, and no permission policy." };
    if (!('Effect' in each) || !('Action' in each || 'NotAction' in each))
      return { problem: 'A statement of the permission policy has no Effect, or no Action.' };
    if (!('Resource' in each || 'NotResource' in each)) return { problem: 'A statement of the permission policy has no Resource.' };
  }
  const length = JSON.stringify(value).replace(/\s/g, '').length;
  if (length > inlineQuota)
    return {
      problem: `The permissions policy has ${length} characters without white space; inline policies of a role have at most ${inlineQuota}. Create a managed policy from it, and attach that.`,
    };
  return { document: `${JSON.stringify(value, null, 2)}\n` };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
