import type { Placed } from './ground';
import type { Lookups } from './lookups';
import { inOrder } from './order';
import { OrderedFacts } from './orderedFacts';
import type { PodIdentityAssociationFact, ServiceAccountFact } from '../model/facts';
import { literal } from '../text/texts';

/** What the join of associations must know of files. */
export interface AssociationSurroundings {
  /** What builds, or its manifest, call an account. */
  identitiesOf(fact: ServiceAccountFact): readonly { readonly namespace?: string | undefined; readonly name?: string | undefined }[];
  together(a: Placed, b: Placed): boolean;
}

/** Of more associations for one account than a fleet has clusters only the first are compared: what each of them repeats is among these. */
const mostAlike = 1000;

/** EKS Pod Identity associations by the account they are for. One whose namespace or account is not literal joins nothing. */
export class AssociationIndex {
  private readonly byAccount: OrderedFacts<PodIdentityAssociationFact>;

  constructor(
    private readonly surroundings: AssociationSurroundings,
    lookups: Lookups,
  ) {
    this.byAccount = new OrderedFacts(lookups);
  }

  add(fact: PodIdentityAssociationFact): void {
    const key = keyOf(fact);
    if (key !== undefined) this.byAccount.add(key, fact);
  }

  remove(fact: PodIdentityAssociationFact): void {
    const key = keyOf(fact);
    if (key !== undefined) this.byAccount.delete(key, fact);
  }

  /** The associations of an account's namespaces and names, in its deployment. None where what it is called is not known. */
  of(account: ServiceAccountFact): PodIdentityAssociationFact[] {
    const found = new Set<PodIdentityAssociationFact>();
    for (const { namespace, name } of this.surroundings.identitiesOf(account)) {
      if (namespace !== undefined && name) for (const each of this.named(namespace, name)) found.add(each);
    }
    return inOrder(found).filter((each) => this.surroundings.together(each, account));
  }

  /** The associations for a namespace and an account, in any deployment. */
  named(namespace: string, name: string): Iterable<PodIdentityAssociationFact> {
    return this.byAccount.get(key(namespace, name));
  }

  /**
   * The first other association for the same namespace and account, in the same deployment, that `accepts` takes. It is asked
   * first: whether files belong together costs more.
   */
  firstLike(
    association: PodIdentityAssociationFact,
    accepts: (other: PodIdentityAssociationFact) => boolean,
  ): PodIdentityAssociationFact | undefined {
    const own = keyOf(association);
    if (own === undefined) return undefined;
    return this.byAccount
      .get(own)
      .slice(0, mostAlike)
      .find((each) => each !== association && accepts(each) && this.surroundings.together(each, association));
  }
}

function keyOf({ namespace, serviceAccount }: PodIdentityAssociationFact): string | undefined {
  const [own, name] = [literal(namespace), literal(serviceAccount)];
  return own && name ? key(own, name) : undefined;
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
