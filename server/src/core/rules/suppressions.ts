import type { Span } from '../text/span';
import type { DocumentRef, SourceDocument } from '../syntax/sourceFile';
import type { Comment } from '../syntax/tree';

/** A comment that silences rules: plain data, kept with the facts of a closed file. */
export interface Suppression {
  readonly doc: DocumentRef;
  readonly kind: 'next-line' | 'line' | 'file';
  /** The rules named; empty: all of them. */
  readonly ids: readonly SuppressedId[];
  /** The directive in the comment, its ids included. */
  readonly span: Span;
  /** The line that is silenced: findings that begin in it. For `file` it counts for nothing. */
  readonly covers: Span;
}

export interface SuppressedId {
  readonly id: string;
  readonly span: Span;
}

const marker = 'pod-roles-disable';
const directive = /pod-roles-disable-(next-line|line|file)(?![\w-])[ \t]*([^\r\n]*)/;

/**
 * The suppressions of a document, in order: `pod-roles-disable-next-line ID, ID`, `-line`, `-file`, in any comment.
 * What follows ` -- ` is a reason for readers. A document without the marker is not parsed for it.
 */
export function readSuppressions(document: SourceDocument): Suppression[] {
  if (!document.text.includes(marker)) return [];
  const found: Suppression[] = [];
  for (const comment of document.tree().comments) {
    const suppression = readComment(document, comment);
    if (suppression) found.push(suppression);
  }
  return found;
}

function readComment(document: SourceDocument, comment: Comment): Suppression | undefined {
  const source = document.text.slice(comment.span.start, comment.span.end);
  const match = directive.exec(source);
  if (!match) return undefined;
  const start = comment.span.start + match.index;
  const list = (match[2] ?? '').replace(/\s*\*\/\s*$/, '').replace(/(^|\s)--(\s.*)?$/, '');
  const listStart = start + match[0].length - (match[2] ?? '').length;
  const ids: SuppressedId[] = [];
  for (const part of list.matchAll(/[^\s,]+/g)) {
    const from = listStart + part.index;
    ids.push({ id: part[0], span: { start: from, end: from + part[0].length } });
  }
  const kind = match[1] as Suppression['kind'];
  const end = ids.length > 0 ? ids[ids.length - 1]!.span.end : start + match[0].length - (match[2] ?? '').length;
  const span = { start, end: Math.max(start + `${marker}-${kind}`.length, ids.length > 0 ? end : 0) };
  return { doc: document.ref, kind, ids, span, covers: covered(document.text, comment.span, kind) };
}

/** The comment's own line, or the first line after it that is neither empty nor only a comment. */
function covered(text: string, comment: Span, kind: Suppression['kind']): Span {
  if (kind !== 'next-line') return { start: lineStart(text, comment.start), end: lineEnd(text, comment.end) };
  let start = nextLine(text, lineEnd(text, comment.end));
  while (start < text.length) {
    const end = lineEnd(text, start);
    if (!/^\s*(#|\/\/|$)/.test(text.slice(start, end))) return { start, end };
    start = nextLine(text, end);
  }
  return { start: text.length, end: text.length };
}

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text.charCodeAt(at - 1))) at--;
  return at;
}

function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

function nextLine(text: string, end: number): number {
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : Math.min(text.length, end + 1);
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
