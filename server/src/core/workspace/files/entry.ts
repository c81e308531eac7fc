import { detach } from './detach';
import type { Fact } from '../../model/facts';
import type { Suppression } from '../../rules/suppressions';
import { documentIndexAt } from '../../documents/documentIndex';
import type { DocumentRef, SourceDocument, SourceFile } from '../../syntax/sourceFile';
import { lineAt, lineStarts, type Position } from '../../text/lineIndex';

/** What was read of one document, kept while the document itself is. */
export interface DocumentReading {
  readonly facts: readonly Fact[];
  readonly suppressions: readonly Suppression[];
  /** The facts of an example that is not plainly a whole one: for whoever asks at its place, never joined nor judged. */
  readonly aside?: readonly Fact[];
  /** The first mistake of the document's syntax that no template explains: its offset and what it is, in plain words. */
  readonly problem?: { readonly offset: number; readonly message: string };
}

/** What is kept of a file. `open` only while its text is at hand; a closed file is facts, suppressions and line starts. */
export interface Entry {
  readonly facts: readonly Fact[];
  readonly suppressions: readonly Suppression[];
  /** The offset at which each line starts. */
  readonly lines: readonly number[];
  readonly open?: { readonly file: SourceFile; readonly languageId: string | undefined };
  /** Line and column of an offset in one of the file's documents. */
  position?(doc: DocumentRef, offset: number): Position;
}

const linesOf = new WeakMap<SourceDocument, readonly number[]>();

/** The offsets in a document at which its lines start. */
export function documentLines(document: SourceDocument): readonly number[] {
  let lines = linesOf.get(document);
  if (!lines) linesOf.set(document, (lines = lineStarts(document.text)));
  return lines;
}

/** A text so short weighs little more than what is read of it, and to cut loose from it takes longer than to read it. */
const shortText = 16_384;
/** The same for each fact: a text of thousands of objects weighs less than they do. */
const textOfFact = 2000;

/**
 * What is kept of a closed file: nothing that holds on to its text.
 * @param length of its text, in UTF-16 units; given by who keeps few files and not for long: then it may be held on to where it is short
 */
export function closed({ facts, suppressions, lines }: Pick<Entry, 'facts' | 'suppressions' | 'lines'>, length = Infinity): Entry {
  return {
    ...(length <= Math.max(shortText, facts.length * textOfFact) ? { facts, suppressions } : detach({ facts, suppressions })),
    lines,
  };
}

/** The position of an offset in a text, given the offsets at which its lines start. */
export function positionIn(lines: readonly number[], offset: number): Position {
  const at = Math.max(0, offset);
  const line = lineAt(lines, at);
  return { line, character: at - lines[line]! };
}

/**
 * Why a file could be read only in part, in plain words, or undefined: its first mistake. What can be read around it
 * is read all the same.
 * @param documents all of the file
 * @param readings of the documents, in order
 * @param read the documents that were read, where it is not all
 */
export function readInPart(
  documents: readonly SourceDocument[],
  readings: readonly DocumentReading[],
  read = documents,
): string | undefined {
  const index = readings.findIndex(({ problem }) => problem !== undefined);
  if (index < 0) return undefined;
  const { offset, message } = readings[index]!.problem!;
  const document = read[index]!;
  const before = documents.slice(0, document.ref.index).reduce((lines, each) => lines + documentLines(each).length - 1, 0);
  return `read in part, line ${before + lineAt(documentLines(document), offset) + 1}: ${message}`;
}

/** The first mistake of a document's syntax that no template explains. */
export function problemOf(document: SourceDocument): DocumentReading['problem'] {
  const found = document.relevant ? document.tree().problems.find((each) => !each.inTemplate) : undefined;
  return found && { offset: found.span.start, message: found.message };
}

/** The facts of some readings, in order. */
export function factsOf(readings: readonly DocumentReading[]): Fact[] {
  return readings.flatMap(({ facts }) => facts);
}

/** Where the document of a file is in which an offset lies: by halving, since a file may have thousands. */
export function documentAt(
  documents: readonly SourceDocument[],
  fileOffset: number,
): { document: SourceDocument; offset: number } | undefined {
  if (documents.length === 0) return undefined;
  const document = documents[documentIndexAt(documents, fileOffset)]!;
  const offset = fileOffset - document.ref.start;
  return offset < 0 ? undefined : { document, offset };
}
