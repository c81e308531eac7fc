import { pathKey } from '../config/paths';
import type { Fact, PodIdentityAssociationFact, ServiceAccountFact, TrustPolicyFact, WorkloadFact } from '../model/facts';
import type { DocumentRef } from '../syntax/sourceFile';
import { Keys, type Lookups } from './lookups';

/** The facts of each file, or how they are put together when asked for. */
export class FactFiles {
  private readonly byFile = new Map<string, readonly Fact[] | (() => readonly Fact[])>();
  /** Files with facts, by their path keys. */
  private readonly uriByPath = new Map<string, string>();
  private readonly lookedUp: {
    readonly uris: Keys<string>;
    readonly paths: Keys<string>;
    readonly documents: Keys<DocumentRef>;
    /** All facts of a kind at once. */
    readonly kinds: Keys<Fact['kind']>;
    /** Which files have facts. */
    readonly all: Keys<'all'>;
  };

  constructor(lookups: Lookups) {
    this.lookedUp = {
      uris: new Keys(lookups),
      paths: new Keys(lookups),
      documents: new Keys(lookups),
      kinds: new Keys(lookups),
      all: new Keys(lookups),
    };
  }

  /** Keeps a file's facts in place of those it had. */
  keep(uri: string, facts: readonly Fact[] | (() => readonly Fact[])): void {
    if (!this.byFile.has(uri)) {
      this.uriByPath.set(pathKey(uri), uri);
      this.lookedUp.all.changed('all');
    }
    this.byFile.set(uri, facts);
  }

  /** Facts of a file came or went. */
  changed(uri: string, facts: Iterable<Fact>): void {
    const { uris, paths, documents, kinds } = this.lookedUp;
    uris.changed(uri);
    paths.changed(pathKey(uri));
    for (const fact of facts) {
      documents.changed(fact.doc);
      kinds.changed(fact.kind);
    }
  }

  forget(uri: string): void {
    if (!this.byFile.delete(uri)) return;
    if (this.uriByPath.get(pathKey(uri)) === uri) this.uriByPath.delete(pathKey(uri));
    this.lookedUp.all.changed('all');
  }

  /** The URIs of all files with facts. */
  uris(): Iterable<string> {
    this.lookedUp.all.note('all');
    return this.byFile.keys();
  }

  of(uri: string): readonly Fact[] {
    this.lookedUp.uris.note(uri);
    return this.read(uri);
  }

  /** The facts of one document, in source order. */
  in(doc: DocumentRef): readonly Fact[] {
    this.note(doc);
    return inDocuments(this.read(doc.uri)).get(doc.index) ?? none;
  }

  /** Notes that a document's facts are looked at. */
  note(doc: DocumentRef): void {
    this.lookedUp.documents.note(doc);
  }

  private read(uri: string): readonly Fact[] {
    const facts = this.byFile.get(uri);
    return typeof facts === 'function' ? facts() : (facts ?? []);
  }

  /** The facts of the file of a path key. */
  at(path: string): readonly Fact[] {
    this.lookedUp.paths.note(path);
    const uri = this.uriByPath.get(path);
    return uri === undefined ? [] : this.read(uri);
  }

  /** The path keys of the files with facts in a folder, or also below it. */
  *filesIn(folder: string, recursive: boolean): Generator<string> {
    this.lookedUp.all.note('all');
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
    this.lookedUp.kinds.note(kind);
    for (const uri of this.byFile.keys())
      for (const fact of this.read(uri)) if (fact.kind === kind) yield fact as Extract<Fact, { kind: K }>;
  }
}

const none: readonly Fact[] = [];
const byDocument = new WeakMap<readonly Fact[], ReadonlyMap<number, readonly Fact[]>>();

/** A file's facts by their documents' numbers: put together once for all that ask. */
function inDocuments(facts: readonly Fact[]): ReadonlyMap<number, readonly Fact[]> {
  const known = byDocument.get(facts);
  if (known) return known;
  const found = new Map<number, Fact[]>();
  for (const fact of facts) {
    const own = found.get(fact.doc.index);
    if (own) own.push(fact);
    else found.set(fact.doc.index, [fact]);
  }
  byDocument.set(facts, found);
  return found;
}
