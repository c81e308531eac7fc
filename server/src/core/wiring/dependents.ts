import { folderKey } from '../config/paths';
import type { Fact, PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import { nearlySame } from '../model/nearNames';
import { parseRoleArn } from '../model/arn';
import { parseSubject } from '../model/subject';
import type { DocumentRef } from '../syntax/sourceFile';
import { literal } from '../text/texts';
import { roleKey } from './roleNames';
import type { Wiring } from './wiring';

/** What the index can say of who may be concerned, beyond the questions of rules. */
export interface Reach extends Wiring {
  accountsThatMayTie(policy: TrustPolicyFact): Iterable<ServiceAccountFact>;
  /** Accounts that ask for a role of that name. */
  asking(roleName: string): Iterable<ServiceAccountFact>;
  /** Policies whose document or path names a role. */
  policiesClaiming(roleName: string): Iterable<TrustPolicyFact>;
  /** EKS policies in a folder, or in the `iam` folder in it or beside it; and the accounts that ask around such a policy. */
  policiesBeside(folder: string): Iterable<TrustPolicyFact>;
  askingBeside(policy: TrustPolicyFact): Iterable<ServiceAccountFact>;
  policiesNaming(word: string): Iterable<TrustPolicyFact>;
  /** The manifests and patches that builds put together with an account. */
  partsAround(account: ServiceAccountFact): Iterable<ServiceAccountFact>;
  /** Accounts that an association may be for. */
  accountsAssociated(association: PodIdentityAssociationFact): Iterable<ServiceAccountFact>;
  /** Associations whose role's policy this may be; and those whose role has a name. */
  associationsThatMayTie(policy: TrustPolicyFact): Iterable<PodIdentityAssociationFact>;
  associationsOfRole(name: string): Iterable<PodIdentityAssociationFact>;
  /** Workloads that name an account, wherever they run. */
  workloadsNaming(account: string): Iterable<WorkloadFact>;
}

/** So many facts are looked at before everything is taken to depend: names that thousands share would cost their square. */
const most = 50_000;

/** What is still to be looked at. */
interface Budget {
  left: number;
}

/**
 * The documents whose findings may depend on facts as they are now: more than needed, never less, found by
 * the names that the facts hold. `all` for a kustomization, which may reach any file, and where too many may depend. To be asked before and after a change.
 */
export function dependentsOf(index: Reach, facts: readonly Fact[]): Set<DocumentRef> | 'all' {
  const found = new Set<Fact>();
  const policies = new Set<TrustPolicyFact>();
  const budget: Budget = { left: most };
  for (const fact of facts) {
    if (budget.left < 0) return 'all';
    switch (fact.kind) {
      case 'serviceAccount':
        addAll(found, aroundAccount(index, fact, budget), budget);
        for (const part of index.partsAround(fact)) {
          found.add(part);
          addAll(found, aroundAccount(index, part, budget), budget);
        }
        addAll(policies, policiesThatMayTie(index, fact), budget);
        // An audience that some account asks for is right in every policy.
        if (fact.audience) addAll(found, index.policies(), budget);
        break;
      case 'workload':
        for (const account of index.accountsOf(fact)) addAll(found, [account, ...index.partsAround(account)], budget);
        break;
      case 'trustPolicy':
        policies.add(fact);
        addAll(policies, index.policiesBeside(folderKey(fact.doc.uri)), budget);
        break;
      case 'role':
        if (fact.name || fact.arn) addAll(found, index.asking(roleName(fact.arn?.value ?? fact.name!.value)), budget);
        addAll(found, index.asking(roleKey(fact.name, fact.doc.uri) ?? ''), budget);
        addAll(found, index.associationsOfRole(roleKey(fact.name, fact.doc.uri) ?? roleName(fact.arn?.value ?? '')), budget);
        break;
      case 'kustomization':
        return 'all';
      case 'podIdentityAssociation': {
        for (const account of index.accountsAssociated(fact)) addAll(found, [account, ...index.partsAround(account)], budget);
        // A role that an association names is asked for, which decides whose a policy is.
        const name = roleKey(fact.roleName, fact.doc.uri) ?? roleKey(fact.roleArn && parseRoleArn(fact.roleArn)?.name, fact.doc.uri);
        if (name !== undefined) addAll(policies, index.policiesClaiming(name), budget);
        addAll(found, index.associationsLike?.(fact) ?? [], budget);
        break;
      }
      case 'cluster':
        // Its region, or that the file is its own, tells whose associations are meant.
        addAll(found, index.facts(fact.doc.uri).filter(({ kind }) => kind === 'serviceAccount' || kind === 'podIdentityAssociation'), budget);
        break;
      case 'annotation':
      case 'object':
      case 'rolePolicy':
      case 'oidcProvider':
    }
  }
  addAll(found, aroundPolicies(index, policies, budget), budget);
  for (const fact of [...found]) {
    if (budget.left < 0) return 'all';
    if (fact.kind !== 'trustPolicy') continue;
    // What a policy alone already refuses is not told again at the accounts tied to it.
    addAll(found, index.accountsThatMayTie(fact), budget);
    addAll(found, index.askingBeside(fact), budget);
  }
  return budget.left < 0 ? 'all' : new Set([...found].map((fact) => fact.doc));
}

/** What speaks of an account by name: its workloads, its ties, and policies whose subjects are it, or nearly. */
function* aroundAccount(index: Reach, account: ServiceAccountFact, budget: Budget): Generator<Fact> {
  for (const chain of index.chainsFor(account)) for (const tie of chain.ties) yield tie.policy;
  yield* index.associationsOf?.(account) ?? [];
  const written = literal(account.name);
  if (written !== undefined) yield* index.workloadsNaming(written);
  const seen = new Set<string>();
  // Whose account an association means hangs on which others have its name.
  if (written !== undefined) for (const association of index.associationsOf?.(account) ?? []) yield* index.accountsAssociated(association);
  for (const { namespace, name = written } of [{ namespace: index.namespaceOf(account), name: written }, ...index.identitiesOf(account)]) {
    if (name === undefined || seen.has(`${namespace}/${name}`)) continue;
    seen.add(`${namespace}/${name}`);
    yield* index.policiesNaming(name);
    if (namespace === undefined) continue;
    for (const policy of index.policiesNaming(namespace)) {
      if (--budget.left < 0) return;
      if (subjectNames(policy).some((subject) => nearlySame(subject, name))) yield policy;
    }
  }
}

/** Policies whose ties an account's request bears on: being asked for, or being the only one that asks, are reasons too. */
function* policiesThatMayTie(index: Reach, account: ServiceAccountFact): Generator<TrustPolicyFact> {
  if (!account.roleArn) return;
  yield* index.policiesBeside(folderKey(account.doc.uri));
  const role = account.roleArn.value;
  if (role) yield* index.policiesClaiming(roleName(role.value.trim()));
  if (role) yield* index.policiesClaiming(roleKey(parseRoleArn(role)?.name, account.doc.uri) ?? '');
}

/** The accounts whose ties such policies decide, and what speaks of those. */
function* aroundPolicies(index: Reach, policies: ReadonlySet<TrustPolicyFact>, budget: Budget): Generator<Fact> {
  const accounts = new Set<ServiceAccountFact>();
  for (const policy of policies) {
    if (budget.left < 0) return;
    yield policy;
    yield* index.associationsThatMayTie(policy);
    addAll(accounts, index.accountsThatMayTie(policy), budget);
    addAll(accounts, index.askingBeside(policy), budget);
  }
  for (const account of accounts) {
    yield account;
    yield* aroundAccount(index, account, budget);
  }
}

function addAll<T>(set: Set<T>, values: Iterable<T>, budget: Budget): void {
  for (const value of values) {
    if (--budget.left < 0) return;
    set.add(value);
  }
}

const namesOf = new WeakMap<TrustPolicyFact, readonly string[]>();

/** The names of the literal subjects; looked up once, for a namespace may have policies by the hundred. */
function subjectNames(policy: TrustPolicyFact): readonly string[] {
  let names = namesOf.get(policy);
  if (!names) namesOf.set(policy, (names = readSubjectNames(policy)));
  return names;
}

function readSubjectNames(policy: TrustPolicyFact): string[] {
  return policy.policy.statements
    .flatMap((statement) => statement.condition?.operators ?? [])
    .flatMap((operator) => operator.keys)
    .flatMap((key) => key.values.values)
    .flatMap((value) => literal(parseSubject(value)?.name) ?? []);
}

function roleName(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}
