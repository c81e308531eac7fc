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
