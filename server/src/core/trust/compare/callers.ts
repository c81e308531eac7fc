import { parseArn, parseProviderArn } from '../../model/arn';
import { parseEksIssuer } from '../../model/issuer';
import { podIdentityPrincipal } from '../../model/podIdentity';
import { equal, isHole, literal, plain } from '../../text/texts';
import type { Text } from '../../text/text';
import { shownText } from '../../text/shown';
import { all, any, unknown, type Formula } from './formula';
import type { PreparedStatement } from './prepared';
import { named, type Named } from './symbols';
import type { ComparisonScope } from './types';

/** A kind of caller that requests a role, as far as a Principal element distinguishes them. */
export type Caller =
  /** Whoever has a token of a provider. Without an issuer: of one that no statement names. */
  | { readonly kind: 'token'; readonly issuer?: Named; readonly account?: Named; readonly partition?: Named; readonly provider?: Named }
  /** EKS Pod Identity, for a pod with an association that passes session tags, or without. */
  | { readonly kind: 'pods'; readonly tags: boolean }
  /** Any other principal; without a name: one that no statement names. */
  | { readonly kind: 'principal'; readonly element: string; readonly name?: Named };

type Token = Extract<Caller, { kind: 'token' }>;

/** A value of a Principal, taken apart. */
interface PrincipalValue {
  /** `federated`, `aws`, …: the kind in lower case. */
  readonly element: string;
  readonly kind: Text;
  readonly name: Named;
  /** The parts of the ARN of an OIDC provider. */
  readonly arn?: { readonly issuer: Named; readonly account: Named; readonly partition: Named };
}

const known = new WeakMap<PreparedStatement, readonly PrincipalValue[]>();

function valuesOf(each: PreparedStatement): readonly PrincipalValue[] {
  let values = known.get(each);
  if (!values) known.set(each, (values = readValues(each)));
  return values;
}

function readValues({ statement, id }: PreparedStatement): PrincipalValue[] {
  return (statement.principal?.kinds ?? []).flatMap((kind, k) =>
    kind.values.map((value, v) => {
      const place = `${id}.p${k}.${v}`;
      const arn = parseProviderArn(value);
      const part = (name: 'issuer' | 'account' | 'partition'): Named => named(arn![name], `${place}.${name}`);
      return {
        element: kind.key.value.toLowerCase(),
        kind: kind.key,
        name: named(value, place),
        ...(arn ? { arn: { issuer: part('issuer'), account: part('account'), partition: part('partition') } } : {}),
      };
    }),
  );
}

/** Everybody whom statements may allow: those whom Principals name, and a stranger of each kind where somebody unnamed may be allowed. */
export function callersOf(statements: readonly PreparedStatement[], scope: ComparisonScope): Caller[] {
  const found = new Map<string, Caller>();
  let isVague = false;
  let asksPods = false;
  for (const each of statements) {
    const { principal, open } = each.statement;
    if (!principal) isVague ||= open;
    if (principal?.open || principal?.wildcard) isVague = true;
    for (const kind of principal?.kinds ?? []) if (kind.open || kind.key.holes.length > 0) isVague = true;
    for (const value of valuesOf(each)) {
      const { element, name } = value;
      if (element === 'aws' && (name.text.value === '*' || isHole(name.text))) isVague = true;
      if (element === 'service' && equal(name.text, plain(podIdentityPrincipal)) !== false) asksPods = true;
      for (const caller of namedBy(value, scope)) found.set(keyOf(caller), caller);
    }
  }
  const pods: Caller[] = [
    { kind: 'pods', tags: true },
    { kind: 'pods', tags: false },
  ];
  const strangers: Caller[] = [
    { kind: 'token' },
    { kind: 'principal', element: 'aws' },
    { kind: 'principal', element: 'service' },
    { kind: 'principal', element: 'federated' },
  ];
  return [...(asksPods || isVague ? pods : []), ...found.values(), ...(isVague ? strangers : [])];
}

