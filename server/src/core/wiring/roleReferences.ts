import type { PodIdentityAssociationFact, RoleFact, ServiceAccountFact, TrustPolicyFact } from '../model/facts';
import type { ObjectId, ObjectReference } from '../text/objects';
import type { Grounds, Placed } from './ground';
import type { Lookups } from './lookups';
import { OrderedFacts } from './orderedFacts';
import type { Tie } from './tie';

/** The role that a value refers to, as far as the files tell: what stands in the place of a name. */
export interface ReferredRole {
  /** As people write it: `module.irsa.iam_role_arn`. */
  readonly written: string;
  /** The roles that it may be, of one at a time. */
  readonly roles: readonly RoleFact[];
  /** How many of them no file makes; how many have a trust policy that no file tells. */
  readonly unmade: number;
  readonly unread: number;
  /** True where it may be something else, too. */
  readonly open: boolean;
}

/** True where what is known of a reference is not all: then the policies that are known decide nothing. */
export function isPartlyKnown({ unmade, unread, open }: ReferredRole): boolean {
  return open || unmade > 0 || unread > 0;
}

/** More objects of one value than this are not looked at: then the rest counts as not known. */
const mostObjects = 20;

/**
 * Facts by the objects that they are or refer to. A reference is that very object, in that module or template: it is never
 * looked up by a name. Objects of a cluster (`ack`, `crossplane`) are known by their names in it, within common ground alone.
 */
export class RoleReferences {
  private readonly roles: OrderedFacts<RoleFact>;
  private readonly policies: OrderedFacts<TrustPolicyFact>;
  private readonly accounts: OrderedFacts<ServiceAccountFact>;
  private readonly associations: OrderedFacts<PodIdentityAssociationFact>;

  constructor(
    private readonly grounds: Grounds,
    /** The policies in the file from which a role says that its trust policy is read, and the roles that say so of a policy's file. */
    private readonly files: {
      policiesOf(role: RoleFact): Iterable<TrustPolicyFact>;
      rolesOf(policy: TrustPolicyFact): Iterable<RoleFact>;
    },
    lookups: Lookups,
  ) {
    this.roles = new OrderedFacts(lookups);
    this.policies = new OrderedFacts(lookups);
    this.accounts = new OrderedFacts(lookups);
    this.associations = new OrderedFacts(lookups);
  }

  /** Takes a fact that came, or one that goes. */
  change(fact: RoleFact | TrustPolicyFact | ServiceAccountFact | PodIdentityAssociationFact, change: 'add' | 'delete'): void {
    switch (fact.kind) {
      case 'role':
        if (fact.id !== undefined) this.roles[change](fact.id, fact);
        return;
      case 'trustPolicy':
        for (const id of fact.roleIds ?? []) this.policies[change](id, fact);
        return;
      case 'serviceAccount':
        for (const id of fact.roleArn?.value?.refers?.objects ?? []) this.accounts[change](id, fact);
        return;
      case 'podIdentityAssociation':
        for (const id of referenceOf(fact)?.objects ?? []) this.associations[change](id, fact);
    }
  }

  /** The role that a value refers to, and the ties to the trust policies that are its own. */
  resolve(reference: ObjectReference, at: Placed): { readonly reference: ReferredRole; readonly ties: readonly Tie[] } {
    const roles = new Set<RoleFact>();
    const policies = new Set<TrustPolicyFact>();
    const objects = [...new Set(reference.objects)];
    let [unmade, unread] = [0, 0];
    for (const id of objects.slice(0, mostObjects)) {
      const made = this.here(id, this.roles.get(id), at);
      const own = new Set(this.here(id, this.policies.get(id), at));
      for (const role of made) {
        roles.add(role);
        if (role.policyFile) for (const policy of this.files.policiesOf(role)) own.add(policy);
      }
      for (const policy of own) policies.add(policy);
      if (own.size > 0) continue;
      if (made.length > 0) unread++;
      else unmade++;
    }
    const open = reference.open === true || objects.length > mostObjects;
    return {
      reference: { written: reference.written, roles: [...roles], unmade, unread, open },
      ties: [...policies].map((policy) => ({ kind: 'identity', policy, because: `as the role that ${reference.written} is` })),
    };
  }

  /** The accounts, and the associations, whose role a policy is of by reference. */
  accountsOf(policy: TrustPolicyFact): Iterable<ServiceAccountFact> {
    return this.roleIdsOf(policy).flatMap((id) => this.accounts.get(id));
  }

  associationsOf(policy: TrustPolicyFact): Iterable<PodIdentityAssociationFact> {
    return this.roleIdsOf(policy).flatMap((id) => this.associations.get(id));
  }

  /** The accounts and associations that refer to a role. */
  usersOf(id: ObjectId): readonly (ServiceAccountFact | PodIdentityAssociationFact)[] {
    return [...this.accounts.get(id), ...this.associations.get(id)];
  }

  private roleIdsOf(policy: TrustPolicyFact): readonly ObjectId[] {
    const ids = new Set(policy.roleIds);
    for (const { id } of this.files.rolesOf(policy)) if (id !== undefined) ids.add(id);
    return [...ids];
  }

  /** An object of a cluster is one only within its deployment, and the nearest of those that are named so. */
  private here<F extends RoleFact | TrustPolicyFact>(id: ObjectId, facts: readonly F[], at: Placed): readonly F[] {
    if (!isOfCluster(id)) return facts;
    const grounds = facts.map((fact) => this.grounds.between(fact, at).kind);
    const best = (['same', 'near', 'halves', 'open'] as const).find((kind) => grounds.includes(kind));
    return best === undefined ? [] : facts.filter((_, i) => grounds[i] === best);
  }
}

function isOfCluster(id: ObjectId): boolean {
  return id.startsWith('ack  ') || id.startsWith('crossplane  ');
}

/** What an association's role refers to: its ARN, else the reference to its name. */
export function referenceOf({ roleArn, roleName }: PodIdentityAssociationFact): ObjectReference | undefined {
  return roleArn?.refers ?? (roleArn ? undefined : roleName?.refers);
}
