import type { Text } from '../text/text';
import { remembered } from '../text/remembered';
import { slice } from '../text/texts';

/** A condition key of a token's claim: `<issuer without https://>:<claim>`. */
export interface ClaimKey {
  /** As written, holes kept; may hold a port and a path, or a mistake such as `https://`. */
  readonly issuer: Text;
  /** `sub`, `aud`, …: as written. */
  readonly claim: Text;
}

/**
 * Splits a condition key at its last colon (outside holes) into issuer and claim.
 * Undefined for keys of AWS itself (`aws:…`, `sts:…` and other service prefixes) and where no claim stands.
 * Source: IAM guide, reference_policies_iam-condition-keys (keys of OIDC federation).
 */
export const parseConditionKey = remembered((text: Text): ClaimKey | undefined => {
  const { value } = text;
  const colon = lastColon(text);
  if (colon < 0) return undefined;
  const first = value.indexOf(':');
  const startsWithHole = text.holes.some((hole) => hole.start < first);
  if (!startsWithHole && /^(aws|sts|iam|saml)$/i.test(value.slice(0, first).trim())) return undefined;
  const issuer = slice(text, 0, colon);
  const claim = slice(text, colon + 1);
  // A service's prefix has neither dot nor slash; an issuer is a host.
  if (
    issuer.holes.length === 0 &&
    !/[./]/.test(issuer.value) &&
    claim.holes.length === 0 &&
    !claimNames.has(claim.value.trim().toLowerCase())
  ) {
    return undefined;
  }
  if (/^\/\/|^oidc-provider[/:]|^\d+(\/|$)/i.test(claim.value) || claim.value === '') return undefined;
  return { issuer, claim };
});

/** Claims that IAM makes keys of. Source: the same page (oaud: Google alone). */
const claimNames: ReadonlySet<string> = new Set(['sub', 'aud', 'amr', 'azp', 'oaud']);

function lastColon(text: Text): number {
  let at = text.value.lastIndexOf(':');
  for (let h = text.holes.length - 1; at >= 0 && h >= 0;) {
    const hole = text.holes[h]!;
    if (hole.end <= at) break;
    // A colon in a hole is none of the key's.
    // eslint-disable-next-line no-restricted-syntax -- 0 is told before
    if (hole.start <= at) at = hole.start === 0 ? -1 : text.value.lastIndexOf(':', hole.start - 1);
    h--;
  }
  return at;
}

/** The claim in lower case when it is one that matters here: key names are compared without regard to case. */
export function claimName(key: ClaimKey): string | undefined {
  return key.claim.holes.length === 0 ? key.claim.value.toLowerCase() : undefined;
}
