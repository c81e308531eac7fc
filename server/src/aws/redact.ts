/**
 * An ARN without the session's name: `arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com` names a person.
 */
export function withoutSession(arn: string): string {
  return arn.replace(/(:assumed-role\/[^/\s]+)\/[^\s"',]+/g, '$1').replace(/(:federated-user\/)[^\s"',]+/g, '$1…');
}

/** AWS's own words, fit to be shown: no session name, no access key, no token, not longer than a line or two. */
export function redact(text: string): string {
  return (
    withoutSession(text)
      .replace(/\bA[A-Z]{3}[A-Z0-9]{12,}\b/g, (id) => `${id.slice(0, 4)}…`)
      // What is long and has no spaces is a token or an encoded message; ARNs and policies have colons and slashes in them.
      .replace(/[A-Za-z0-9+/=_-]{80,}/g, '…')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 400)
  );
}
