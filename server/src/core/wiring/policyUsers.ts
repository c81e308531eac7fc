import type { PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import { inOrder } from './order';
import { subjectsOf, type PolicyIndex } from './policyIndex';
import type { RequestIndex } from './requestIndex';
import type { RoleReferences } from './roleReferences';

/** Who may use the role of a trust policy: more than are tied to it, none that is not among them. */
export class PolicyUsers {
  constructor(
    private readonly policies: PolicyIndex,
    private readonly requests: RequestIndex,
    private readonly references: RoleReferences,
    private readonly accountsNamed: (name: string, namespace: string) => readonly ServiceAccountFact[],
  ) {}

  /** The accounts that refer to its role, that name it, that stand beside it alone, or that are its only subject. */
  accountsOf(policy: TrustPolicyFact): Set<ServiceAccountFact> {
    const accounts = new Set(this.references.accountsOf(policy));
    for (const name of this.policies.roleNamesOf(policy)) {
      if (!this.policies.isCrowded(name)) for (const account of this.requests.accountsOf(name)) accounts.add(account);
    }
    if (policy.concerns === 'other') return accounts;
    const only = onlyOneOf(this.policies.askingBeside(policy));
    if (only) accounts.add(only);
    // All subjects of a policy that is tied by them are the same.
    const [first] = subjectsOf(policy);
    if (first?.namespace !== undefined && first.name !== undefined && !this.policies.isOfMany(first.name))
      for (const account of this.accountsNamed(first.name, first.namespace)) accounts.add(account);
    return accounts;
  }

  /** The associations that refer to its role, or that name it. */
  associationsOf(policy: TrustPolicyFact): PodIdentityAssociationFact[] {
    const found = new Set(this.references.associationsOf(policy));
    for (const name of this.policies.roleNamesOf(policy)) for (const each of this.requests.associationsOf(name)) found.add(each);
    return inOrder(found);
  }
}

/** The one value that is all there is, however often it comes. */
function onlyOneOf<T>(values: Iterable<T>): T | undefined {
  let only: T | undefined;
  for (const value of values) {
    if (only !== undefined && value !== only) return undefined;
    only = value;
  }
  return only;
}
