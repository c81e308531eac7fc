import type { ClusterPaths } from './clusterPaths';
import { isKindOfFile, sameDeployment } from './deployment';
import { FolderSides, type Side } from './folderSides';
import type { Lookups } from './lookups';
import type { Fact, KustomizationFact } from '../model/facts';

/** What has a place in the workspace: a fact, or a file. */
export interface Placed {
  readonly doc: { readonly uri: string };
  readonly deployedBy?: readonly string[];
}

/**
 * What two facts have in common:
 * - `same`: one deployment, by something that says so: a file, a folder, a root module, a chart, a build of kustomize, an
 *   application, a cluster of pod-roles.yaml;
 * - `near`: one stands in the folder of the other, or in a folder below it;
 * - `halves`: two folders, one with accounts alone and one with roles alone;
 * - `open`: nothing says that they belong together, and nothing that they do not;
 * - `apart`: two deployments.
 */
export type GroundKind = 'same' | 'near' | 'halves' | 'open' | 'apart';

export interface Ground {
  readonly kind: GroundKind;
  /** Why, as the end of a sentence: "both are in the root module envs/dev". */
  readonly because: string;
}

/** What the ground of facts is told from, beside their own paths. */
export interface GroundParts {
  readonly clusters: ClusterPaths;
  /** The outermost kustomizations that take a file. */
  rootsOf(uri: string): readonly KustomizationFact[];
}

const ranks: Readonly<Record<GroundKind, number>> = { same: 3, near: 2, halves: 1, open: 1, apart: 0 };

/** For choosing among candidates: those with more in common come before the others. */
export function rankOf({ kind }: Ground): number {
  return ranks[kind];
}

/** True where something says that both belong together, beside their being in one workspace. */
export function isCommon({ kind }: Ground): boolean {
  return kind === 'same' || kind === 'near' || kind === 'halves';
}

/**
 * The common ground of facts: the one place that says which facts of different files may be joined. Names and the ARNs of
 * manifests are joined only within it; a reference to an object is that object, wherever it stands (roleReferences.ts).
 */
export class Grounds {
  private readonly sides: FolderSides;

  constructor(
    private readonly parts: GroundParts,
    lookups: Lookups,
  ) {
    this.sides = new FolderSides(lookups);
  }

  /** Takes a fact that came, or one that goes: folders that hold both sides are deployments of their own. */
  count(fact: Fact, change: 'add' | 'remove'): void {
    const side = sideOf(fact);
    if (side) for (const uri of placesOf(fact)) this.sides[change](this.parts.clusters.of(uri).path.folders, side);
  }

  /** False where two facts, or files, are of different deployments: then nothing joins them. */
  together(a: Placed, b: Placed): boolean {
    if (a.doc.uri === b.doc.uri && !a.deployedBy && !b.deployedBy) return true;
    if (sharedDeployment(a, b) !== undefined) return true;
    return placesOf(a).some((x) => placesOf(b).some((y) => this.samePlace(x, y)));
  }

  /** What two facts have in common, and why. */
  between(a: Placed, b: Placed): Ground {
    const shared = sharedDeployment(a, b);
    if (shared !== undefined) return { kind: 'same', because: `both are deployed by ${deploymentWords(shared)}` };
    let best: Ground | undefined;
    for (const x of placesOf(a)) {
      for (const y of placesOf(b)) {
        const ground = this.ofPlaces(x, y);
        if (!best || rankOf(ground) > rankOf(best)) best = ground;
        if (best.kind === 'same') return best;
      }
    }
    return best!;
  }

  private samePlace(a: string, b: string): boolean {
    if (a === b) return true;
    const { clusters } = this.parts;
    if (!sameDeployment(clusters.of(a), clusters.of(b))) return false;
    return this.parallelFolders(a, b) === undefined || this.said(a, b) !== undefined;
  }

  private ofPlaces(a: string, b: string): Ground {
    if (a === b) return { kind: 'same', because: 'both are in one file' };
    const { clusters } = this.parts;
    if (!sameDeployment(clusters.of(a), clusters.of(b)))
      return { kind: 'apart', because: 'their folders are of different environments or deployments' };
    const said = this.said(a, b);
    if (said !== undefined) return { kind: 'same', because: said };
    const parallel = this.parallelFolders(a, b);
    if (parallel) {
      const [left, right] = parallel;
      return { kind: 'apart', because: `${left} and ${right} each have service accounts and roles of their own` };
    }
    return this.near(a, b);
  }

