import type { Fact } from '../../model/facts';
import type { PolicyDocument } from '../../model/policy';
import { longestHcl } from '../../documents/readSourceFile';
import { Sayings } from '../../readers/shared/saying';
import { withinLimits } from '../../readers/policyLimits';
import { inputOf, type GroupReader, type ReaderInput } from '../../readers/reader';
import { hclParser } from '../../syntax/hcl/parser';
import type { SourceFile } from '../../syntax/sourceFile';
import { GroupGraph } from './groupGraph';

export interface FileGroup {
  readonly reader: GroupReader;
  readonly files: Map<string, SourceFile>;
}

/** Files read anew, and the facts of each: those of a group, or files of no group whose text a group reads. */
export interface GroupReading {
  readonly files: readonly SourceFile[];
  readonly facts: ReadonlyMap<string, readonly Fact[]>;
  /** Why nothing of it was read, in plain words. */
  readonly skipped?: string;
}

/** What one group that is deployed by itself says, and what that hangs on. */
interface Reading {
  readonly facts: ReadonlyMap<string, readonly Fact[]>;
  readonly groups: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/**
 * Files whose facts depend on each other (readers/reader.ts, GroupReader). Keeps their texts, for any of them may change
 * what another one says. A group that is deployed by itself is read with all groups that it uses, when somebody asks, and
 * again only after one of them changed, or a file that it reads.
 */
export class FileGroups {
  private readonly groups = new Map<string, FileGroup>();
  private readonly groupOfFile = new Map<string, string>();
  private readonly dirty = new Set<string>();
  private readonly graph = new GroupGraph();
  /** What groups say by themselves, while it is needed. */
  private readonly prepared = new Map<string, unknown>();
  private readonly readings = new Map<string, Reading>();
  /** The groups read whose facts stand in a file; and those that hang on a file of no group. */
  private readonly sayers = new Map<string, Set<string>>();
  private readonly dependents = new Map<string, Set<string>>();
  /** Among how many readings the work is shared: where that is another number by far, all are made anew. */
  private share = 1;
  private policies = new SharedPolicies();
  /** Groups that are to be read again, for a file of no group that they read. */
  private readonly stale = new Set<string>();

  /**
   * @param fileOf the documents of a file of no group, where it holds something for us
   */
  constructor(
    private readonly readers: readonly GroupReader[],
    private readonly fileOf: (uri: string) => readonly ReaderInput[] | undefined,
  ) {}

  /** Takes a file; false where it belongs to no group. */
  put(file: SourceFile): boolean {
    for (const reader of this.readers) {
      const key = file.skipped === undefined ? reader.groupOf(file.uri, file.syntax) : undefined;
      if (key === undefined) continue;
      if (this.groupOfFile.get(file.uri) !== key) this.remove(file.uri);
      const group = this.groups.get(key) ?? { reader, files: new Map<string, SourceFile>() };
      this.groups.set(key, group);
      group.files.set(file.uri, file);
      this.groupOfFile.set(file.uri, key);
      this.graph.mention(key, file.uri, file.documents.flatMap(({ text }) => reader.mentions(file.uri, text))); // prettier-ignore
      this.changed(key);
      return true;
    }
    this.remove(file.uri);
    return false;
  }

  remove(uri: string): void {
    const key = this.groupOfFile.get(uri);
    if (key === undefined) return;
    this.groupOfFile.delete(uri);
    const group = this.groups.get(key)!;
    group.files.delete(uri);
    this.graph.mention(key, uri, []);
    if (group.files.size === 0) this.groups.delete(key);
    this.changed(key);
  }

  private changed(key: string): void {
    this.dirty.add(key);
    this.prepared.delete(key);
  }

  /** A file of no group came, changed or went. */
  fileChanged(uri: string): void {
    for (const key of this.dependents.get(uri) ?? []) this.stale.add(key);
  }

  has(uri: string): boolean {
    return this.groupOfFile.has(uri);
  }

  /** The group of a file; undefined for a file of none. */
  groupOf(uri: string): FileGroup | undefined {
    const key = this.groupOfFile.get(uri);
    return key === undefined ? undefined : this.groups.get(key);
  }

  /** True where something is to be read. */
  get waiting(): boolean {
    return this.dirty.size > 0 || this.stale.size > 0;
  }

  /** True where a group that matters waits for the parser of HCL. */
  get waitsForHcl(): boolean {
    if (hclParser() !== undefined || this.dirty.size === 0) return false;
    const mattering = this.mattering();
    return [...this.dirty].some((key) => mattering.has(key));
  }

  /** The groups that matter: with a trigger word in one of their documents, and all that use them or are used by those. */
  private mattering(): Set<string> {
    return this.graph.around([...this.groups].flatMap(([key, group]) => (isRelevant(group) ? [key] : [])), (key) => this.groups.has(key)); // prettier-ignore
  }

