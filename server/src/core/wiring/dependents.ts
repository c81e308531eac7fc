import { folderKey } from '../config/paths';
import type { Fact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import { nearlySame } from '../model/nearNames';
import { parseSubject } from '../model/subject';
import { literal } from '../text/texts';
import type { Wiring } from './wiring';

/** What the index can say of who may be concerned, beyond the questions of rules. */
export interface Reach extends Wiring {
  accountsThatMayTie(policy: TrustPolicyFact): Iterable<ServiceAccountFact>;
  /** Accounts that ask for a role of that name. */
  asking(roleName: string): Iterable<ServiceAccountFact>;
  /** Accounts that ask for any role in a folder, and EKS policies in or beside it. */
  askingIn(folder: string): Iterable<ServiceAccountFact>;
  policiesBeside(folder: string): Iterable<TrustPolicyFact>;
  askingBeside(policy: TrustPolicyFact): Iterable<ServiceAccountFact>;
  policiesNaming(word: string): Iterable<TrustPolicyFact>;
  /** Workloads that name an account, wherever they run. */
  workloadsNaming(account: string): Iterable<WorkloadFact>;
}

/**
 * The other files whose findings may depend on a file's facts as they are now: more than needed, never less, found by
 * the names that the facts hold. `all` for a kustomization, which may reach any file. To be asked before and after a change.
 */
export function dependentsOf(index: Reach, facts: readonly Fact[]): Set<string> | 'all' {
  const found = new Set<string>();
  const add = (others: Iterable<Fact>): void => {
    for (const other of others) found.add(other.doc.uri);
  };
  for (const fact of facts) {
    switch (fact.kind) {
      case 'serviceAccount':
        ofAccount(index, fact, add);
        break;
      case 'workload':
        add(index.accountsOf(fact));
        break;
      case 'trustPolicy':
        add(index.accountsThatMayTie(fact));
        add(index.askingBeside(fact));
        for (const policy of index.policiesBeside(folderKey(fact.doc.uri))) add(index.accountsThatMayTie(policy));
        break;
      case 'role':
        if (fact.name || fact.arn) add(index.asking(roleName(fact.arn?.value ?? fact.name!.value)));
        break;
      case 'kustomization':
        return 'all';
      case 'annotation':
      case 'object':
    }
  }
  return found;
}

function ofAccount(index: Reach, account: ServiceAccountFact, add: (others: Iterable<Fact>) => void): void {
  const folder = folderKey(account.doc.uri);
  add(index.chainOf(account)?.ties.map((tie) => tie.policy) ?? []);
  // Being the only one that asks in a folder is a tie of its own, and so is asking for a name that a path bears.
  add(index.policiesBeside(folder));
  add(index.askingIn(folder));
  const name = literal(account.name);
  if (name === undefined) return;
  add(index.workloadsNaming(name));
  add(index.policiesNaming(name));
  const namespace = index.namespaceOf(account);
  if (namespace === undefined) return;
  for (const policy of index.policiesNaming(namespace)) {
    if (subjectNames(policy).some((subject) => nearlySame(subject, name))) add([policy]);
  }
}

function subjectNames(policy: TrustPolicyFact): string[] {
  return policy.policy.statements
    .flatMap((statement) => statement.condition?.operators ?? [])
    .flatMap((operator) => operator.keys)
    .flatMap((key) => key.values.values)
    .flatMap((value) => literal(parseSubject(value)?.name) ?? []);
}

function roleName(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}
