import { literal, trim } from '../text/texts';
import type { Text } from '../text/text';
import { issuerKind, parseEksIssuer } from '../model/issuer';
import type { Fix } from './rule';
import { holdsWhenAbsent, type Atom } from './trust/atoms';
import { looksLikeAudience, looksLikeSubject } from './trust/claims';
import type { ConditionRule, Mistake } from './trust/conditionRule';
import { consequence } from './trust/effects';
import { fix, replaceIn } from './trust/edits';
import { repairIssuer } from './trust/issuerRepair';
import { issuerOfProviders, soleIssuer } from './trust/providers';
import { clause, line, lines } from '../text/message';
import type { PodStatement } from './trust/statements';

/** The page: see pages.ts. */
export const doc = `
Finds condition keys that were meant to name a claim of the token and don't: with \`https://\`, with an ARN in front,
without \`:sub\` or \`:aud\`, with a slash instead of the colon, with a claim for which IAM has no key, or with an issuer
that no EKS cluster has.

## Why

The key of a claim is the issuer without \`https://\`, a colon and the claim: \`oidc.eks.<region>.amazonaws.com/id/<ID>:sub\`.
Any other key is absent from the request, and a condition on an absent key doesn't match. Pods get
\`AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\`.

## Wrong

\`\`\`json
"StringEquals": {
  "https://oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
}
\`\`\`

## Right

\`\`\`json
"StringEquals": {
  "oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F:sub": "system:serviceaccount:demo:app"
}
\`\`\`

## When to turn it off

If AWS adds condition keys for more claims than this version knows (sub, aud, amr, azp, oaud).
`;

/** The condition key isn't the key of a token's claim, although it was meant to be. */
export const conditionKeyMalformed: ConditionRule = {
  id: 'condition-key-malformed',
  level: 'error',
  title: "The condition key doesn't name a claim of the token",
  fixable: true,
  since: '0.1.0',
  source: 'IAM user guide, reference_policies_iam-condition-keys (keys of OIDC federation); EKS user guide, associate-service-account-role',
  find(atom, statement) {
    if (!statement.irsa) return [];
    const fault = faultOf(atom, statement);
    if (!fault) return [];
    const holds = holdsWhenAbsent(atom) ?? 'partly';
    const { effect, result, level } = consequence(statement, holds);
    const mistake: Mistake = {
      span: atom.key.span,
      holds,
      level: fault.unsure && level === 'error' ? 'warning' : level,
      message: lines(`${fault.says}, ${effect}.`, result, fault.corrected ? line`Change it to ${fault.corrected.result}.` : fault.advice),
      fixes: () =>
        issuerInstead(atom.key, statement) ??
        (fault.corrected
          ? [
              fix(
                fault.corrected.title,
                true,
                fault.corrected.edits.map((e) => replaceIn(statement.fact, atom.key, e.start, e.end, e.value)),
              ),
            ]
          : []),
    };
    return [mistake];
  },
};

