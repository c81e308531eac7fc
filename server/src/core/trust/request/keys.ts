import { shownText } from '../../text/shown';
import type { Text } from '../../text/text';
import { isHole } from '../../text/texts';
import { parseConditionKey } from '../../model/conditionKey';
import type { Request } from '../verdict';
import { globalKey } from './globalKeys';
import { absent, present, unknown, type Lookup, type RequestKeys } from './lookup';
import { sameIssuer, unknownText, type Token } from './token';

/** The request's keys as conditions and variables see them. `token` is absent for Pod Identity. */
export function requestKeys(request: Request, token: Token | undefined): RequestKeys {
  // Policies repeat their keys in every statement.
  const known = new Map<string, Lookup>();
  return {
    lookup(key) {
      const id = key.holes.length === 0 ? `=${key.value}` : `${key.holes.map((h) => `${h.start}-${h.end}`).join()}=${key.value}`;
      let found = known.get(id);
      if (!found) known.set(id, (found = look(key, request, token)));
      return found;
    },
  };
}

function look(key: Text, request: Request, token: Token | undefined): Lookup {
  const lower = key.value.toLowerCase();
  if (key.holes.length === 0 && request.context?.has(lower)) return globalKey(lower, key.value, request);
  const claim = parseConditionKey(key);
  if (!claim) {
    if (key.holes.length === 0) return globalKey(lower, key.value, request);
    return unknown(shownText(key), [unknownText()], 'the key is not written out here');
  }
  const name = claim.issuer.value.length > 24 ? `…:${claim.claim.value}` : shownText(key);
  if (!token) {
    if (key.holes.length > 0 && isHole(claim.issuer)) return unknown(name, [unknownText()], 'the key is not written out here');
    return absent(name, 'Pod Identity makes no web identity request, so that no token is there');
  }
  return claimOf(token, claim.issuer, claim.claim, name);
}

function claimOf(token: Token, issuer: Text, claim: Text, name: string): Lookup {
  const { same, note } = sameIssuer(issuer, token, true);
  if (same === false)
    return absent(
      name,
      /^https?:\/\//i.test(issuer.value)
        ? "a key begins with the issuer's host, not with https://"
        : `the token comes from ${shownText(token.issuer)}, not from ${shownText(issuer)}`,
    );
  if (claim.holes.length > 0) return unknown(name, [unknownText()], 'the claim is not written out here');
  const value = claim.value.toLowerCase() === 'sub' ? token.subject : claim.value.toLowerCase() === 'aud' ? token.audience : undefined;
  // Cluster tokens hold no azp or amr, and IAM makes no keys of other claims. Source: IAM guide, keys of OIDC federation.
  if (!value) return absent(name, `STS makes no key of the claim ${shownText(claim)}`);
  if (same === null) return unknown(name, [value], `${shownText(issuer)} may be another issuer than the token's`);
  const identified = value === token.subject ? token.identified : undefined;
  return { ...present(name, [value]), ...(identified ? { identified } : {}), ...(note ? { note } : {}) };
}
