import type { FixJudge } from '../../fixes/judge';
import { withOffers } from '../../fixes/offers';
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
  /** With the fixes as rules propose them; undefined where a document is stale, or the file's own text changed. */
  findings: readonly Finding[] | undefined;
  /** With the fixes that may be offered. They are judged by texts, so that any change of a file may make them others. */
  offered: { readonly findings: readonly Finding[]; readonly version: number } | undefined;
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

  /** Another number after each change of a file. */
  private version = 0;

  /**
   * @param judge of the fixes that rules propose: what is handed out has passed it
   * @param keeps false where each file is checked once: then nothing is kept
   */
  constructor(
    private readonly engine: Engine,
    private readonly judge: FixJudge,
    private readonly keeps: boolean,
  ) {}

  /** The findings of a file that is here, with the fixes that may be offered. */
  of(uri: string, entry: Entry): readonly Finding[] {
    if (this.engine.ignores(uri)) return [];
    if (!this.keeps) return withOffers(this.proposed(uri, documentsOf(entry)), this.judge);
    let file = this.files.get(uri);
    if (!file) this.files.set(uri, (file = { withFindings: new Set(), stale: 'all', findings: undefined, offered: undefined }));
    if (!file.findings) {
      file.findings = this.proposed(uri, this.gather(uri, file, entry));
      for (const other of placesOf(file.findings)) if (other !== uri) this.pointing.add(other, uri);
      file.offered = undefined;
    }
    if (file.offered?.version !== this.version) file.offered = { findings: withOffers(file.findings, this.judge), version: this.version };
    return file.offered.findings;
  }

  private proposed(uri: string, documents: Iterable<readonly [DocumentRef, readonly Fact[]]>): readonly Finding[] {
    const levels = this.engine.levelsOf(uri);
    const found: Finding[] = [];
    for (const [doc, facts] of documents) for (const finding of this.engine.check(doc, facts, levels)) found.push(finding);
    return this.engine.report(uri, found, levels);
  }

  /** The documents of a file that have findings: those that are stale are checked. */
  private gather(uri: string, file: FileFindings, entry: Entry): (readonly [DocumentRef, readonly Fact[]])[] {
    const { withFindings, stale } = file;
    const facts = entry instanceof OpenFile ? undefined : new Map(documentsOf(entry));
    const factsOf = (doc: DocumentRef): readonly Fact[] => (entry instanceof OpenFile ? entry.reading(doc)?.facts : facts!.get(doc)) ?? [];
    const levels = this.engine.levelsOf(uri);
    const documents = stale === 'all' ? Array.from(documentsOf(entry), ([doc]) => doc) : stale;
    for (const doc of documents) {
      const own = factsOf(doc);
      if (own.length > 0 && this.engine.check(doc, own, levels).length > 0) withFindings.add(doc);
      else withFindings.delete(doc);
    }
    file.stale = new Set();
    return Array.from(withFindings, (doc) => [doc, factsOf(doc)] as const);
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
    this.version++;
    this.allDirty = true;
    this.files.clear();
    this.pointing.clear();
  }

  /** The findings that point into a file stay what they are, but the places may stand on another line. */
  private touch(uri: string): void {
    this.version++;
    this.dirty.add(uri);
    for (const other of this.pointing.get(uri)) this.dirty.add(other);
  }

  private drop(uri: string, file: FileFindings): void {
    for (const other of placesOf(file.findings ?? [])) this.pointing.delete(other, uri);
    file.findings = undefined;
  }
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