/** Terraform: an expression for the provider's ARN is used instead of one for the issuer. */
function issuerInstead(key: Text, { fact }: PodStatement): Fix[] | undefined {
  const piece = key.borrowed?.[0];
  const issuer = /^arn:.*:oidc-provider\/\$\{(.*)\}$/.exec(piece?.start === 0 ? key.value.slice(0, piece.end) : '')?.[1];
  if (!piece?.expression || issuer === undefined) return undefined;
  return [fix(line`Use ${issuer}`, true, [{ doc: fact.doc, span: piece.expression, newText: issuer, replacesExpression: true }])];
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

interface Fault {
  readonly says: string;
  readonly advice?: string;
  readonly unsure?: boolean;
  readonly corrected?: { readonly title: string; readonly edits: readonly Change[]; readonly result: string };
}

/** Claims for which IAM has condition keys. Source: IAM user guide, reference_policies_iam-condition-keys. */
const claims: ReadonlySet<string> = new Set(['sub', 'aud', 'amr', 'azp', 'oaud']);
/** Common misspellings of them. */
const nearClaims: Readonly<Record<string, string>> = {
  subject: 'sub',
  subjects: 'sub',
  subs: 'sub',
  subj: 'sub',
  sup: 'sub',
  'service-account': 'sub',
  serviceaccount: 'sub',
  service_account: 'sub',
  audience: 'aud',
  audiences: 'aud',
  auds: 'aud',
  audit: 'aud',
  adu: 'aud',
  client_id: 'aud',
  'client-id': 'aud',
  clientid: 'aud',
};
/** Prefixes of AWS's own condition keys, whose `sub` and `aud` are other things. */
const servicePrefix = /^[a-z0-9-]+$/;

function faultOf(atom: Atom, statement: PodStatement): Fault | undefined {
  const { key } = atom;
  const { value } = key;
  const inHole = (offset: number) => key.holes.some((h) => h.start <= offset && offset < h.end);
  const head = headOf(key);
  const trailing = value.length - value.trimEnd().length;
  const end = value.length - trailing;
  const colon = lastColon(key, head.end);
  const edits: Change[] = [];
  if (head.end > 0) edits.push({ start: 0, end: head.end, value: '' });

  if (colon < 0) {
    if (inHole(end - 1) && head.says === undefined && issuerOfProviders(trim(key), statement.providers) === true) return issuerAlone(atom);
    if (inHole(end - 1) || end <= head.end) return head.says ? { says: head.says, advice: head.advice } : undefined;
    return withoutClaim(atom, statement, head, end);
  }
  const claim = value.slice(colon + 1, end).trim();
  const lower = claim.toLowerCase();
  if (inHole(end - 1)) return head.says ? corrected(head.says, edits, key) : undefined;
  const prefix = value.slice(head.end, colon);
  if (servicePrefix.test(prefix) && !inHole(head.end)) return foreignPrefix(prefix, lower, colon, statement, key);
  let says = head.says;
  // After `/id/` the ID is missing: that slash is right.
  if (value[colon - 1] === '/' && !inHole(colon - 1) && !/\/id\/+$/.test(prefix)) {
    edits.push({ start: colon - 1, end: colon, value: '' });
    says ??= 'The key has a slash between the issuer and the claim';
  }
  if (claim !== value.slice(colon + 1)) {
    says ??= claims.has(lower) ? 'The key has white space next to the claim' : undefined;
    edits.push({ start: colon + 1, end: value.length, value: nearClaims[lower] ?? (claim === '' ? (guess(atom) ?? '') : claim) });
  } else if (claim === '' || lower in nearClaims) {
    edits.push({ start: colon + 1, end: value.length, value: nearClaims[lower] ?? guess(atom) ?? '' });
  }
  if (claim === '') {
    return guess(atom)
      ? corrected(says ?? 'The key ends without a claim', edits, key)
      : { says: 'The key ends without a claim', advice: 'Add :sub for the subject or :aud for the audience.' };
  }
  if (lower in nearClaims) return corrected(says ?? clause`IAM has no condition key for the claim ${claim}`, edits, key);
  if (!claims.has(lower)) {
    if (says) return corrected(says, edits, key);
    if (!looksLikeIssuer(prefix) || atom.ours === false) return undefined;
    return {
      says: clause`IAM has no condition key for the claim ${claim}`,
      unsure: true,
      advice: 'Use :sub, which contains the namespace and the service account.',
    };
  }
  if (says) return corrected(says, edits, key);
  return badIssuer(atom, statement, colon);
}

/** A scheme, or (a part of) an ARN, before the issuer. */
function headOf(key: Text): { end: number; says?: string; advice?: string } {
  const { value } = key;
  const advice = 'Use the issuer without it.';
  const scheme = /^\s*https?:\/\//i.exec(value);
  if (scheme && !key.holes.some((h) => h.start < scheme[0].length)) {
    return { end: scheme[0].length, says: `The condition key starts with ${scheme[0].trim().toLowerCase()}`, advice };
  }
  const arn = /^\s*(arn:|oidc-provider\/|\/)/i.exec(value);
  const provider = value.indexOf('oidc-provider/');
  if (arn && (provider >= 0 || arn[1] === '/')) {
    const end = arn[1] === '/' ? arn[0].length : provider + 'oidc-provider/'.length;
    const again = /^https?:\/\//i.exec(value.slice(end));
    return {
      end: end + (again?.[0].length ?? 0),
      says: arn[1] === '/' ? 'The condition key starts with a slash' : "The condition key contains the provider's ARN",
      advice,
    };
  }
  const blank = /^\s+/.exec(value);
  return blank ? { end: blank[0].length, says: 'The condition key starts with white space', advice } : { end: 0 };
}

function lastColon(key: Text, from: number): number {
  // eslint-disable-next-line no-restricted-syntax -- 0 ends the loop
  for (let at = key.value.lastIndexOf(':'); at >= from; at = key.value.lastIndexOf(':', at - 1)) {
    if (!key.holes.some((h) => h.start <= at && at < h.end)) return at;
    if (at === 0) break;
  }
  return -1;
}

/** The expression that gives the provider's issuer, and nothing behind it. */
function issuerAlone(atom: Atom): Fault {
  const claim = guess(atom);
  const says = 'The key is the issuer alone, without a claim';
  const { length } = atom.key.value;
  return claim
    ? corrected(says, [{ start: length, end: length, value: `:${claim}` }], atom.key)
    : { says, advice: 'Write :sub for the subject or :aud for the audience after it.' };
}

/** An issuer alone, an issuer with `/sub`, or a claim alone. */
function withoutClaim(atom: Atom, statement: PodStatement, head: { end: number; says?: string }, end: number): Fault | undefined {
  const { key } = atom;
  const rest = key.value.slice(head.end, end);
  const edits: Change[] = head.end > 0 ? [{ start: 0, end: head.end, value: '' }] : [];
  const sole = literal(soleIssuer(statement.providers));
  if (/^(sub|aud)$/i.test(rest)) {
    const says = `The key has the claim ${rest} without the issuer`;
    if (sole === undefined) return { says, advice: `Use <issuer>:${rest}.` };
    return corrected(says, [{ start: 0, end: head.end, value: `${sole}:` }], key);
  }
  const slash = /[/.](sub|aud)$/i.exec(rest);
  if (slash && looksLikeIssuer(rest.slice(0, slash.index))) {
    const at = head.end + slash.index;
    return corrected(
      `The key has a ${slash[0][0] === '/' ? 'slash' : 'dot'} before the claim instead of a colon`,
      [...edits, { start: at, end: at + 1, value: ':' }],
      key,
    );
  }
  const issuer = key.holes.length === 0 ? rest : undefined;
  const isIssuer =
    issuer !== undefined &&
    (parseEksIssuer(issuer) !== undefined || issuerKind(issuer) === 'eks-malformed' || issuer.toLowerCase() === sole?.toLowerCase());
  if (!isIssuer) return head.says ? corrected(head.says, edits, key) : undefined;
  const claim = guess(atom);
  const says = 'The key is an issuer without a claim';
  return claim
    ? corrected(says, [...edits, { start: end, end: key.value.length, value: `:${claim}` }], key)
    : { says, advice: 'Add :sub for the subject or :aud for the audience.' };
}

/** `oidc:sub`: a prefix that isn't a host. */
function foreignPrefix(prefix: string, claim: string, colon: number, statement: PodStatement, key: Text): Fault | undefined {
  if ((claim !== 'sub' && claim !== 'aud') || !/^(oidc|eks|k8s|kubernetes|token|jwt|issuer|oidc-?provider|provider|openid)$/i.test(prefix))
    return undefined;
  const says = clause`${prefix} isn't an issuer`;
  const sole = literal(soleIssuer(statement.providers));
  return sole === undefined ? { says, advice: `Use <issuer>:${claim}.` } : corrected(says, [{ start: 0, end: colon, value: sole }], key);
}

/** An issuer that no cluster has, unless the provider has the same: then the provider is at fault. */
function badIssuer(atom: Atom, statement: PodStatement, colon: number): Fault | undefined {
  const issuer = literal(atom.claim?.issuer);
  if (issuer === undefined || issuerKind(issuer) !== 'eks-malformed' || issuerOfProviders(atom.claim!.issuer, statement.providers) === true)
    return undefined;
  const sole = statement.providers[0]?.kind === 'eks' ? literal(soleIssuer(statement.providers)) : undefined;
  const repaired = sole ?? repairIssuer(issuer)?.issuer;
  const says = clause`${issuer} isn't the issuer of an EKS cluster`;
  if (repaired === undefined) return { says, advice: 'Use oidc.eks.<region>.amazonaws.com/id/<ID>.' };
  return corrected(says, [{ start: 0, end: colon, value: repaired }], atom.key);
}

function looksLikeIssuer(text: string): boolean {
  return /[a-z0-9]\.[a-z]/i.test(text) || /[\])>}]$|\/id\//.test(text);
}

/** The claim that the values are for. */
function guess(atom: Atom): string | undefined {
  if (atom.values.length === 0) return undefined;
  if (atom.values.every(looksLikeSubject)) return 'sub';
  return atom.values.every(looksLikeAudience) ? 'aud' : undefined;
}

function corrected(says: string, edits: readonly Change[], key: Text): Fault {
  let result = '';
  let from = 0;
  for (const edit of edits) {
    result += key.value.slice(from, edit.start) + edit.value;
    from = edit.end;
  }
  result += key.value.slice(from);
  return { says, corrected: { title: line`Change the key to ${result}`, edits, result } };
}
