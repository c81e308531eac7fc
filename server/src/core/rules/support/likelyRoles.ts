import type { TrustPolicyFact } from '../../model/facts';
import { parseRoleArn } from '../../model/arn';
import { filePath } from '../../config/paths';
import { literal, trim } from '../../text/texts';
import type { Chain } from '../../wiring/chain';
import { subjectsOf } from '../../wiring/policyIndex';
import { roleNamesOfPath } from '../../wiring/roleNames';
import type { RuleContext } from '../rule';

/** The one trust policy that names just this account, and that no account uses. */
export interface LikelyRole {
  readonly policy: TrustPolicyFact;
  /** What its document, else its file, calls its role. */
  readonly names: readonly string[];
}

/** More policies than this of one name are not looked at: nobody can tell which is meant. */
const most = 200;

/**
 * The trust policy that was probably meant by an account whose role's own is not known: in the account's deployment, the
 * only one with its subject, and not used by any other account. Undefined where there is none, or several.
 */
export function likelyRole(chain: Chain, { wiring }: RuleContext): LikelyRole | undefined {
  const { namespace, name, roleArn, account } = chain;
  if (chain.ties.length > 0 || chain.reference || !roleArn || namespace === undefined || name === undefined) return undefined;
  let only: TrustPolicyFact | undefined;
  let count = 0;
  for (const policy of wiring.policiesNaming?.(name) ?? []) {
    if (++count > most) return undefined;
    if (policy.made || policy.policy.open || policy.concerns === 'pod-identity') continue;
    if (!subjectsOf(policy).some((each) => each.namespace === namespace && each.name === name)) continue;
    if (!wiring.together(policy, account)) continue;
    if (only) return undefined;
    only = policy;
  }
  if (!only || wiring.chainsOf(only).length > 0) return undefined;
  const names = roleNames(only);
  return names.length > 0 ? { policy: only, names } : undefined;
}

function roleNames({ doc, roleName, roleArn, ownRoleOnly }: TrustPolicyFact): readonly string[] {
  const named = literal(roleArn && parseRoleArn(trim(roleArn))?.name) ?? literal(roleName);
  if (named !== undefined) return [named];
  return ownRoleOnly ? [] : roleNamesOfPath(filePath(doc.uri)).stem;
}
