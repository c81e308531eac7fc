import type { DocumentRef } from '../../syntax/sourceFile';
import type { Span } from '../../text/span';
import type { Text } from '../../text/text';
import { documentSpan, replacement } from '../../text/texts';
import type { Edit } from '../rule';

/** Writes a whole value anew, encoded for its surroundings. */
export function rewrite(doc: DocumentRef, text: Text, value: string): Edit {
  return { doc, ...replacement(text, 0, text.value.length, value) };
}

/** True for a literal or folded block scalar, whose value ends with a line break. */
export function isBlock(text: Text): boolean {
  return text.encodings.some((encoding) => encoding.kind === 'yaml-block');
}

/** The span of the value without the white space at its ends. */
export function visibleSpan(text: Text): Span {
  const lead = text.value.length - text.value.trimStart().length;
  return documentSpan(text, lead, Math.max(lead, text.value.trimEnd().length));
}