  /** What says that two files are deployed together. */
  private said(a: string, b: string): string | undefined {
    const { clusters } = this.parts;
    const [left, right] = [clusters.of(a), clusters.of(b)];
    const [own, other] = [left.path.folders, right.path.folders];
    if (own.length === other.length && own.every((folder, i) => folder === other[i])) return 'both are in one folder';
    const cluster = left.clusters.find((name) => right.clusters.includes(name));
    if (cluster !== undefined) return `both are for cluster ${cluster}, as pod-roles.yaml says`;
    const chart = chartOf(left.path);
    if (chart !== undefined && chart === chartOf(right.path)) return `both are in the chart ${lastOf(chart)}`;
    const roots = this.parts.rootsOf(a);
    const root = roots.length === 0 ? undefined : this.parts.rootsOf(b).find((each) => roots.includes(each));
    return root && `both are in the kustomization ${folderWords(root.doc.uri)}`;
  }

  /** The two folders below the one that both share, where each of them holds accounts as well as roles. */
  private parallelFolders(a: string, b: string): readonly [string, string] | undefined {
    const parted = this.partedFolders(a, b);
    if (!parted) return undefined;
    const { left, right, own, other } = parted;
    if (isKindOfFile(own) || isKindOfFile(other)) return undefined;
    const both = (folder: string): boolean => this.sides.has(folder, 'accounts') && this.sides.has(folder, 'roles');
    return both(left) && both(right) ? [own, other] : undefined;
  }

  private near(a: string, b: string): Ground {
    const parted = this.partedFolders(a, b);
    if (!parted) return { kind: 'near', because: 'one is in a folder below the other' };
    const { left, right, own, other } = parted;
    const only = (folder: string, side: Side): boolean =>
      this.sides.has(folder, side) && !this.sides.has(folder, side === 'accounts' ? 'roles' : 'accounts');
    const words = (accounts: string, roles: string): Ground => ({
      kind: 'halves',
      because: `${accounts} has the service accounts and ${roles} the roles`,
    });
    if (only(left, 'accounts') && only(right, 'roles')) return words(own, other);
    if (only(left, 'roles') && only(right, 'accounts')) return words(other, own);
    return { kind: 'open', because: 'both are in this workspace' };
  }

  /** Where two paths part: the folders below the one that both share; undefined where one is in the folder of the other. */
  private partedFolders(a: string, b: string): { left: string; right: string; own: string; other: string } | undefined {
    const [{ path: one }, { path: two }] = [this.parts.clusters.of(a), this.parts.clusters.of(b)];
    let shared = 0;
    while (shared < one.folders.length && shared < two.folders.length && one.folders[shared] === two.folders[shared]) shared++;
    const [own, other] = [one.folders[shared], two.folders[shared]];
    if (own === undefined || other === undefined) return undefined;
    const outer = one.folders.slice(0, shared).join('/');
    return { left: `${outer}/${own}`, right: `${outer}/${other}`, own, other };
  }
}

/** On which side of a chain a fact is; undefined for what is on neither. */
function sideOf(fact: Fact): Side | undefined {
  if (fact.kind === 'serviceAccount') return fact.patch ? undefined : 'accounts';
  if (fact.kind === 'podIdentityAssociation') return 'roles';
  return fact.kind === 'trustPolicy' && fact.concerns !== 'other' && !fact.made ? 'roles' : undefined;
}

const terraform = 'terraform ';

const places = new WeakMap<readonly string[], readonly string[]>();

/** Where a fact takes part: the folders of its root modules, else its own file. */
function placesOf({ doc, deployedBy }: Placed): readonly string[] {
  if (!deployedBy) return [doc.uri];
  let known = places.get(deployedBy);
  if (!known) {
    known = deployedBy.flatMap((each) =>
      each.startsWith(terraform) ? [`${each.slice(terraform.length).replace(/\/$/, '')}/main.tf`] : [],
    );
    places.set(deployedBy, known);
  }
  return known.length > 0 ? known : [doc.uri];
}

function sharedDeployment({ deployedBy: own }: Placed, { deployedBy: other }: Placed): string | undefined {
  if (!own || !other) return undefined;
  return own === other ? own[0] : own.find((each) => other.includes(each));
}

/** `terraform file:///repo/envs/dev`: "the root module envs/dev"; others by the last parts of what they name. */
function deploymentWords(deployment: string): string {
  const at = deployment.indexOf(' ');
  const [system, what] = [deployment.slice(0, at), deployment.slice(at + 1)];
  const path = what.split('/').filter(Boolean).slice(-2).join('/');
  const word = system === 'terraform' ? 'the root module' : system === 'chart' ? 'the chart' : `the ${system} deployment`;
  return `${word} ${path}`;
}

function folderWords(uri: string): string {
  return uri.split('/').slice(-3, -1).join('/');
}

/** The folder of the chart whose template or values a file is; undefined for others. */
function chartOf({ folders, name }: { readonly folders: readonly string[]; readonly name: string }): string | undefined {
  const at = folders.lastIndexOf('templates');
  if (at > 0) return folders.slice(0, at).join('/');
  return /^values[\w.-]*\.ya?ml$/i.test(name) ? folders.join('/') : undefined;
}

function lastOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}
