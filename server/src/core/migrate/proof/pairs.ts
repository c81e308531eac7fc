import type { TrustPolicyFact } from '../../model/facts';
import type { MigrationView } from '../port';

/** The trust policies of a workspace before a change, each with what it is afterwards. */
export interface PolicyPairs {
  /** What a policy is afterwards; undefined where it is gone. */
  after(before: TrustPolicyFact): TrustPolicyFact | undefined;
  readonly all: Iterable<readonly [TrustPolicyFact, TrustPolicyFact | undefined]>;
  /** Policies that were not there before. */
  readonly added: readonly TrustPolicyFact[];
}

/** Pairs the policies of two readings: of one file, of one role and deployment, in order: a document may have come between two others. */
export function policyPairs(before: MigrationView, after: MigrationView): PolicyPairs {
  const later = new Map<string, TrustPolicyFact[]>();
  for (const fact of after.wiring.policies()) {
    const own = later.get(keyOf(fact));
    if (own) own.push(fact);
    else later.set(keyOf(fact), [fact]);
  }
  for (const own of later.values()) own.reverse();
  const pairs = new Map<TrustPolicyFact, TrustPolicyFact | undefined>();
  for (const fact of before.wiring.policies()) pairs.set(fact, later.get(keyOf(fact))?.pop());
  return { after: (fact) => pairs.get(fact), all: pairs, added: [...later.values()].flat() };
}

function keyOf({ doc, roleIds, roleName, roleArn, deployedBy, address }: TrustPolicyFact): string {
  return JSON.stringify([doc.uri, roleIds, roleName?.value, roleArn?.value, deployedBy, address]);
}
