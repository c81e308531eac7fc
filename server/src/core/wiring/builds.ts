import { folderKey, pathKey } from '../config/paths';
import type { KustomizationFact, ServiceAccountFact, WorkloadFact } from '../model/facts';
import { literal } from '../text/texts';
import { count, type Crowd } from './crowds';
import { releasesAround } from './helmBuild';
import { Builder, type BuildFiles } from './kustomizeBuild';
import { placeOf, type Kustomizations } from './kustomize';
import { namesOf, type BuiltAccount, type BuiltWorkload } from './kustomizeObjects';
import { Answers, Derived, type Lookups } from './lookups';
import { MultiMap } from './multiMap';
import { inOrder } from './order';

/** An account in one build: what the outermost kustomization makes of it. */
export interface BuiltIn<T> {
  readonly root: KustomizationFact;
  readonly built: T;
}

/** So many objects all builds of several overlays make together. */
const mostBuilt = 50_000;
/** How many builds of one file are made at most, as that number grows too large. */
const steps: readonly number[] = [Infinity, 1000, 300, 100, 30, 10, 3, 1];
/** How many kustomizations above each other are looked at; see wiring/kustomizeBuild.ts. */
const deepest = 100;
/** One build takes the same object no more often. */
const mostOfOne = 300;

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
  private readonly rootsByRelease: Answers<KustomizationFact, readonly KustomizationFact[]>;
  private readonly rootsByPath: Answers<string, readonly KustomizationFact[]>;
  /** How many builds of one file are made: as many as take it, unless all that all of them make is more than a fleet deploys. */
  private readonly mostRoots: Derived<number>;

  constructor(
    private readonly graph: Kustomizations,
    private readonly files: Omit<BuildFiles, 'kustomizationAt'> & { /** All files with facts. */ uris(): Iterable<string> },
    lookups: Lookups,
  ) {
    this.builder = new Builder({ ...files, kustomizationAt: (path) => graph.at(path) }, lookups);
    this.made = new Answers(lookups);
    this.newNames = new Answers(lookups);
    this.rootsByPath = new Answers(lookups);
    this.rootsByRelease = new Answers(lookups);
    this.mostRoots = new Derived(lookups, () => this.countRoots());
  }

  /** A kustomization is gone. */
  forget(kustomization: KustomizationFact): void {
    this.builder.forget(kustomization);
    this.made.forget(kustomization);
    this.rootsByRelease.forget(kustomization);
  }

  /** The outermost kustomizations of the builds that take a file; none where no build does, or only such as take each other. */
  rootsOf(uri: string): readonly KustomizationFact[] {
    if (this.graph.isEmpty) return [];
    const path = pathKey(uri);
    return this.rootsByPath.get(path, () =>
      inOrder([...this.above(path)].filter((each) => !each.isComponent && this.graph.takersOf(each).next().done === true)),
    );
  }

  /** True where more builds take a file than are made: what they agree on is not known. */
  isCrowded(uri: string): boolean {
    return isMore(this.rootsOf(uri), this.mostRoots);
  }

  /** The files that more builds take than are made. */
  *crowds(): Generator<Crowd> {
    if (this.graph.isEmpty) return;
    for (const uri of this.files.uris()) {
      if (this.isCrowded(uri))
        yield {
          uri,
          reason: `checked in part: ${count(this.rootsOf(uri).length, 'overlay')} deploy it, and only ${this.mostRoots.get()} of them are checked`,
        };
    }
  }

  private madeRootsOf(uri: string): readonly KustomizationFact[] {
    const roots = this.rootsOf(uri);
    return isMore(roots, this.mostRoots) ? roots.slice(0, this.mostRoots.get()) : roots;
  }

  /** The builds of the releases whose own values hold a fact; undefined where none does. */
  private rootsAround(fact: ServiceAccountFact | WorkloadFact): readonly KustomizationFact[] | undefined {
    if (this.graph.isEmpty) return undefined;
    const releases = releasesAround(fact, this.files.factsAt(pathKey(fact.doc.uri)));
    if (releases.length === 0) return undefined;
    return inOrder(new Set(releases.flatMap((release) => this.rootsOfRelease(release))));
  }

  private rootsOfRelease(release: KustomizationFact): readonly KustomizationFact[] {
    return this.rootsByRelease.get(release, () => {
      const [taker] = this.graph.takersOf(release);
      if (!taker) return [release];
      return inOrder(this.withAbove(new Set(this.graph.takersOf(release)))).filter(
        (each) => !each.isComponent && this.graph.takersOf(each).next().done === true,
      );
    });
  }

  private countRoots(): number {
    const files: (readonly [roots: number, objects: number])[] = [];
    for (const uri of this.files.uris()) {
      const roots = this.rootsOf(uri).length;
      if (roots > 1) files.push([roots, this.files.factsAt(pathKey(uri)).length]);
    }
    return steps.find((most) => files.reduce((sum, [roots, objects]) => sum + Math.min(roots, most) * objects, 0) <= mostBuilt) ?? 1;
  }

  /** What builds make of an account, or of the accounts that a patch mends. Undefined where no build takes its file. */
  accounts(fact: ServiceAccountFact): BuiltIn<BuiltAccount>[] | undefined {
    const roots = this.rootsAround(fact) ?? this.madeRootsOf(fact.doc.uri);
    if (roots.length === 0) return undefined;
    return roots.flatMap((root) => [...this.make(root).accounts.get(fact)].slice(0, mostOfOne).map((built) => ({ root, built })));
  }

  workloads(fact: WorkloadFact): BuiltIn<BuiltWorkload>[] | undefined {
    const roots = this.rootsAround(fact) ?? this.madeRootsOf(fact.doc.uri);
    if (roots.length === 0) return undefined;
    return roots.flatMap((root) => [...this.make(root).workloads.get(fact)].slice(0, mostOfOne).map((built) => ({ root, built })));
  }

  /** The workloads of a build that use an account of it. */
  workloadsOf({ root, built }: BuiltIn<BuiltAccount>): WorkloadFact[] {
    const { workloadsByAccount } = this.make(root);
    const names = new Set(namesOf(built).map(({ name }) => name));
    return [...names]
      .flatMap((name) => (name === undefined ? [] : [...workloadsByAccount.get(name)]))
      .filter((workload) => uses(workload, built))
      .map(({ fact }) => fact);
  }

  /** The accounts of a build that a workload of it uses. */
  accountsOf({ root, built }: BuiltIn<BuiltWorkload>): BuiltAccount[] {
    return built.account === undefined
      ? []
      : [...this.make(root).accountsByName.get(built.account)].filter((account) => uses(built, account));
  }

  /** Accounts that some build gives a name which their manifest does not. */
  renamedTo(name: string): Iterable<ServiceAccountFact> {
    if (!this.graph.renames) return [];
    return this.newNames
      .get('all', () => {
        const byName = new MultiMap<string, ServiceAccountFact>();
        for (const root of this.graph.roots()) {
          for (const account of this.make(root).all)
            if (account.name !== undefined && literal(account.object.name) !== account.name) byName.add(account.name, account.object);
        }
        return byName;
      })
      .get(name);
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
    return this.withAbove(new Set(this.graph.takersOfPath(path)));
  }

  private withAbove(found: Set<KustomizationFact>): Set<KustomizationFact> {
    let level: Iterable<KustomizationFact> = [...found];
    for (let depth = 0; depth < deepest; depth++) {
      const next: KustomizationFact[] = [];
      for (const kustomization of level) {
        for (const taker of this.graph.takersOf(kustomization)) {
          if (found.has(taker)) continue;
          found.add(taker);
          next.push(taker);
        }
      }
      if (next.length === 0) break;
      level = next;
    }
    return found;
  }
}

/** Whether there are more builds than are made: never where there is one. */
function isMore(roots: readonly KustomizationFact[], most: Derived<number>): boolean {
  return roots.length > 1 && roots.length > most.get();
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
