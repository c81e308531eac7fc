import type { Fact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { NearNames } from '../model/nearNames';
import { literal, trim } from '../text/texts';
import type { Text } from '../text/text';
import { count, isCrowd, mostJoins, pairsOfOneName, type Crowd } from './crowds';
import type { Placed } from './ground';
import { Answers, Derived, type Lookups } from './lookups';
import { OrderedFacts } from './orderedFacts';

/** What the join of accounts and workloads must know of their files. */
export interface Surroundings {
  namespaceOf(fact: ServiceAccountFact | WorkloadFact): string | undefined;
  together(a: Placed, b: Placed): boolean;
  /** The folder of a file as one comparable text. */
  folder(uri: string): string;
}

/** Between a name with holes and the folder in which it means one thing: in neither of them. */
const inFolder = '\0';

/** Service accounts and the workloads that use them, by name. */
export class AccountIndex {
  private readonly accounts: OrderedFacts<ServiceAccountFact>;
  private readonly workloads: OrderedFacts<WorkloadFact>;
  private readonly nearNames: Answers<'all', NearNames>;
  /** So many pairs of one name are compared. */
  private readonly mostPairs: Derived<number>;

  constructor(
    private readonly surroundings: Surroundings,
    lookups: Lookups,
  ) {
    this.accounts = new OrderedFacts(lookups);
    this.workloads = new OrderedFacts(lookups);
    this.nearNames = new Answers(lookups);
    this.mostPairs = new Derived(lookups, () =>
      pairsOfOneName(
        [...this.accounts.keys()].map((key) => this.pairs(key)),
        mostJoins,
      ),
    );
  }

  add(fact: ServiceAccountFact | WorkloadFact): void {
    const key = this.keyOf(fact);
    if (key === undefined) return;
    if (fact.kind === 'serviceAccount') this.accounts.add(key, fact);
    else this.workloads.add(key, fact);
  }

  remove(fact: ServiceAccountFact | WorkloadFact): void {
    const key = this.keyOf(fact);
    if (key === undefined) return;
    if (fact.kind === 'serviceAccount') this.accounts.delete(key, fact);
    else this.workloads.delete(key, fact);
  }

  /** Accounts of a literal name, in a namespace where one is given. */
  named(name: string, namespace: string | undefined): ServiceAccountFact[] {
    return this.accounts
      .get(name)
      .filter((fact) => literal(fact.name) !== undefined && (namespace === undefined || this.surroundings.namespaceOf(fact) === namespace));
  }

  /** Every literal account name. */
  *names(): Generator<string> {
    for (const key of this.accounts.keys()) if (!key.includes(inFolder)) yield key;
  }

  /** The names of accounts that were probably meant to be this one, see {@link NearNames}. */
  near(name: string): readonly string[] {
    return this.nearNames.get('all', () => new NearNames(this.names())).to(name);
  }

  /** Workloads that name an account literally, wherever they run. */
  using(name: string): Iterable<WorkloadFact> {
    return this.workloads.get(name);
  }

  accountsOf(workload: WorkloadFact): ServiceAccountFact[] {
    const key = this.keyOf(workload);
    return key === undefined || this.isCrowded(key) ? [] : this.accounts.get(key).filter((account) => this.joins(account, workload));
  }

  workloadsOf(account: ServiceAccountFact): WorkloadFact[] {
    const key = this.keyOf(account);
    if (key === undefined || this.isCrowded(key)) return [];
    return withoutRepeated(this.workloads.get(key).filter((workload) => this.joins(account, workload)));
  }

  /** The names that so many accounts and workloads share that none of them are joined. */
  *crowds(): Generator<Crowd> {
    for (const key of this.accounts.keys()) {
      if (!this.isCrowded(key)) continue;
      const counts = `${count(this.accounts.size(key), 'account')} and ${count(this.workloads.size(key), 'workload')}`;
      yield {
        uri: this.accounts.get(key)[0]!.doc.uri,
        reason: `read in part: ${counts} share a name, too many to tell them apart`,
      };
    }
  }

  private isCrowded(key: string): boolean {
    return isCrowd(this.pairs(key), this.mostPairs);
  }

  private pairs(key: string): number {
    return this.accounts.size(key) * this.workloads.size(key);
  }

  /** As {@link accountKey}. A name with holes is one only within its folder. */
  private keyOf(fact: ServiceAccountFact | WorkloadFact): string | undefined {
    const key = accountKey(fact);
    const name = fact.kind === 'serviceAccount' ? fact.name : fact.serviceAccountName;
    return key === undefined || !name || name.holes.length === 0 ? key : `${key}${inFolder}${this.surroundings.folder(fact.doc.uri)}`;
  }

  /** Same deployment and same namespace; two unknown ones, and names with holes, count as the same within a folder only. */
  private joins(account: ServiceAccountFact, workload: WorkloadFact): boolean {
    const { surroundings } = this;
    if (!mayUse(account, workload)) return false;
    // The two are one object: cert-manager's namespace is in neither.
    if (account.requestedBy) return true;
    const [a, b] = [account.doc.uri, workload.doc.uri];
    if (!surroundings.together(account, workload)) return false;
    const near = a === b || surroundings.folder(a) === surroundings.folder(b);
    if (!near && account.name && account.name.holes.length > 0) return false;
    const [own, used] = [surroundings.namespaceOf(account), surroundings.namespaceOf(workload)];
    if (own !== undefined || used !== undefined) return own === used;
    return near && asWritten(account.namespace) === asWritten(workload.namespace);
  }
}

/** The name of an account that has, or asks for, a role by this fact: its workloads matter. */
export function accountAsked(fact: Fact): string | undefined {
  if (fact.kind === 'serviceAccount') return fact.roleArn && asWritten(fact.name);
  return fact.kind === 'podIdentityAssociation' ? asWritten(fact.serviceAccount) : undefined;
}

/** The name by which accounts and workloads are joined. A hole is a name only where the same source means the same thing. */
export function accountKey(fact: ServiceAccountFact | WorkloadFact): string | undefined {
  if (fact.kind === 'serviceAccount') return asWritten(fact.name);
  if (fact.serviceAccountName && fact.serviceAccountName.value !== '') return asWritten(fact.serviceAccountName);
  return fact.open ? undefined : 'default';
}

function asWritten(text: Text | undefined): string | undefined {
  if (!text) return undefined;
  const { value, holes } = trim(text);
  return value !== '' && holes.every((hole) => hole.named) ? value : undefined;
}

/**
 * False where the account is what an operator requests a role for, and the workload is not that operator's object; or the
 * other way round.
 */
export function mayUse(account: ServiceAccountFact, workload: WorkloadFact): boolean {
  if (!account.requestedBy && workload.operator !== 'request') return true;
  return (
    account.requestedBy !== undefined &&
    workload.operator === 'request' &&
    account.doc === workload.doc &&
    account.span.start === workload.span.start
  );
}

/** Without what a cluster's list says of workloads whose own object, or manifest, is there too: these are one. */
function withoutRepeated(workloads: readonly WorkloadFact[]): WorkloadFact[] {
  const isLive = (workload: WorkloadFact): boolean => workload.live !== undefined;
  if (!workloads.some(isLive)) return [...workloads];
  const names = new Set(workloads.filter((each) => !isLive(each)).map(nameOf));
  return workloads.filter((each) => !isLive(each) || !names.has(nameOf(each)));
}

function nameOf({ objectKind, namespace, name }: WorkloadFact): string {
  return JSON.stringify([objectKind, namespace?.value, name?.value]);
}
