import type { Argument } from '../../../readers/terraform/modules/replacement/replacement';
import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import type { Text } from '../../../text/text';
import { literal } from '../../../text/texts';

/** IAM takes 64 characters for a role's name; the AWS provider takes 38 for a prefix of it, of which the module writes the last. */
const [mostOfName, mostOfPrefix] = [64, 37];

const suffix = '-pod-identity';

/**
 * The name of a role that is there beside the one that it replaces. Where that one has a fixed name it is this name with
 * `-pod-identity`, which also begins the names of the module's own policies; else a prefix.
 * @param roleName the old role's name as far as it is known
 * @param account the service account's name, for a role that Terraform names
 */
export function newRoleName(
  { body }: HclBlock,
  text: string,
  roleName: Text | undefined,
  account: string | undefined,
): { readonly role: readonly Argument[]; readonly policyPrefix?: string } {
  const sourceOf = (name: string): string | undefined => {
    const value = attributeOf(body, name)?.value;
    return value && !(value.kind === 'literal' && value.type === 'null') ? text.slice(value.span.start, value.span.end) : undefined;
  };
  const fixed = sourceOf('role_name');
  const prefix = sourceOf('role_name_prefix');
  const found = literal(roleName);
  if (fixed !== undefined && (found === undefined || found.length + suffix.length <= mostOfName)) {
    return {
      role: [
        { name: 'name', source: withSuffix(fixed, suffix) },
        { name: 'use_name_prefix', source: 'false' },
      ],
      policyPrefix: withSuffix(fixed, `${suffix}-`),
    };
  }
  const base =
    fixed === undefined ? (prefix === undefined ? `"${account ?? 'pod-identity'}"` : prefix.replace(/-+"$/, '"')) : `"${found!}"`;
  return { role: [{ name: 'name', source: shortened(base) }] };
}

function withSuffix(source: string, end: string): string {
  return /^"[^\n]*"$/.test(source) ? `${source.slice(0, -1)}${end}"` : `"\${${source}}${end}"`;
}

/** A text that is written out, cut to what a prefix may have. */
function shortened(source: string): string {
  const text = /^"([^"$%\\]*)"$/.exec(source)?.[1];
  return text === undefined || text.length <= mostOfPrefix ? source : `"${text.slice(0, mostOfPrefix).replace(/-+$/, '')}"`;
}
