import type { Fact } from '../../model/facts';
import type { Engine } from '../../rules/engine';
import type { Finding } from '../../rules/rule';
import type { DocumentRef } from '../../syntax/sourceFile';
import { MultiMap } from '../../wiring/multiMap';
import type { Entry } from '../files/entry';
import { documentsOf, OpenFile } from '../files/openFile';

/** What is known of a file's findings. */
interface FileFindings {
  /** The documents that have findings, before suppressions. */
  readonly withFindings: Set<DocumentRef>;
  /** The documents whose findings are to be looked up again; `all` where none was yet. */
  stale: Set<DocumentRef> | 'all';
  /** Undefined where a document is stale, or the file's own text changed. */
  findings: readonly Finding[] | undefined;
}

/**
 * What is found in each file, and the files whose findings may have changed. The findings of documents, and what they depend
 * on, are the engine's to keep (wiring/lookups.ts): it says which documents are stale. A long file is put together from the
 * few documents that have findings.
 */
export class Findings {
  private readonly files = new Map<string, FileFindings>();
  private readonly dirty = new Set<string>();
  private allDirty = false;
  /** The files whose findings point to places in a file. */
  private readonly pointing = new MultiMap<string, string>();

  /** @param keeps false where each file is asked about once: then nothing is kept */
  constructor(private readonly engine: Engine, private readonly keeps: boolean) {}

  /** The findings of a file that is here. */
  of(uri: string, entry: Entry): readonly Finding[] {
    if (this.engine.ignores(uri)) return [];
    const levels = this.engine.levelsOf(uri);
    const check = (doc: DocumentRef, facts: readonly Fact[]) => this.engine.check(doc, facts, levels);
    if (!this.keeps) return this.engine.report(uri, [...documentsOf(entry)].flatMap(([doc, facts]) => check(doc, facts)), levels);
    let file = this.files.get(uri);
    if (file?.findings) return file.findings;
    if (!file) this.files.set(uri, (file = { withFindings: new Set(), stale: 'all', findings: undefined }));
    file.findings = this.engine.report(uri, gather(file, entry, check), levels);
    for (const other of placesOf(file.findings)) if (other !== uri) this.pointing.add(other, uri);
    return file.findings;
  }

  /** The files whose findings may have changed since it was last called, of those that are kept; all of them where that is so. */
  takeDirty(kept: () => Iterable<string>): Set<string> {
    const uris = new Set(this.dirty);
    if (this.allDirty) for (const uri of kept()) uris.add(uri);
    this.allDirty = false;
    this.dirty.clear();
    return uris;
  }

  /** Something changed that was looked up for the findings of a document. */
  invalidate(doc: DocumentRef): void {
    const file = this.files.get(doc.uri);
    if (!file) return;
    this.dirty.add(doc.uri);
    this.drop(doc.uri, file);
    if (file.stale !== 'all') file.stale.add(doc);
  }

  /** Documents of a file came in the place of others. */
  change(uri: string, came: readonly DocumentRef[]): void {
    this.touch(uri);
    const file = this.files.get(uri);
    if (!file) return;
    this.drop(uri, file);
    if (file.stale !== 'all') for (const doc of came) file.stale.add(doc);
  }

  /** A file was read as a whole, or is gone. */
  reset(uri: string): void {
    this.touch(uri);
    const file = this.files.get(uri);
    if (file) this.drop(uri, file);
    this.files.delete(uri);
  }

  /** Every finding may be another. */
  resetAll(): void {
    this.allDirty = true;
    this.files.clear();
  }

  /** The findings that point into a file stay what they are, but the places may stand on another line. */
  private touch(uri: string): void {
    this.dirty.add(uri);
    for (const other of this.pointing.get(uri)) this.dirty.add(other);
  }

  private drop(uri: string, file: FileFindings): void {
    for (const other of placesOf(file.findings ?? [])) this.pointing.delete(other, uri);
    file.findings = undefined;
  }
}

/** The findings of a file's documents: those that are stale are checked, those without findings are left out. */
function gather(file: FileFindings, entry: Entry, check: (doc: DocumentRef, facts: readonly Fact[]) => readonly Finding[]): Finding[] {
  const { withFindings, stale } = file;
  const facts = entry instanceof OpenFile ? undefined : new Map(documentsOf(entry));
  const factsOf = (doc: DocumentRef): readonly Fact[] => (entry instanceof OpenFile ? entry.reading(doc)?.facts : facts!.get(doc)) ?? [];
  for (const doc of stale === 'all' ? Array.from(documentsOf(entry), ([each]) => each) : stale) {
    const own = factsOf(doc);
    if (own.length > 0 && check(doc, own).length > 0) withFindings.add(doc);
    else withFindings.delete(doc);
  }
  file.stale = new Set();
  return [...withFindings].flatMap((doc) => check(doc, factsOf(doc)));
}

/** The files that findings point to, with related places or fixes. */
function placesOf(findings: readonly Finding[]): Set<string> {
  const uris = new Set<string>();
  for (const { related, fixes } of findings) {
    for (const { at } of related) uris.add(at.doc.uri);
    for (const { edits } of fixes) for (const { doc } of edits) uris.add(doc.uri);
  }
  return uris;
}
