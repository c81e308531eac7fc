import { parseProviderArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { equal, literal } from '../text/texts';
import type { Chain, Tie } from '../wiring/chain';

/**
 * Whether a tied policy is surely of the role that a chain asks for: it refers to that very role, the role's account is known, pod-roles.yaml says so,
 * or the account is the same placeholder as in the policy's providers. With an unknown account the role may be another one
 * of that name.
 */
export function roleIsKnown(chain: Chain, { kind, policy }: Tie): boolean {
  if (kind === 'identity') return true;
  const account = chain.roleArn?.account;
  if (!account) return false;
  if (kind === 'config' || kind === 'aws' || /^\d{12}$/.test(literal(account) ?? '') || refersToRole(chain, policy)) return true;
  const providers = policy.policy.statements.flatMap((s) => s.principal?.kinds ?? []).flatMap((k) => k.values);
  return providers.some((provider) => {
    const other = parseProviderArn(provider)?.account;
    return other !== undefined && equal(account, other) === true;
  });
}

/** True where the annotation is a reference to the very role of the policy, in one module or file. */
function refersToRole(chain: Chain, policy: TrustPolicyFact): boolean {
  const folder = (uri: string) => uri.slice(0, uri.lastIndexOf('/'));
  return (
    policy.ownRoleOnly === true && chain.request.value?.borrowed !== undefined && folder(chain.request.doc.uri) === folder(policy.doc.uri)
  );
}
