import { folderKey, pathKey } from '../config/paths';
import type { KustomizationFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { literal } from '../text/texts';
import { Builder, type BuildFiles } from './kustomizeBuild';
import { placeOf, type Kustomizations } from './kustomize';
import { namesOf, type BuiltAccount, type BuiltWorkload } from './kustomizeObjects';
import { Answers, type Lookups } from './lookups';
import { MultiMap } from './multiMap';
import { inOrder } from './order';

/** An account in one build: what the outermost kustomization makes of it. */
export interface BuiltIn<T> {
  readonly root: KustomizationFact;
  readonly built: T;
}

interface Made {
  readonly accounts: MultiMap<ServiceAccountFact, BuiltAccount>;
  readonly workloads: MultiMap<WorkloadFact, BuiltWorkload>;
  readonly all: readonly BuiltAccount[];
  /** By every name that they have or had; and the workloads by the account that they name. */
  readonly accountsByName: MultiMap<string, BuiltAccount>;
  readonly workloadsByAccount: MultiMap<string, BuiltWorkload>;
}

/**
 * The builds of a workspace: one for each kustomization that no other takes. Made when somebody asks for an object in
 * them, and kept until a file changes that they take.
 */
export class Builds {
  private readonly builder: Builder;
  private readonly made: Answers<KustomizationFact, Made>;
  private readonly newNames: Answers<'all', MultiMap<string, ServiceAccountFact>>;
  private readonly rootsByPath: Answers<string, readonly KustomizationFact[]>;

  constructor(private readonly graph: Kustomizations, files: Omit<BuildFiles, 'kustomizationAt'>, lookups: Lookups) {
    this.builder = new Builder({ ...files, kustomizationAt: (path) => graph.at(path) }, lookups);
    this.made = new Answers(lookups);
    this.newNames = new Answers(lookups);
    this.rootsByPath = new Answers(lookups);
  }

  /** A kustomization is gone. */
  forget(kustomization: KustomizationFact): void {
    this.builder.forget(kustomization);
    this.made.forget(kustomization);
  }

  /** The outermost kustomizations of the builds that take a file; none where no build does, or only such as take each other. */
  rootsOf(uri: string): readonly KustomizationFact[] {
    if (this.graph.isEmpty) return [];
    const path = pathKey(uri);
    return this.rootsByPath.get(path, () => inOrder([...this.above(path)].filter((each) => !each.isComponent && this.graph.takersOf(each).next().done === true)));
  }

  /** What builds make of an account, or of the accounts that a patch mends. Undefined where no build takes its file. */
  accounts(fact: ServiceAccountFact): BuiltIn<BuiltAccount>[] | undefined {
    const roots = this.rootsOf(fact.doc.uri);
    if (roots.length === 0) return undefined;
    return roots.flatMap((root) => [...this.make(root).accounts.get(fact)].map((built) => ({ root, built })));
  }

  workloads(fact: WorkloadFact): BuiltIn<BuiltWorkload>[] | undefined {
    const roots = this.rootsOf(fact.doc.uri);
    if (roots.length === 0) return undefined;
    return roots.flatMap((root) => [...this.make(root).workloads.get(fact)].map((built) => ({ root, built })));
  }

  /** The workloads of a build that use an account of it. */
  workloadsOf({ root, built }: BuiltIn<BuiltAccount>): WorkloadFact[] {
    const { workloadsByAccount } = this.make(root);
    const names = new Set(namesOf(built).map(({ name }) => name));
    return [...names].flatMap((name) => (name === undefined ? [] : [...workloadsByAccount.get(name)])).filter((workload) => uses(workload, built)).map(({ fact }) => fact);
  }

  /** The accounts of a build that a workload of it uses. */
  accountsOf({ root, built }: BuiltIn<BuiltWorkload>): BuiltAccount[] {
    return built.account === undefined ? [] : [...this.make(root).accountsByName.get(built.account)].filter((account) => uses(built, account));
  }

  /** Accounts that some build gives a name which their manifest does not. */
  renamedTo(name: string): Iterable<ServiceAccountFact> {
    if (!this.graph.renames) return [];
    return this.newNames.get('all', () => {
      const byName = new MultiMap<string, ServiceAccountFact>();
      for (const root of this.graph.roots()) {
        for (const account of this.make(root).all) if (account.name !== undefined && literal(account.object.name) !== account.name) byName.add(account.name, account.object);
      }
      return byName;
    }).get(name);
  }

  private make(root: KustomizationFact): Made {
    return this.made.get(root, () => this.makeNew(root));
  }

  private makeNew(root: KustomizationFact): Made {
    const { accounts: all, workloads: allWorkloads } = this.builder.build(root);
    const accounts = new MultiMap<ServiceAccountFact, BuiltAccount>();
    const workloads = new MultiMap<WorkloadFact, BuiltWorkload>();
    const [accountsByName, workloadsByAccount] = [new MultiMap<string, BuiltAccount>(), new MultiMap<string, BuiltWorkload>()];
    for (const account of all) {
      for (const part of account.parts) accounts.add(part, account);
      for (const { name } of namesOf(account)) if (name !== undefined) accountsByName.add(name, account);
    }
    for (const workload of allWorkloads) {
      workloads.add(workload.fact, workload);
      if (workload.account !== undefined) workloadsByAccount.add(workload.account, workload);
    }
    return { accounts, workloads, all, accountsByName, workloadsByAccount };
  }

  /** The kustomizations that take a path, and all that take those. */
  above(path: string): Set<KustomizationFact> {
    const found = new Set(this.graph.takersOfPath(path));
    for (const kustomization of found) for (const taker of this.graph.takersOf(kustomization)) found.add(taker);
    return found;
  }
}

/** Whether a workload's reference leads to an account of the same build. */
function uses(workload: BuiltWorkload, account: BuiltAccount): boolean {
  if (workload.account === undefined || workload.namespace !== account.namespace) return false;
  return workload.follows ? namesOf(account).some(({ name }) => name === workload.account) : account.name === workload.account;
}

/** Folders whose children are told apart by both names. */
const collections = /^(?:overlays|environments|envs?|clusters|stages|regions|tenants)$/i;

/** A kustomization's folder as people speak of it: from where it parts from the other file's (`overlays/prod`), else its own name. */
export function overlayName(root: KustomizationFact, uri: string): string {
  if (root.delivery) return [root.delivery.tool, literal(root.delivery.name) ?? ''].join(' ').trim();
  const [own, other] = [placeOf(root).folder.split('/'), folderKey(uri).split('/')];
  let shared = 0;
  while (shared < own.length - 1 && own[shared] === other[shared]) shared++;
  if (shared === own.length - 1 && collections.test(own[shared - 1] ?? '')) shared--;
  return own.slice(shared).join('/');
}
