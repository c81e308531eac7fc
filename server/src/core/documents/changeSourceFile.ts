import { ownText } from '../text/ownText';
import type { Span } from '../text/span';
import { cutYaml } from './cut';
import { documentIndexAt } from './documentIndex';
import { isBinary, isSyntaxByText, makeDocument, readDocumentation, readSourceFile, syntaxOf } from './readSourceFile';
import type { SourceDocument, SourceFile } from '../syntax/sourceFile';

/**
 * The file after a change. Documents whose text is as it was are the same objects, with their trees;
 * only `ref.start` and `ref.index` move. Equal to a fresh reading in every other way. Only the
 * documents about the change are cut anew.
 * @param languageId the editor's, by which the file was read first: a file that could not be read for a while is read by it again
 */
export function changeSourceFile(file: SourceFile, newText: string, languageId?: string): SourceFile {
  const old = file.documents;
  if (file.documentation) return readDocumentation(file.uri, newText, file.documentation, old);
  const isAnother = syntaxOf(file.uri, newText, languageId) !== file.syntax;
  if (file.skipped !== undefined || old.length === 0 || isAnother || isBinary(newText))
    return readSourceFile(file.uri, newText, languageId);
  if (file.syntax !== 'yaml') {
    if (old.length === 1 && old[0]!.text === newText) return file;
    return { ...file, documents: [makeDocument(file.uri, 0, 0, newText, file.syntax)] };
  }
  const shift = newText.length - lengthOf(old);
  return recut(file, difference(old, newText), shift, (from, to) => newText.slice(from, to));
}

/**
 * The same for a text that is put in the place of a stretch: costs what the change touches, for the whole text is never
 * put together. Undefined where that cannot be done.
 */
export function editSourceFile(file: SourceFile, { start, end }: Span, text: string, languageId?: string): SourceFile | undefined {
  const old = file.documents;
  if (isSyntaxByText(file.uri, languageId)) return undefined;
  if (file.syntax !== 'yaml' || file.skipped !== undefined || old.length === 0 || odd.test(text)) return undefined;
  if (start < 0 || end < start || end > lengthOf(old)) return undefined;
  const shift = text.length - (end - start);
  return recut(file, { start, end }, shift, (from, to) => textOf(old, from, start) + text + textOf(old, end, to - shift));
}

/**
 * The file with the documents about a change cut anew.
 * @param changed the stretch of the old text that is not the same, and `shift` by how much the text grew
 * @param textAt the new text from one offset to another
 */
function recut(file: SourceFile, changed: Span, shift: number, textAt: (from: number, to: number) => string): SourceFile {
  const old = file.documents;
  // The documents before the one that the change touches keep their place. The one just before it is cut
  // anew too: a marker's line may have lost its end. The same holds after the change.
  const first = Math.max(0, documentIndexAt(old, changed.start - MARKER - 1) - 1);
  const last = Math.min(old.length, documentIndexAt(old, changed.end + MARKER) + 2);
  const from = old[first]!.ref.start;
  const to = last < old.length ? old[last]!.ref.start + shift : lengthOf(old) + shift;
  const middle = textAt(from, to);
  const cuts = cutYaml(middle);
  const pool = poolOf(old.slice(first, last));
  const anew = cuts.map((cut, i) => {
    const text = middle.slice(cut, cuts[i + 1]);
    const document = pool.get(text)?.shift() ?? makeDocument(file.uri, 0, 0, ownText(text), 'yaml');
    place(document, first + i, from + cut);
    return document;
  });
  const further = anew.length - (last - first);
  for (let i = last; i < old.length; i++) place(old[i]!, i + further, old[i]!.ref.start + shift);
  return { ...file, documents: old.slice(0, first).concat(anew, old.slice(last)) };
}

const odd = /[\x00-\x08\x0e-\x1f\ufffd]/;

/** The text of some documents from one offset of their file to another. */
function textOf(documents: readonly SourceDocument[], from: number, to: number): string {
  let out = '';
  for (let i = documentIndexAt(documents, from); i < documents.length && documents[i]!.ref.start < to; i++) {
    const {
      text,
      ref: { start },
    } = documents[i]!;
    out += text.slice(Math.max(0, from - start), to - start);
  }
  return out;
}

/** The length of a marker with the character before and after it: how far a change reaches. */
const MARKER = 5;

function place(document: SourceDocument, index: number, start: number): void {
  const ref = document.ref as { index: number; start: number };
  ref.index = index;
  ref.start = start;
}

/** Documents by their text; of equal ones the first comes first. */
function poolOf(documents: readonly SourceDocument[]): Map<string, SourceDocument[]> {
  const pool = new Map<string, SourceDocument[]>();
  for (const document of documents) {
    const same = pool.get(document.text);
    if (same) same.push(document);
    else pool.set(document.text, [document]);
  }
  return pool;
}

function endOf(document: SourceDocument): number {
  return document.ref.start + document.text.length;
}

function lengthOf(documents: readonly SourceDocument[]): number {
  return endOf(documents[documents.length - 1]!);
}

/** What lies between the common beginning and the common end, in the old text's offsets. */
function difference(old: readonly SourceDocument[], newText: string): Span {
  const length = lengthOf(old);
  let start = length;
  for (const { ref, text } of old) {
    if (newText.startsWith(text, ref.start)) continue;
    let i = 0;
    while (i < text.length && text.charCodeAt(i) === newText.charCodeAt(ref.start + i)) i++;
    start = ref.start + i;
    break;
  }
  const shift = newText.length - length;
  const least = Math.max(start, start - shift);
  let end = length;
  for (let d = old.length - 1; d >= 0 && end > least; d--) {
    const { ref, text } = old[d]!;
    if (ref.start >= least && newText.startsWith(text, ref.start + shift)) {
      end = ref.start;
      continue;
    }
    while (end > Math.max(least, ref.start) && text.charCodeAt(end - 1 - ref.start) === newText.charCodeAt(end - 1 + shift)) end--;
    break;
  }
  return { start, end: Math.max(start, end) };
}
