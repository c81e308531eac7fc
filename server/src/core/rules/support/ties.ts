import { filePath } from '../../config/paths';
import { parseProviderArn } from '../../model/arn';
import type { TrustPolicyFact } from '../../model/facts';
import { equal, literal } from '../../text/texts';
import type { Chain } from '../../wiring/chain';

/** A file's name without its folders, for messages. */
export function fileName(uri: string): string {
  return filePath(uri).name;
}

/** A sentence that says how the policy was found, where that is not sure by itself; with a space before it. */
export function tieNote(chain: Chain): string {
  const tie = chain.ties[0];
  if (!tie || tie.kind === 'document') return '';
  if (tie.kind === 'aws') return ` So says ${tie.because === 'AWS' ? 'AWS' : `the ${tie.because}`}.`;
  return ` ${fileName(tie.policy.doc.uri)} is taken to be the trust policy of ${chain.roleArn?.name.value ?? 'the role'}, ${tie.because}.`;
}

/**
 * Whether the role's account is known, or is the same placeholder as in the policy's providers: with an unknown
 * account the role may be another one of that name.
 */
export function roleAccountFits(chain: Chain, policy: TrustPolicyFact): boolean {
  const account = chain.roleArn?.account;
  if (!account) return false;
  if (/^\d{12}$/.test(literal(account) ?? '') || refersToRole(chain, policy)) return true;
  const providers = policy.policy.statements.flatMap((s) => s.principal?.kinds ?? []).flatMap((k) => k.values);
  return providers.some((provider) => {
    const other = parseProviderArn(provider)?.account;
    return other !== undefined && equal(account, other) === true;
  });
}

/** True where the annotation is a reference to the very role of the policy, in one Terraform module. */
function refersToRole(chain: Chain, policy: TrustPolicyFact): boolean {
  const folder = (uri: string) => uri.slice(0, uri.lastIndexOf('/'));
  return policy.ownRoleOnly === true && chain.request.value?.borrowed !== undefined && folder(chain.request.doc.uri) === folder(policy.doc.uri);
}
