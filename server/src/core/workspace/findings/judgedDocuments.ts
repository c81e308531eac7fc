import type { Fact } from '../../model/facts';
import type { OpenFile } from '../files/openFile';
import { documentsOf } from '../files/openFile';
import type { DocumentRef } from '../../syntax/sourceFile';

/** A document with its facts. */
export type Judged = readonly [DocumentRef, readonly Fact[]];

/** What is known of a file: documents with findings, those that may have others now, and whether any was looked at yet. */
interface Known {
  readonly telling: Set<DocumentRef>;
  readonly stale: Set<DocumentRef>;
}

/**
 * Which documents of open files have findings, so that those of a long file are put together from the few that have any.
 * What is found in them is the engine's to say.
 */
export class JudgedDocuments {
  private files = new Map<string, Known | 'once'>();

  /** Something changed that bears on a document, or it is new. */
  touch(doc: DocumentRef): void {
    const known = this.files.get(doc.uri);
    if (known !== undefined && known !== 'once') known.stale.add(doc);
  }

  /** A file is to be looked through anew. */
  forget(uri: string): void {
    this.files.delete(uri);
  }

  /** All files are to be looked through anew. */
  forgetAll(): void {
    this.files.clear();
  }

  /**
   * The documents that a file's findings are in, and maybe others.
   * @param hasFindings of one document, before suppressions
   */
  of(uri: string, entry: OpenFile, hasFindings: (document: Judged) => boolean): Iterable<Judged> {
    // What silences rules is judged with all that is found.
    if (entry.suppressions.length > 0) {
      this.forget(uri);
      return documentsOf(entry);
    }
    let known = this.files.get(uri);
    if (known === undefined) {
      // A file may be judged once and never change.
      this.files.set(uri, 'once');
      return documentsOf(entry);
    }
    if (known === 'once') this.files.set(uri, (known = { telling: new Set(), stale: new Set(Array.from(documentsOf(entry), ([doc]) => doc)) }));
    const { telling, stale } = known;
    for (const doc of stale) {
      const reading = entry.reading(doc);
      if (reading && reading.facts.length > 0 && hasFindings([doc, reading.facts])) telling.add(doc);
      else telling.delete(doc);
    }
    stale.clear();
    const documents: Judged[] = [];
    for (const doc of telling) {
      const reading = entry.reading(doc);
      if (reading) documents.push([doc, reading.facts]);
      else telling.delete(doc);
    }
    return documents;
  }
}