function keyOf(caller: Caller): string {
  if (caller.kind === 'token')
    return `token ${[caller.provider, caller.partition, caller.account, caller.issuer].map((part) => part?.symbol).join(' ')}`;
  return caller.kind === 'principal' ? `${caller.element} ${caller.name?.symbol}` : caller.kind;
}

function namedBy(value: PrincipalValue, scope: ComparisonScope): Caller[] {
  const { element, name } = value;
  const { text } = name;
  if (element === 'federated') {
    const token = tokenOf(value, scope);
    if (!token?.provider) return token ? [token] : [];
    const saml: Caller = { kind: 'principal', element, name };
    return isHole(text) ? [token, saml] : /:saml-provider\//.test(text.value) ? [saml] : [token];
  }
  if (element === 'service' && text.value === podIdentityPrincipal) return [];
  if (element === 'aws' && text.value === '*') return [];
  return [{ kind: 'principal', element, name }];
}

/** Whoever has a token of a provider; undefined where nobody has one that counts for the role. */
function tokenOf({ name, arn }: PrincipalValue, scope: ComparisonScope): Token | undefined {
  if (!arn) return { kind: 'token', provider: name };
  // An issuer in a policy begins with its host.
  if (/^(https?:\/\/|arn:)/i.test(arn.issuer.text.value)) return undefined;
  const isOf = (own: Named, expected: string | undefined): Named | undefined => {
    if (expected === undefined) return own;
    return equal(own.text, plain(expected)) === false ? undefined : named(plain(expected), '');
  };
  const account = isOf(arn.account, scope.roleAccount);
  const partition = isOf(arn.partition, partitionOf(arn.issuer.text, scope));
  return account && partition && { kind: 'token', issuer: arn.issuer, account, partition };
}

/** The partition in which a provider of the issuer has to be; as trust/principals.ts has it. */
function partitionOf(issuer: Text, scope: ComparisonScope): string | undefined {
  if (scope.rolePartition !== undefined) return scope.rolePartition;
  const text = literal(issuer);
  return text === undefined ? undefined : parseEksIssuer(text)?.partition?.id;
}

/** Whether a statement's Principal names a caller. What a Deny denies for an account, it denies for all of the account. */
export function principalFormula(each: PreparedStatement, caller: Caller, scope: ComparisonScope): Formula {
  const { principal, open } = each.statement;
  if (!principal) return open ? unknown(`${each.id} principal`, 'principals that a template may add') : false;
  const parts: Formula[] = [];
  if (principal.wildcard) {
    const { text, symbol } = named(principal.wildcard, `${each.id}.p`);
    parts.push(text.holes.length > 0 && unknown(`principal ${symbol} ${keyOf(caller)}`, `the principal ${shownText(text)}`));
  }
  for (const value of valuesOf(each)) {
    const { kind, name } = value;
    parts.push(
      kind.holes.length > 0
        ? unknown(`principal ${named(kind, each.id).symbol} ${name.symbol} ${keyOf(caller)}`, `the kind of principal ${shownText(kind)}`)
        : valueFormula(value, caller, each.effect === 'Deny', scope),
    );
  }
  for (const [k, kind] of principal.kinds.entries())
    if (kind.open) parts.push(unknown(`${each.id} principal ${k}`, `principals that a template may add to ${shownText(kind.key)}`));
  if (principal.open) parts.push(unknown(`${each.id} principal`, 'principals that a template may add'));
  return any(parts);
}

