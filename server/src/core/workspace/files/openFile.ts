import { documentLines, positionIn, readInPart, type DocumentReading, type Entry } from './entry';
import type { Fact } from '../../model/facts';
import type { Suppression } from '../../rules/suppressions';
import type { DocumentRef, SourceDocument, SourceFile } from '../../syntax/sourceFile';
import { lineAt, type Position } from '../../text/lineIndex';

/** Of how many documents something was read: where it is none, a file of thousands is not looked through. */
interface Tally {
  readonly facts: number;
  readonly suppressions: number;
  readonly problems: number;
}

/** What goes with a change of an open file, and what comes in its place. */
export interface Change {
  /** How many documents before and after it stay the same objects. */
  readonly head: number;
  readonly tail: number;
  readonly gone: readonly DocumentReading[];
  readonly came: readonly DocumentReading[];
}

/** An open file's entry: what its documents say, put together when somebody asks, so that an edit costs what it changes. */
export class OpenFile implements Entry {
  private allFacts: readonly Fact[] | undefined;
  private allSuppressions: readonly Suppression[] | undefined;
  private allLines: readonly number[] | undefined;
  readonly open: NonNullable<Entry['open']>;

  /**
   * @param readings what was read of each document of the file, in order
   * @param tally of these readings
   * @param firstLines the line that each document begins on, and the last line of the file; made when first asked for
   */
  private constructor(
    file: SourceFile,
    languageId: string | undefined,
    readonly readings: readonly DocumentReading[],
    private readonly tally: Tally,
    private firstLines: readonly number[] | undefined,
  ) {
    this.open = { file, languageId };
  }

  /** The entry of a file that is read as a whole. */
  static of(file: SourceFile, languageId: string | undefined, readings: readonly DocumentReading[]): OpenFile {
    return new OpenFile(file, languageId, readings, tallyOf(readings), undefined);
  }

  /** What a change of the file's documents changes in their readings. `read` gives those of new documents. */
  changeTo(file: SourceFile, read: (document: SourceDocument) => DocumentReading): Change {
    const [old, now] = [this.open.file.documents, file.documents];
    const shorter = Math.min(old.length, now.length);
    let head = 0;
    while (head < shorter && old[head] === now[head]) head++;
    let tail = 0;
    while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
    return { head, tail, gone: this.readings.slice(head, old.length - tail), came: now.slice(head, now.length - tail).map(read) };
  }

  /** The entry after a change. */
  after(file: SourceFile, { head, tail, gone, came }: Change): OpenFile {
    const { readings } = this;
    const [less, more] = [tallyOf(gone), tallyOf(came)];
    const tally: Tally = {
      facts: this.tally.facts - less.facts + more.facts,
      suppressions: this.tally.suppressions - less.suppressions + more.suppressions,
      problems: this.tally.problems - less.problems + more.problems,
    };
    const firstLines =
      this.firstLines && movedLines(this.firstLines, head, readings.length - tail, file.documents.slice(head, head + came.length));
    return new OpenFile(
      file,
      this.open.languageId,
      readings.slice(0, head).concat(came, readings.slice(readings.length - tail)),
      tally,
      firstLines,
    );
  }

  get facts(): readonly Fact[] {
    return (this.allFacts ??= this.readings.flatMap(({ facts }) => facts));
  }

  /** True where the file has no facts. */
  get isSilent(): boolean {
    return this.tally.facts === 0;
  }

  get suppressions(): readonly Suppression[] {
    return (this.allSuppressions ??= this.tally.suppressions === 0 ? [] : this.readings.flatMap(({ suppressions }) => suppressions));
  }

  /** Why the file was not read, or only in part; see {@link readInPart}. */
  get notRead(): string | undefined {
    const { file } = this.open;
    return file.skipped ?? (this.tally.problems === 0 ? undefined : readInPart(file.documents, this.readings));
  }

  get lines(): readonly number[] {
    if (this.allLines) return this.allLines;
    const all = [0];
    for (const document of this.open.file.documents) {
      const lines = documentLines(document);
      for (let i = 1; i < lines.length; i++) all.push(document.ref.start + lines[i]!);
    }
    return (this.allLines = all);
  }

  /** What was read of a document; undefined where it is none of the file's, as it is now. */
  reading(doc: DocumentRef): DocumentReading | undefined {
    return this.open.file.documents[doc.index]?.ref === doc ? this.readings[doc.index] : undefined;
  }

  position(doc: DocumentRef, offset: number): Position {
    const document = this.open.file.documents[doc.index];
    if (document?.ref !== doc || offset < 0 || offset > document.text.length) return positionIn(this.lines, doc.start + offset);
    const lines = documentLines(document);
    const line = lineAt(lines, offset);
    // A document may begin in mid-line (a word of a shell): columns of that line count from where the line begins.
    if (line === 0 && this.beginsInMidLine(doc.index)) return positionIn(this.lines, doc.start + offset);
    this.firstLines ??= movedLines([0], 0, 0, this.open.file.documents);
    return { line: this.firstLines[doc.index]! + line, character: offset - lines[line]! };
  }

  private beginsInMidLine(index: number): boolean {
    const before = index === 0 ? undefined : this.open.file.documents[index - 1]!.text;
    return before !== undefined && before !== '' && !/[\r\n]$/.test(before.slice(-1));
  }
}

function tallyOf(readings: readonly DocumentReading[]): Tally {
  const tally = { facts: 0, suppressions: 0, problems: 0 };
  for (const { facts, suppressions, problem } of readings) {
    if (facts.length > 0) tally.facts++;
    if (suppressions.length > 0) tally.suppressions++;
    if (problem) tally.problems++;
  }
  return tally;
}

/** The lines that documents begin on, and the last line of all, where documents stand in the place of those from one number to another. */
function movedLines(before: readonly number[], from: number, to: number, documents: readonly SourceDocument[]): readonly number[] {
  const first: number[] = [];
  let line = before[from]!;
  for (const document of documents) {
    first.push(line);
    line += documentLines(document).length - 1;
  }
  const shift = line - before[to]!;
  if (shift === 0 && documents.length === to - from && documents.length === 1) return before;
  return before.slice(0, from).concat(first, shift === 0 ? before.slice(to) : before.slice(to).map((each) => each + shift));
}

/** The documents of an entry that say something, with their facts. */
export function* documentsOf(entry: Entry): Generator<readonly [DocumentRef, readonly Fact[]]> {
  if (entry instanceof OpenFile) {
    const { documents } = entry.open.file;
    for (let i = 0; i < documents.length; i++) if (entry.readings[i]!.facts.length > 0) yield [documents[i]!.ref, entry.readings[i]!.facts];
    return;
  }
  const byDocument = new Map<DocumentRef, Fact[]>();
  for (const fact of entry.facts) {
    const own = byDocument.get(fact.doc);
    if (own) own.push(fact);
    else byDocument.set(fact.doc, [fact]);
  }
  yield* byDocument;
}
