import { parseProviderArn } from '../model/arn';
import { claimName, parseConditionKey } from '../model/conditionKey';
import type { Fact, TrustPolicyFact } from '../model/facts';
import { issuerKind } from '../model/issuer';
import { podIdentityPrincipal } from '../model/podIdentity';
import type { ConditionElement, ListValue, PolicyDocument, Statement, ValueList } from '../model/policy';
import { parseSubject } from '../model/subject';
import { literal, plain } from '../text/texts';
import { matchesAction } from '../trust/actions';
import { judge } from '../trust/judge';
import { parseOperator } from '../trust/operators';
import { refusals } from '../trust/refusals';
import { comparison } from '../trust/compare/port';
import { meaningOf } from '../trust/compare/symbols';
import { breadthOf, type Breadth } from './breadth';

/** A text before or after a fix: the facts that were read of it, and the sources that they were read of. */
export interface Reading {
  readonly facts: readonly Fact[];
  readonly sources: readonly string[];
}

/** A statement by which, after a fix, somebody can assume a role whom nobody named: whoever it is. */
export interface Opening {
  readonly fact: TrustPolicyFact;
  readonly statement: Statement;
  readonly breadth: Breadth;
  /** True where the statement in its place allowed as many before. */
  readonly asBefore: boolean;
}

/**
 * Whom a fix newly allows, beyond the accounts that the policy plainly names. Empty: nobody. Symbolic: it compares what
 * statements say, not samples of accounts. A statement that allows more than exact subjects which its author wrote counts as
 * opened unless the same statement was in force before, or trust/compare proves that the policy allowed as many before.
 * @param conditionsOnly true where the fix changes nothing but values and keys of conditions: only then could the
 * policy have been in force before, for IAM refuses a policy as a whole
 */
export function openings(before: Reading, after: Reading, conditionsOnly: boolean): Opening[] {
  const [old, now] = [policiesOf(before), policiesOf(after)];
  const unchanged = new Set(old.map(({ policy }) => meaningOf(policy)));
  const found: Opening[] = [];
  for (const [i, fact] of now.entries()) {
    if (unchanged.has(meaningOf(fact.policy))) continue;
    const base = old.length === now.length ? old[i] : undefined;
    const works = base !== undefined && isInForce(base.policy);
    const kept =
      works && conditionsOnly && keepsItsDenies(base.policy, fact.policy)
        ? new Set(allowsOf(base.policy).map(meaningOf))
        : new Set<string>();
    const isNamed = namer(base, before);
    const wide = allowsOf(fact.policy).flatMap((statement) => {
      const breadth = kept.has(meaningOf(statement)) ? undefined : opened(statement, isNamed);
      return breadth ? [{ statement, breadth }] : [];
    });
    // However wide they are: nobody is new if all of them could assume the role before, for whatever reason.
    const isProven = works && wide.length > 0 && comparison()([base.policy], [fact.policy]).kind === 'included';
    for (const { statement, breadth } of isProven ? [] : wide) {
      const earlier = works ? allowsOf(base.policy).find(({ index }) => index === statement.index) : undefined;
      found.push({
        fact,
        statement,
        breadth,
        asBefore: earlier !== undefined && opened(earlier, isNamed)?.who === breadth.who && mayAllow(base!.policy),
      });
    }
    if (base)
      found.push(...prepared(base, fact, isNamed).filter(({ statement }) => !found.some((opening) => opening.statement === statement)));
  }
  return found;
}

/**
 * Statements that may allow nobody yet, for a mistake elsewhere in them, and would allow more than before once it is corrected.
 * Who is named is read of the text, so a pattern that one fix writes would be its author's word to the next one.
 */
function prepared(base: TrustPolicyFact, fact: TrustPolicyFact, isNamed: IsNamed): Opening[] {
  const earlier = new Map(base.policy.statements.map((statement) => [statement.index, statement]));
  return fact.policy.statements.flatMap((statement) => {
    const old = earlier.get(statement.index);
    if (!old || isDeny(statement) || meaningOf(old) === meaningOf(statement)) return [];
    const breadth = opened(statement, isNamed, 'any action');
    const isWider = breadth && (isDeny(old) || opened(old, isNamed, 'any action')?.who !== breadth.who);
    if (isWider) return [{ fact, statement, breadth, asBefore: false }];
    return hasNewPattern(old, statement, isNamed)
      ? [{ fact, statement, breadth: breadthOf(statement.condition, undefined), asBefore: false }]
      : [];
  });
}