function valueFormula(value: PrincipalValue, caller: Caller, denies: boolean, scope: ComparisonScope): Formula {
  const { element, name } = value;
  if (caller.kind === 'principal') {
    if (element !== caller.element) return false;
    if (element === 'aws') return awsFormula(name, caller.name, denies, scope);
    // Whoever a hole stands for is a caller of its own.
    return caller.name !== undefined && same(name, caller.name);
  }
  if (element === 'aws') {
    if (name.text.value === '*')
      return unknown(`everybody ${caller.kind}`, 'the principal "AWS": "*", for which AWS doesn\'t document whether it includes pods');
    return isHole(name.text) && unknown(`principal ${name.symbol} ${caller.kind}`, `the AWS principal ${shownText(name.text)}`);
  }
  if (caller.kind === 'pods') return element === 'service' && same(name, named(plain(podIdentityPrincipal), ''));
  return element === 'federated' && providerFormula(value, caller);
}

function providerFormula({ name, arn }: PrincipalValue, caller: Token): Formula {
  if (!caller.issuer) return caller.provider !== undefined && same(name, caller.provider);
  if (!arn) return name.text.holes.length > 0 && unknown(`same ${[name.symbol, keyOf(caller)].join(' ')}`, sameWords(name, caller.issuer));
  const issuer = same(arn.issuer, caller.issuer);
  return issuer !== false && all([issuer, same(arn.account, caller.account!), same(arn.partition, caller.partition!)]);
}

/** Whether two texts are one. Unknown where holes decide, and then the same for the same two texts. */
export function same(a: Named, b: Named): Formula {
  if (a.symbol === b.symbol) return true;
  if (equal(a.text, b.text) === false) return false;
  return unknown(`same ${[a.symbol, b.symbol].sort().join(' ')}`, sameWords(a, b));
}

function sameWords(a: Named, b: Named): string {
  return `whether ${shownText(a.text)} and ${shownText(b.text)} are the same`;
}

/** The account that an AWS principal is as a whole: 12 digits, or `…:root`. */
function wholeAccount(text: Text): Text | undefined {
  if (/^\d{12}$/.test(text.value)) return text;
  const arn = parseArn(text);
  return arn?.service.value === 'iam' && arn.resource.value === 'root' ? arn.account : undefined;
}

function awsFormula(name: Named, caller: Named | undefined, denies: boolean, scope: ComparisonScope): Formula {
  const { text } = name;
  if (caller?.symbol === name.symbol) return true;
  const callersAccount = caller && (wholeAccount(caller.text) ?? parseArn(caller.text)?.account);
  /** Whoever is named needs no other permission in the role's own account; who is meant by the account needs one. */
  const throughAccount = (): Formula => {
    const foreign =
      scope.roleAccount !== undefined && callersAccount !== undefined && equal(callersAccount, plain(scope.roleAccount)) === false;
    return denies || !caller || foreign || wholeAccount(caller.text) !== undefined
      ? true
      : unknown(`permission ${caller.symbol}`, `the permissions of ${shownText(caller.text)} in its own account`);
  };
  if (text.value === '*') return throughAccount();
  if (!caller) return isHole(text) && unknown(`principal ${name.symbol} stranger`, `the AWS principal ${shownText(text)}`);
  const account = wholeAccount(text);
  if (account) {
    const inAccount = callersAccount ? equal(account, callersAccount) : caller.text.holes.length > 0 ? null : false;
    if (inAccount === true) return throughAccount();
    // An account in two spellings, or with a hole, and the unique IDs of principals, which tell no account.
    const isId = /^A[A-Z0-9]{15,}$/.test(caller.text.value);
    return (
      (inAccount === null || isId) && unknown(`in ${[name.symbol, caller.symbol].join(' ')}`, `the account of ${shownText(caller.text)}`)
    );
  }
  // A session is of a role, whose path its ARN doesn't tell.
  const isSession = (text: Text) => /:assumed-role\//.test(text.value);
  if (text.holes.length === 0 && isSession(caller.text) !== isSession(text) && caller.text.holes.length === 0)
    return /:role\//.test(text.value + caller.text.value) && unknown(`session ${name.symbol} ${caller.symbol}`, sameWords(name, caller));
  return isHole(text) ? unknown(`principal ${name.symbol} ${caller.symbol}`, `the AWS principal ${shownText(text)}`) : same(name, caller);
}
