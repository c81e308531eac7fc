import { applied, fitted, inOrder } from '../../fixes/edits';
import type { Edit } from '../../rules/rule';
import type { DocumentRef, SourceDocument, SourceFile } from '../../syntax/sourceFile';
import { joinInsertions, withoutEmptied } from '../edits/join';
import type { FileChange, Made } from '../types';
import type { Part } from './part';

/** Edits that do at once what several parts do: what is inserted at one place is joined, and the same edit is made once. */
export function joinedEdits(parts: readonly Pick<Part, 'edits'>[]): Made<readonly Edit[]> {
  const all: Edit[] = [];
  const insertions = new Map<string, Edit>();
  const seen = new Set<string>();
  for (const edit of withoutEmptied(parts.flatMap(({ edits }) => edits))) {
    const at = `${edit.doc.uri} ${edit.doc.index} ${edit.span.start}`;
    const key = `${at} ${edit.span.end} ${edit.newText}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (edit.span.end > edit.span.start) all.push(edit);
    else {
      const earlier = insertions.get(at);
      insertions.set(at, earlier ? joinInsertions(earlier, edit) : edit);
    }
  }
  all.push(...insertions.values());
  for (const [, own] of byDocument(all))
    if (!inOrder(own)) return { refused: 'Two changes of this step touch the same text. Move the accounts one after the other.' };
  return { made: all };
}

function byDocument(edits: readonly Edit[]): Map<DocumentRef, Edit[]> {
  const found = new Map<DocumentRef, Edit[]>();
  for (const edit of edits) {
    const own = found.get(edit.doc);
    if (own) own.push(edit);
    else found.set(edit.doc, [edit]);
  }
  return found;
}

/** New files, those of one URI joined. */
export function joinedCreates(parts: readonly Pick<Part, 'creates'>[]): FileChange['creates'] {
  const texts = new Map<string, string>();
  for (const { uri, text } of parts.flatMap(({ creates }) => creates)) {
    const earlier = texts.get(uri);
    if (earlier === undefined || earlier === text) texts.set(uri, text);
    else texts.set(uri, `${earlier}${earlier.endsWith('\n') ? '' : '\n'}${text}`);
  }
  return [...texts].map(([uri, text]) => ({ uri, text }));
}

/** The texts of files after a change, new files among them; undefined where a text is not the one that the edits were made for. */
export function changedTexts(
  { edits, creates }: FileChange,
  source: (uri: string) => SourceFile | undefined,
): Map<string, string> | undefined {
  const texts = new Map<string, string>(creates.map(({ uri, text }) => [uri, text]));
  const documents = new Map<string, Map<number, string>>();
  for (const [doc, own] of byDocument(edits)) {
    const before = documentAt(source, doc);
    const ordered = before && inOrder(own.map((edit) => fitted(before.text, edit)));
    if (!before || !ordered) return undefined;
    const file = documents.get(doc.uri) ?? new Map<number, string>();
    documents.set(doc.uri, file.set(doc.index, applied(before.text, ordered)));
  }
  for (const [uri, changed] of documents) {
    const file = source(uri)!;
    texts.set(uri, file.documents.map(({ text }, i) => changed.get(i) ?? text).join(''));
  }
  return texts;
}

/** Edits with the line ends of the lines where they go. */
export function fittedEdits(edits: readonly Edit[], source: (uri: string) => SourceFile | undefined): Edit[] {
  return edits.map((edit) => {
    const document = documentAt(source, edit.doc);
    return document ? fitted(document.text, edit) : edit;
  });
}

function documentAt(source: (uri: string) => SourceFile | undefined, doc: DocumentRef): SourceDocument | undefined {
  const document = source(doc.uri)?.documents[doc.index];
  return document?.ref.start === doc.start ? document : undefined;
}