/** Whether a statement demands that the subject is like a pattern that did not stand in it as one. */
function hasNewPattern(old: Statement, now: Statement, isNamed: IsNamed): boolean {
  const known = new Set(patternsOf(old));
  return patternsOf(now).some((value) => !known.has(value) && !isNamed({ value, isExact: false }));
}

function patternsOf({ condition }: Statement): string[] {
  return demanded(condition, 'sub')
    .flat()
    .flatMap(({ value, isExact }) => (isExact ? [] : [value]));
}

function isDeny({ effect }: Statement): boolean {
  return /deny/i.test(effect?.text?.value ?? '');
}

function policiesOf({ facts }: Reading): TrustPolicyFact[] {
  return facts.filter((fact) => fact.kind === 'trustPolicy');
}

/** The statements that may allow somebody: those whose effect is Allow, or is not known. */
function allowsOf({ statements }: PolicyDocument): Statement[] {
  return statements.filter(({ effect, open }) => {
    if (!effect) return open;
    return effect.text === undefined ? effect.type === 'unknown' : (literal(effect.text) ?? 'Allow') === 'Allow';
  });
}

/** False where IAM may refuse the policy: then it allows nobody. */
function isInForce(policy: PolicyDocument): boolean {
  return policy.problems.length === 0 && refusals(policy).length === 0;
}

/** Whether a policy may allow some pod, whoever it is. */
function mayAllow(policy: PolicyDocument): boolean {
  const anybody = { namespace: undefined, serviceAccount: undefined };
  return (
    judge(policy, { ...anybody, mechanism: 'irsa' }).decision !== 'denied' ||
    judge(policy, { ...anybody, mechanism: 'pod-identity' }).decision !== 'denied'
  );
}

/** Whether every statement that may deny does so still, and variables mean what they meant. */
function keepsItsDenies(before: PolicyDocument, after: PolicyDocument): boolean {
  if (before.version?.text?.value !== after.version?.text?.value) return false;
  const denies = new Set(after.statements.filter(({ effect }) => literal(effect?.text) === 'Deny').map(meaningOf));
  return before.statements.every(
    (statement) => allowsOf({ ...before, statements: [statement] }).length > 0 || denies.has(meaningOf(statement)),
  );
}

/** Tells whether the policy's author wrote a subject, or a pattern, and not to keep it out. */
type IsNamed = (value: Demanded) => boolean;

/** A text is named where it stands in the policy; a pattern where it stood below an operator that expands it and keeps to one namespace. */
function namer(base: TrustPolicyFact | undefined, { sources }: Reading): IsNamed {
  const [kept, out, patterns] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const statement of base?.policy.statements ?? []) {
    for (const { key, keys } of statement.condition?.operators ?? []) {
      const values = isDeny(statement) || /no/i.test(key.value) ? out : kept;
      for (const { value } of keys.flatMap((entry) => entry.values.values)) {
        values.add(value.trim());
        if (values === kept && /like/i.test(key.value)) patterns.add(value);
      }
    }
  }
  const own = base && sources.length === 1 ? [sources[0]!.slice(base.span.start, base.span.end)] : sources;
  return ({ value, isExact }) =>
    isExact
      ? (kept.has(value) || !out.has(value)) && own.some((source) => writes(source, value))
      : patterns.has(value) && /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.*?-]+$/.test(value);
}

/** Whether a source holds a subject by itself, or both its names one after the other in a form of its author's own. */
function writes(source: string, subject: string): boolean {
  const escaped = JSON.stringify(subject).slice(1, -1);
  for (const text of new Set([subject, escaped])) {
    for (let at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + 1)) {
      if (!/[\w.:*?-]/.test(source[at - 1] ?? ' ') && !/[\w.:*?$-]/.test(source[at + text.length] ?? ' ')) return true;
    }
  }
  const parts = parseSubject(plain(subject));
  if (!parts) return false;
  const [namespace, name] = [parts.namespace.value, parts.name.value];
  for (let at = source.indexOf(namespace); at >= 0; at = source.indexOf(namespace, at + 1)) {
    const end = at + namespace.length;
    if (
      !/[\w.*?-]/.test(source[at - 1] ?? ' ') &&
      /[:/]/.test(source[end] ?? ' ') &&
      source.startsWith(name, end + 1) &&
      !/[\w.:*?$/-]/.test(source[end + 1 + name.length] ?? ' ')
    )
      return true;
  }
  return false;
}

