import type { Fact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { literal, trim } from '../text/texts';
import type { Text } from '../text/text';
import { FactMap } from './factMap';
import type { Lookups } from './lookups';
import { inOrder } from './order';

/** What the join of accounts and workloads must know of their files. */
export interface Surroundings {
  namespaceOf(fact: ServiceAccountFact | WorkloadFact): string | undefined;
  together(uriA: string, uriB: string): boolean;
  /** The folder of a file as one comparable text. */
  folder(uri: string): string;
}

/** Service accounts and the workloads that use them, by name. */
export class AccountIndex {
  private readonly accounts: FactMap<string, ServiceAccountFact>;
  private readonly workloads: FactMap<string, WorkloadFact>;

  constructor(private readonly surroundings: Surroundings, lookups: Lookups) {
    this.accounts = new FactMap(lookups);
    this.workloads = new FactMap(lookups);
  }

  add(fact: ServiceAccountFact | WorkloadFact): void {
    const key = accountKey(fact);
    if (key === undefined) return;
    if (fact.kind === 'serviceAccount') this.accounts.add(key, fact);
    else this.workloads.add(key, fact);
  }

  remove(fact: ServiceAccountFact | WorkloadFact): void {
    const key = accountKey(fact);
    if (key === undefined) return;
    if (fact.kind === 'serviceAccount') this.accounts.delete(key, fact);
    else this.workloads.delete(key, fact);
  }

  /** Accounts of a literal name, in a namespace where one is given. */
  named(name: string, namespace: string | undefined): ServiceAccountFact[] {
    return inOrder(this.accounts.get(name)).filter(
      (fact) => literal(fact.name) !== undefined && (namespace === undefined || this.surroundings.namespaceOf(fact) === namespace),
    );
  }

  /** Every literal account name. */
  names(): Iterable<string> {
    return this.accounts.keys();
  }

  /** Workloads that name an account literally, wherever they run. */
  using(name: string): Iterable<WorkloadFact> {
    return this.workloads.get(name);
  }

  accountsOf(workload: WorkloadFact): ServiceAccountFact[] {
    const key = accountKey(workload);
    return key === undefined ? [] : inOrder(this.accounts.get(key)).filter((account) => this.joins(account, workload));
  }

  workloadsOf(account: ServiceAccountFact): WorkloadFact[] {
    const key = accountKey(account);
    return key === undefined ? [] : inOrder(this.workloads.get(key)).filter((workload) => this.joins(account, workload));
  }

  /** Same deployment and same namespace; two unknown ones, and names with holes, count as the same within a folder only. */
  private joins(account: ServiceAccountFact, workload: WorkloadFact): boolean {
    const { surroundings } = this;
    const [a, b] = [account.doc.uri, workload.doc.uri];
    if (a !== b && !surroundings.together(a, b)) return false;
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