  /**
   * Reads every group that changed, with those that use it. Nothing is read until the parser of HCL is here, with which what
   * reads groups comes, where a group matters. `isOpen`: what is parsed of groups read together with such files is kept.
   */
  *readChanged(isOpen: (uri: string) => boolean, onError: (reader: string, error: unknown) => void): Generator<GroupReading> {
    const mattering = this.mattering();
    const dirty = [...this.dirty];
    if (!hclParser() && dirty.some((key) => mattering.has(key))) return;
    const skipped = new Map<string, string>();
    for (const key of dirty) {
      const group = this.groups.get(key);
      if (group && mattering.has(key)) {
        const reason = tooLarge(group);
        if (reason !== undefined) skipped.set(key, reason);
      }
    }
    // Which groups are deployed by themselves may hang on any of those that changed.
    for (const key of mattering) if (!this.graph.isKnown(key) || this.dirty.has(key)) this.shape(key, onError);
    for (const key of dirty) if (!mattering.has(key)) this.graph.forget(key);
    const starts = this.graph.starts(mattering);
    const share = 2 ** Math.floor(Math.log2(Math.max(1, starts.size)));
    const isShared = share !== this.share;
    this.share = share;
    const again = [...starts].filter((key) => isShared || this.isStale(key));
    const gone = [...this.readings.keys()].filter((key) => !starts.has(key));
    const touched = new Set<string>();
    for (const key of gone) this.take(key, undefined, touched);
    for (const key of again) this.take(key, this.read(key, onError), touched);
    this.dirty.clear();
    this.stale.clear();
    yield* this.told(new Set(dirty), touched, skipped);
    this.release(isOpen);
    this.policies = new SharedPolicies();
  }

  private isStale(key: string): boolean {
    const reading = this.readings.get(key);
    if (!reading || this.stale.has(key)) return true;
    for (const each of this.dirty) if (reading.groups.has(each)) return true;
    return false;
  }

  /** What is to be told of files: of all files of groups that changed, and of others that have facts of other groups now. */
  private *told(dirty: ReadonlySet<string>, touched: ReadonlySet<string>, skipped: ReadonlyMap<string, string>): Generator<GroupReading> {
    const groups = new Set([...dirty].filter((key) => this.groups.has(key)));
    const others: string[] = [];
    for (const uri of touched) {
      const key = this.groupOfFile.get(uri);
      if (key !== undefined) groups.add(key);
      else others.push(uri);
    }
    for (const key of groups) {
      const files = filesOf(this.groups.get(key)!);
      const facts = new Map(files.map(({ uri }) => [uri, this.factsOf(uri)]));
      const reason = skipped.get(key);
      yield { files, facts, ...(reason === undefined ? {} : { skipped: reason }) };
    }
    if (others.length > 0) yield { files: [], facts: new Map(others.map((uri) => [uri, this.factsOf(uri)])) };
  }

  /** The facts of one file, of all groups that say something in it. What several say alike is said once, by all of them. */
  private factsOf(uri: string): readonly Fact[] {
    const keys = [...(this.sayers.get(uri) ?? [])].sort();
    const all = keys.map((key) => this.readings.get(key)?.facts.get(uri) ?? []);
    const facts = all.length === 1 ? withinPlaces(all[0]!) : joined(all);
    return facts.sort((a, b) => a.doc.index - b.doc.index || a.span.start - b.span.start || b.span.end - a.span.end);
  }

  private shape(key: string, onError: (reader: string, error: unknown) => void): void {
    const group = this.groups.get(key);
    const prepared = group && this.prepare(key, onError);
    if (!group || prepared === undefined) this.graph.forget(key);
    else this.graph.shape(key, group.reader.uses(prepared), group.reader.standsAlone(prepared));
  }

  /** What a group says by itself; undefined where it is too large, or not there. */
  private prepare(key: string, onError: (reader: string, error: unknown) => void): unknown {
    if (this.prepared.has(key)) return this.prepared.get(key);
    const group = this.groups.get(key);
    if (!group || tooLarge(group) !== undefined) return undefined;
    let prepared: unknown;
    try {
      prepared = group.reader.prepare(filesOf(group).flatMap(({ documents }) => documents.map((document) => inputOf(document))));
    } catch (error) {
      onError(group.reader.id, error);
    }
    this.prepared.set(key, prepared);
    return prepared;
  }

  private read(key: string, onError: (reader: string, error: unknown) => void): Reading {
    const { reader } = this.groups.get(key)!;
    const groups = new Set([key]);
    const files = new Set<string>();
    const facts = new Map<string, Fact[]>();
    try {
      const own = this.prepare(key, onError);
      const read =
        own === undefined
          ? []
          : reader.read(own, {
              prepared: (other) => {
                groups.add(other);
                return this.prepare(other, onError);
              },
              share: this.share,
              file: (uri) => {
                files.add(uri);
                return this.groupOfFile.has(uri) ? undefined : this.fileOf(uri);
              },
            });
      for (const each of read) {
        const fact = this.policies.shared(withinLimits(each));
        const same = facts.get(fact.doc.uri);
        if (same) same.push(fact);
        else facts.set(fact.doc.uri, [fact]);
      }
    } catch (error) {
      onError(reader.id, error);
    }
    return { facts, groups, files };
  }

