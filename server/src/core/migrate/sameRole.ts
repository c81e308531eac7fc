import { literal, trim } from '../text/texts';
import { isEksctlPair } from '../trust/sameRole';
import { replacementPolicy } from './replaced';
import type { Grant } from '../wiring/grants';
import type { Move } from './moves';
import { isSamePlace } from './samePlace';

/**
 * Whether an association gives the account the role of the move: the same trust policy, the same object, or the same ARN.
 * Undefined where that isn't known.
 */
export function givesSameRole(grant: Grant, { chain, policy }: Move): boolean | undefined {
  if (!chain) return true;
  // A role of its own for each mechanism: eksctl can't share one.
  if (isEksctlPair(chain, grant) || replacementPolicy(policy, grant)) return true;
  const places = new Set(policy.facts);
  if (grant.ties.some((tie) => places.has(tie.policy))) return true;
  const [mine, theirs] = [chain.request.value?.refers, grant.association?.roleArn?.refers];
  if (mine && theirs) return mine.objects.some((id) => theirs.objects.includes(id)) || (isOfOneText(grant, policy) ? undefined : false);
  const own = chain.request.value && literal(trim(chain.request.value));
  const other = literal(grant.roleArn?.text);
  if (own !== undefined && other !== undefined) return own === other;
  const [name, otherName] = [literal(chain.roleArn?.name), literal(grant.roleArn?.name) ?? literal(grant.association?.roleName)];
  return name !== undefined && otherName !== undefined && name !== otherName ? false : undefined;
}

/** Whether both roles are made by one text. */
function isOfOneText({ ties }: Grant, { facts }: Move['policy']): boolean {
  return ties.some(({ policy }) => facts.some((fact) => isSamePlace(fact, policy)));
}
