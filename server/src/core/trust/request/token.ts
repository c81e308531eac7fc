import type { Text } from '../../text/text';
import { shownText } from '../../text/shown';
import { equal, plain } from '../../text/texts';
import type { Tri } from '../../text/tri';
import { defaultAudience, subjectPrefix } from '../../model/subject';
import { awsNameSource, kubernetesNameSource } from '../../text/wildcards/compile';
import type { WebIdentityRequest } from '../verdict';

/** The web identity token as far as it is known. */
export interface Token {
  /** Without `https://`. Holes where it is taken from a policy that has them. */
  readonly issuer: Text;
  /** True when it was taken from the policy's provider: then what may be the same counts as the same, and is noted. */
  readonly assumed: boolean;
  readonly subject: Text;
  /** The subject as values of one program, where it is not known. */
  readonly identified?: Text;
  readonly audience: Text;
}

export function tokenOf(request: WebIdentityRequest, issuer: Text, assumed: boolean): Token {
  return {
    issuer,
    assumed,
    subject: subjectOf(request.namespace, request.serviceAccount),
    audience: plain(request.audience ?? defaultAudience),
    ...(request.identified
      ? { identified: concat([plain(subjectPrefix), request.identified.namespace, plain(':'), request.identified.name]) }
      : {}),
  };
}

/** The subject, with holes for the names that are not known. */
export function subjectOf(namespace: string | undefined, serviceAccount: string | undefined): Text {
  return concat([plain(subjectPrefix), kubernetesName(namespace), plain(':'), kubernetesName(serviceAccount)]);
}

/** A name of AWS (region, account, cluster), or a hole for one that is not known. */
export function nameOrHole(name: string | undefined): Text {
  return name === undefined ? hole(awsNameSource) : plain(name);
}

/** A name of Kubernetes, or a hole for one that is not known. */
export function kubernetesName(name: string | undefined): Text {
  return name === undefined ? hole(kubernetesNameSource) : plain(name);
}

/** A text that no file tells. */
export function unknownText(): Text {
  return hole('(unknown)');
}

function hole(source: string): Text {
  return { ...plain(source), holes: [{ start: 0, end: source.length, source, named: false }] };
}

/** Joins texts without a source. */
export function concat(parts: readonly Text[]): Text {
  let value = '';
  const holes = [];
  for (const part of parts) {
    for (const h of part.holes) holes.push({ ...h, start: h.start + value.length, end: h.end + value.length });
    value += part.value;
  }
  return { ...plain(value), holes };
}

/**
 * Whether an issuer written in a policy is the token's. `null`: holes decide, and the token's issuer is known for itself.
 * `note` is set where sameness was assumed.
 */
export function sameIssuer(written: Text, token: Token, ignoreCase: boolean): { readonly same: Tri; readonly note?: string } {
  const a = ignoreCase ? lower(written) : written;
  const b = ignoreCase ? lower(token.issuer) : token.issuer;
  if (a.value === b.value && token.assumed) return { same: true };
  // An issuer in a policy begins with its host; a scheme or an ARN there never equals one.
  if (/^(https?:\/\/|arn:)/i.test(literalHead(written))) return { same: false };
  const same = equal(a, b);
  if (same !== null || !token.assumed) return { same };
  return { same: true, note: `${shownText(written)} is the token's issuer, ${shownText(token.issuer)}.` };
}

function literalHead(text: Text): string {
  const first = text.holes[0];
  return first ? text.value.slice(0, first.start) : text.value;
}

function lower(text: Text): Text {
  const value = text.value.toLowerCase();
  return value.length === text.value.length ? { ...text, value } : text;
}