  /** Keeps a group's reading in the place of the one before. */
  private take(key: string, reading: Reading | undefined, touched: Set<string>): void {
    const before = this.readings.get(key);
    for (const uri of before?.facts.keys() ?? []) {
      touched.add(uri);
      drop(this.sayers, uri, key);
    }
    for (const uri of before?.files ?? []) drop(this.dependents, uri, key);
    if (!reading) {
      this.readings.delete(key);
      return;
    }
    this.readings.set(key, reading);
    for (const uri of reading.facts.keys()) {
      touched.add(uri);
      add(this.sayers, uri, key);
    }
    for (const uri of reading.files) add(this.dependents, uri, key);
  }

  /** Lets go what was parsed, but for what is read together with open files. */
  private release(isOpen: (uri: string) => boolean): void {
    const kept = new Set<string>();
    for (const { groups } of this.readings.values()) {
      const isNear = [...groups].some((key) => [...(this.groups.get(key)?.files.keys() ?? [])].some(isOpen));
      if (isNear) for (const key of groups) kept.add(key);
    }
    for (const key of [...this.prepared.keys()]) {
      if (kept.has(key)) continue;
      this.prepared.delete(key);
      for (const { documents } of this.groups.get(key)?.files.values() ?? []) for (const document of documents) document.forget?.();
    }
  }
}

function add(map: Map<string, Set<string>>, name: string, key: string): void {
  const keys = map.get(name);
  if (keys) keys.add(key);
  else map.set(name, new Set([key]));
}

function drop(map: Map<string, Set<string>>, name: string, key: string): void {
  const keys = map.get(name);
  if (keys?.delete(key) && keys.size === 0) map.delete(name);
}

/** Policies that say the same at the same place: one object, however many groups that are deployed by themselves call their module. */
class SharedPolicies {
  private readonly known = new Map<string, PolicyDocument>();
  private readonly taken = new Set<PolicyDocument>();

  shared(fact: Fact): Fact {
    if (fact.kind !== 'trustPolicy' || this.taken.has(fact.policy)) return fact;
    const key = `${fact.doc.uri} ${fact.doc.index} ${JSON.stringify(fact.policy)}`;
    const policy = this.known.get(key);
    if (policy) return { ...fact, policy };
    this.known.set(key, fact.policy);
    this.taken.add(fact.policy);
    return fact;
  }
}

/** So many facts of one kind at one place are kept: one for each deployment and instance. More of them say hardly more. */
const mostAtOnePlace = 100;

/** Facts of several groups on one file: equal ones once, and of others the first at each place. */
function joined(all: readonly (readonly Fact[])[]): Fact[] {
  const found = new Map<string, Fact>();
  const deployments = new Map<string, Set<string>>();
  const places = new Places();
  const sayings = new Sayings();
  for (const facts of all) {
    for (const fact of facts) {
      const { deployedBy = [] } = fact;
      const key = sayings.of(fact, { deployedBy: true });
      const same = deployments.get(key);
      if (same) for (const each of deployedBy) same.add(each);
      else if (places.take(fact)) {
        found.set(key, fact);
        deployments.set(key, new Set(deployedBy));
      }
    }
  }
  return Array.from(found, ([key, fact]) => {
    const deployedBy = [...deployments.get(key)!];
    return deployedBy.length > (fact.deployedBy?.length ?? 0) ? { ...fact, deployedBy } : fact;
  });
}

class Places {
  private readonly counts = new Map<string, number>();

  /** False where enough of its kind stand at its place. */
  take({ kind, doc, span }: Fact): boolean {
    const place = `${doc.index} ${span.start} ${kind}`;
    const count = (this.counts.get(place) ?? 0) + 1;
    this.counts.set(place, count);
    return count <= mostAtOnePlace;
  }
}

function withinPlaces(facts: readonly Fact[]): Fact[] {
  const places = new Places();
  return facts.filter((fact) => places.take(fact));
}

function filesOf({ files }: FileGroup): SourceFile[] {
  return [...files.values()].sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
}

/** Whether some document of the group holds a trigger word. */
function isRelevant({ files }: FileGroup): boolean {
  return [...files.values()].some((file) => file.documents.some((document) => document.relevant));
}

/** Why a group is not read: the texts of its files are more than is read together. */
function tooLarge({ files }: FileGroup): string | undefined {
  let length = 0;
  for (const { documents } of files.values()) for (const { text } of documents) length += text.length;
  return length > longestHcl
    ? `too large: ${megabytes(length)} MB in the files of one folder that are read together, the limit is ${megabytes(longestHcl)} MB`
    : undefined;
}

function megabytes(length: number): string {
  return (length / 1e6).toFixed(1);
}
