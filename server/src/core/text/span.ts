/**
 * A stretch of text, in UTF-16 offsets, end exclusive. Offsets count from the start of the
 * *document* (see syntax/sourceFile.ts), not of the file: a document that moves keeps its spans.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** True when the offset lies in the span or at either of its edges (an editor's cursor). */
export function touches(span: Span, offset: number): boolean {
  return offset >= span.start && offset <= span.end;
}

/** True when `inner` lies wholly in `outer`. */
export function encloses(outer: Span, inner: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
