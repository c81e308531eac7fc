import { pathKey } from '../config/paths';
import type { Fact, PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';

/** The facts of each file, or how they are put together when asked for. */
export class FactFiles {
  private readonly byFile = new Map<string, readonly Fact[] | (() => readonly Fact[])>();
  /** Files with facts, by their path keys. */
  private readonly uriByPath = new Map<string, string>();

  /** Keeps a file's facts in place of those it had. */
  keep(uri: string, facts: readonly Fact[] | (() => readonly Fact[])): void {
    if (!this.byFile.has(uri)) this.uriByPath.set(pathKey(uri), uri);
    this.byFile.set(uri, facts);
  }

  forget(uri: string): void {
    if (this.byFile.delete(uri) && this.uriByPath.get(pathKey(uri)) === uri) this.uriByPath.delete(pathKey(uri));
  }

  /** The URIs of all files with facts. */
  uris(): Iterable<string> {
    return this.byFile.keys();
  }

  of(uri: string): readonly Fact[] {
    const facts = this.byFile.get(uri);
    return typeof facts === 'function' ? facts() : (facts ?? []);
  }

  /** The facts of the file of a path key. */
  at(path: string): readonly Fact[] {
    const uri = this.uriByPath.get(path);
    return uri === undefined ? [] : this.of(uri);
  }

  /** The path keys of the files with facts in a folder, or also below it. */
  *filesIn(folder: string, recursive: boolean): Generator<string> {
    const start = `${folder}/`;
    for (const path of this.uriByPath.keys()) if (path.startsWith(start) && (recursive || !path.includes('/', start.length))) yield path;
  }

  accounts(): Iterable<ServiceAccountFact> {
    return this.ofKind('serviceAccount');
  }

  workloads(): Iterable<WorkloadFact> {
    return this.ofKind('workload');
  }

  policies(): Iterable<TrustPolicyFact> {
    return this.ofKind('trustPolicy');
  }

  associations(): Iterable<PodIdentityAssociationFact> {
    return this.ofKind('podIdentityAssociation');
  }

  private *ofKind<K extends Fact['kind']>(kind: K): Generator<Extract<Fact, { kind: K }>> {
    for (const uri of this.byFile.keys()) for (const fact of this.of(uri)) if (fact.kind === kind) yield fact as Extract<Fact, { kind: K }>;
  }
}
