import { applyEdits, format } from 'jsonc-parser';

/**
 * A policy document as IAM's API gives it: URL-encoded (RFC 3986) from most calls, plain from some and from emulators.
 * Source: IAM API reference, GetRole and ListRoles.
 */
export function decodeDocument(text: string): string {
  if (/^\s*[{[]/.test(text) || !text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A document as it is shown: with line breaks, where it has none. Every place in a policy of AWS counts in this text.
 * Nothing but white space changes, so that what IAM would refuse stays visible.
 */
export function shownDocument(text: string): string {
  const trimmed = text.trim();
  if (trimmed.includes('\n') || !/^[{[]/.test(trimmed)) return text;
  return applyEdits(trimmed, format(trimmed, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' }));
}

/**
 * A document as it stands in a snapshot: JSON where that keeps all of it, so that diffs are readable; else the text
 * (keys that stand twice, escapes, no JSON at all).
 */
export function documentValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && JSON.stringify(value) === withoutSpace(text)
      ? value
      : text;
  } catch {
    return text;
  }
}

/** The text of a document that a snapshot holds, whichever way. */
export function documentText(value: unknown): string | undefined {
  if (typeof value === 'string') return decodeDocument(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : undefined;
}

/** JSON without white space outside of strings. */
function withoutSpace(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '');
}
