import type { TrustPolicyFact } from '../model/facts';
import { isReplacementFor } from '../trust/sameRole';
import { candidatesOf } from '../trust/candidates';
import type { Grant } from '../wiring/grants';
import type { Move, RolePolicy } from './moves';

/**
 * The trust policy of the role that an association gives in the place of a move's role: the module of that one takes no further
 * statements. Undefined where the association gives another role, or the same.
 */
export function replacementPolicy({ facts: [fact] }: RolePolicy, grant: Grant | undefined): TrustPolicyFact | undefined {
  return fact && grant && isReplacementFor(fact, grant) ? candidatesOf(grant.ties)[0]?.policy : undefined;
}

/** Whether the role of a move is replaced by the one of its association. */
export function isReplaced({ policy }: Pick<Move, 'policy'>, associations: readonly Grant[]): boolean {
  return replacementPolicy(policy, associations[0]) !== undefined;
}
