import { JudgedDocuments, type Judged } from './judgedDocuments';
import type { Fact } from '../../model/facts';
import type { OpenFile } from '../files/openFile';
import type { Engine } from '../../rules/engine';
import type { Finding } from '../../rules/rule';
import type { DocumentRef } from '../../syntax/sourceFile';
import { dependentsOf } from '../../wiring/dependents';
import type { FactIndex } from '../../wiring/factIndex';
import { MultiMap } from '../../wiring/multiMap';

/** So many changes at once (a first walk, another branch) concern the whole workspace. */
const manyChanges = 200;

/** What is found in each file, kept until something changes that bears on it; and the files whose findings may have changed. */
export class Findings {
  private readonly dirty = new Set<string>();
  private allDirty = false;
  /** True when every finding is to be made anew. */
  private allStale = false;
  /** Facts whose dependents, as they are now, are still to be looked up, and how many files they are of. */
  private pending: Fact[] = [];
  private readonly pendingFiles = new Set<string>();
  /** Files whose findings point to places in a file. */
  private readonly pointing = new MultiMap<string, string>();
  private readonly found = new Map<string, readonly Finding[]>();
  private readonly judged = new JudgedDocuments();

  /** @param has true for a file that is kept */
  constructor(private readonly index: FactIndex, private readonly engine: Engine, private readonly has: (uri: string) => boolean) {}

  /** The findings of a file; `make` is called where they are not known. */
  of(uri: string, make: () => readonly Finding[]): readonly Finding[] {
    this.catchUp();
    const known = this.found.get(uri);
    if (known) return known;
    const findings = make();
    this.found.set(uri, findings);
    for (const { related, fixes } of findings) {
      for (const { at } of related) if (at.doc.uri !== uri) this.pointing.add(at.doc.uri, uri);
      for (const { doc } of fixes.flatMap((fix) => fix.edits)) if (doc.uri !== uri) this.pointing.add(doc.uri, uri);
    }
    return findings;
  }

  /** The files whose findings may have changed since it was last asked, of those that are kept; all of them where that is so. */
  takeDirty(kept: () => Iterable<string>): Set<string> {
    this.catchUp();
    const uris = new Set(this.dirty);
    if (this.allDirty) for (const uri of kept()) uris.add(uri);
    this.allDirty = false;
    this.dirty.clear();
    return uris;
  }

  /** Notes that a file changed, and no finding is what it was. */
  touch(uri: string): void {
    this.dirty.add(uri);
    this.found.clear();
  }

  /** Documents of an open file, so that its findings are all in them. */
  documentsWithFindings(uri: string, entry: OpenFile): Iterable<Judged> {
    return this.judged.of(uri, entry, (document) => this.engine.check(uri, [document]).length > 0);
  }

  /** A file's documents are to be judged as if it were new. */
  reread(uri: string): void {
    this.judged.forget(uri);
  }

  /** A document is new, or something changed that bears on it. */
  invalidate(doc: DocumentRef): void {
    this.engine.invalidate(doc);
    this.judged.touch(doc);
  }

  /** Every finding is to be made anew. */
  forgetAll(): void {
    this.allDirty = true;
    this.found.clear();
    this.forgetJudged();
  }

  private forgetJudged(): void {
    this.engine.forget();
    this.judged.forgetAll();
  }

  /** Before a change: who depends on what goes. Files new to the workspace have nobody yet. */
  leave(uri: string, removed: readonly Fact[]): void {
    this.touch(uri);
    // Their findings stay what they are, but what they point to may stand on another line.
    for (const each of [...this.pointing.get(uri)]) {
      if (this.has(each)) this.dirty.add(each);
      this.pointing.delete(uri, each);
    }
    if (removed.length > 0 && !(this.allDirty && this.allStale)) this.mark(dependentsOf(this.index, removed));
  }

  /** After a change: who depends on what came is looked up before the next answer. */
  arrive(uri: string, added: readonly Fact[]): void {
    for (const fact of added) this.pending.push(fact);
    this.pendingFiles.add(uri);
    this.found.clear();
  }

  private mark(dependents: ReadonlySet<DocumentRef> | 'all'): void {
    if (dependents === 'all') this.allDirty = this.allStale = true;
    else {
      for (const doc of dependents) {
        if (this.has(doc.uri)) this.dirty.add(doc.uri);
        this.invalidate(doc);
      }
    }
  }

  private catchUp(): void {
    if (this.pendingFiles.size > manyChanges) this.mark('all');
    else if (this.pending.length > 0 && !(this.allDirty && this.allStale)) this.mark(dependentsOf(this.index, this.pending));
    this.pending = [];
    this.pendingFiles.clear();
    if (this.allStale) this.forgetJudged();
    this.allStale = false;
  }
}