/** Whom a statement allows beyond accounts that are named; undefined for nobody. */
function opened(statement: Statement, isNamed: IsNamed, actions: 'its action' | 'any action' = 'its action'): Breadth | undefined {
  const { principal, notPrincipal, condition } = statement;
  if (notPrincipal) return { kind: 'strangers', who: 'every principal but those of NotPrincipal' };
  if (!principal) return statement.open ? { kind: 'strangers', who: 'principals that a template adds' } : undefined;
  if (principal.wildcard) return { kind: 'strangers', who: principal.wildcard.value === '*' ? 'everybody' : principal.wildcard.value };
  for (const kind of principal.kinds) {
    const found =
      kind.open && kind.values.length === 0
        ? ({ kind: 'strangers', who: 'principals that a template adds' } as const)
        : ofKind(kind, statement, condition, isNamed, actions);
    if (found) return found;
  }
  return undefined;
}

function ofKind(
  kind: ValueList,
  statement: Statement,
  condition: ConditionElement | undefined,
  isNamed: IsNamed,
  actions: 'its action' | 'any action',
): Breadth | undefined {
  // IAM refuses a statement with both; what NotAction leaves out is not left out once that is removed.
  const { notAction: _, ...byAction } = statement;
  const does = (action: string) => actions === 'any action' || matchesAction(statement.action ? byAction : statement, action) !== false;
  switch (kind.key.value.toLowerCase()) {
    case 'federated': {
      if (!does('sts:AssumeRoleWithWebIdentity') && !does('sts:AssumeRoleWithSAML')) return undefined;
      if (kind.values.length === 0) return undefined;
      const subjects = demanded(condition, 'sub');
      if (subjects.some((values) => values.every(isNamed))) return undefined;
      const exact = subjects.find((values) => values.every(({ isExact }) => isExact));
      if (exact) return { kind: 'accounts', who: exact.map(({ value }) => value).join(', ') };
      const other = kind.values.find(
        (value) => /:saml-provider\//.test(value.value) || issuerKind(literal(parseProviderArn(value)?.issuer) ?? '') === 'known-other',
      );
      return breadthOf(condition, other?.value);
    }
    case 'service': {
      if (!does('sts:AssumeRole')) return undefined;
      const wild = kind.values.find((value) => /[*?]/.test(value.value));
      if (wild) return { kind: 'strangers', who: `every service like ${wild.value}` };
      if (!kind.values.some((value) => (literal(value) ?? podIdentityPrincipal) === podIdentityPrincipal)) return undefined;
      const among = (tag: string) => demanded(condition, `aws:requesttag/${tag}`).find((values) => values.every(isNamed));
      const namespaces = among('kubernetes-namespace');
      if (namespaces && among('kubernetes-service-account')) return undefined;
      const where = namespaces ? ` in ${namespaces.map(({ value }) => value).join(' or ')}` : '';
      return { kind: 'associated', who: `every pod${where} with a Pod Identity association for it` };
    }
    case 'aws': {
      const wild = kind.values.find((value) => /[*?]/.test(value.value));
      return wild && { kind: 'strangers', who: wild.value === '*' ? 'every AWS principal' : `every AWS principal like ${wild.value}` };
    }
    default:
      return undefined;
  }
}

/** A value that a claim or key must be, or be like. */
interface Demanded {
  readonly value: string;
  /** True where only one text matches it. */
  readonly isExact: boolean;
}

/** The lists of values that a claim, or a key in lower case, must be among: one for each condition that demands it of every request. */
function demanded(condition: ConditionElement | undefined, wanted: string): readonly (readonly Demanded[])[] {
  const found: (readonly Demanded[])[] = [];
  for (const { key, keys, open } of condition?.operators ?? []) {
    const operator = parseOperator(key);
    if (
      open ||
      !operator.known ||
      operator.family !== 'String' ||
      operator.negated ||
      operator.ifExists ||
      operator.ignoreCase ||
      operator.set === 'ForAllValues'
    )
      continue;
    for (const entry of keys) {
      const claim = parseConditionKey(entry.key);
      const name = (claim && claimName(claim)) ?? entry.key.value.toLowerCase();
      const { values, open: isOpen } = entry.values;
      if (name === wanted && !isOpen && values.length > 0)
        found.push(values.map((value) => ({ value: value.value, isExact: isExact(value, operator.like) })));
    }
  }
  return found;
}

/** True for a value that only one text matches, whatever its holes are. */
function isExact({ value, holes, type }: ListValue, like: boolean): boolean {
  if (type !== 'string' || (like && holes.length > 0)) return false;
  let rest = value;
  for (const hole of [...holes].reverse()) rest = rest.slice(0, hole.start) + rest.slice(hole.end);
  return !rest.includes('${') && !(like && /[*?]/.test(rest));
}
