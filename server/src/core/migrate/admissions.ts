import { claimName, parseConditionKey } from '../model/conditionKey';
import { podIdentityPrincipal } from '../model/podIdentity';
import type { ConditionKey, ListValue, PolicyDocument, Statement } from '../model/policy';
import { formatSubject, parseSubject } from '../model/subject';
import { isIdentical, literal } from '../text/texts';
import type { Text } from '../text/text';
import { matchesPattern } from '../text/wildcards/match';
import { judge } from '../trust/judge';
import { parseOperator } from '../trust/operators';
import type { WebIdentityRequest } from '../trust/verdict';

/** An account as a statement may name it: its names where they are known, else values of a program. */
export interface Named {
  readonly namespace: Text;
  readonly name: Text;
}

/** A value of a condition, with the key that it stands under. */
export interface SubjectValue {
  readonly key: ConditionKey;
  readonly value: ListValue;
}

/** A statement of a trust policy that allows an account's token. */
export interface Admission {
  readonly statement: Statement;
  /** The values that name this very account. */
  readonly exact: readonly SubjectValue[];
  /** `exact`: it names the account. `pattern`: a wildcard allows it, and others. `any`: it demands no subject. */
  readonly by: 'exact' | 'pattern' | 'any';
  /** True where the statement allows the account by a pattern, or without a subject: it still does when the exact values are gone. */
  readonly wide: boolean;
  /** False where it is not sure that it allows the account. */
  readonly sure: boolean;
}

/** The statements that allow, or may allow, a request by a web identity token, in the policy's order. Each is judged by itself. */
export function irsaAdmissions(policy: PolicyDocument, request: WebIdentityRequest, named: Named | undefined): Admission[] {
  return policy.statements.flatMap((statement) => {
    if (literal(statement.effect?.text) !== 'Allow') return [];
    const { decision } = judge({ ...policy, statements: [statement], open: false }, request);
    if (decision === 'denied') return [];
    const values = subjectValues(statement);
    const exact = named ? values.filter(({ value, like }) => isSubjectOf(value, like, named)) : [];
    const by = exact.length > 0 ? 'exact' : values.length > 0 ? 'pattern' : 'any';
    const wide = by !== 'exact' || (named !== undefined && values.some(({ value, like }) => like && isPatternOf(value, named)));
    return [{ statement, exact, by, wide, sure: decision === 'allowed' }];
  });
}

/** The values that a statement demands of the subject. */
export function subjectValues(statement: Statement): readonly (SubjectValue & { readonly like: boolean })[] {
  return (statement.condition?.operators ?? []).flatMap(({ key, keys }) => {
    const operator = parseOperator(key);
    if (!operator.known || operator.family !== 'String' || operator.negated) return [];
    return keys.flatMap((condition) => {
      const claim = parseConditionKey(condition.key);
      if (!claim || claimName(claim) !== 'sub') return [];
      return condition.values.values.map((value) => ({ key: condition, value, like: operator.like }));
    });
  });
}

/** Whether some statement that allows tokens names an account exactly. */
export function namesExactly({ statements }: PolicyDocument, named: Named): boolean {
  return statements.some(
    (statement) =>
      literal(statement.effect?.text) === 'Allow' && subjectValues(statement).some(({ value, like }) => isSubjectOf(value, like, named)),
  );
}

/** A trust policy with the statements alone that name an account exactly, if there are any: what they say of its cluster counts. */
export function naming<T extends { readonly policy: PolicyDocument }>(fact: T, named: Named | undefined): T {
  const { policy } = fact;
  const own = named ? policy.statements.filter((statement) => namesExactly({ ...policy, statements: [statement] }, named)) : [];
  return own.length === 0 || own.length === policy.statements.length ? fact : { ...fact, policy: { ...policy, statements: own } };
}

/** Whether a pattern takes an account's subject, among others; only of names that are written out. */
function isPatternOf(value: ListValue, { namespace, name }: Named): boolean {
  const [space, account, pattern] = [literal(namespace), literal(name), literal(value)];
  if (space === undefined || account === undefined || pattern === undefined || !/[*?]/.test(pattern)) return false;
  return matchesPattern(pattern, formatSubject(space, account));
}

function isSubjectOf(value: ListValue, like: boolean, { namespace, name }: Named): boolean {
  const [space, account] = [literal(namespace), literal(name)];
  const written = literal(value);
  if (written !== undefined) return space !== undefined && account !== undefined && written === formatSubject(space, account);
  if (like && /[*?]/.test(withoutHoles(value))) return false;
  const parts = parseSubject(value);
  return parts !== undefined && isSame(parts.namespace, namespace) && isSame(parts.name, name);
}

/** Whether two values are the same, whatever they are. */
export function isSame(a: Text, b: Text): boolean {
  const [x, y] = [literal(a), literal(b)];
  return x !== undefined || y !== undefined ? x === y : isIdentical(a, b);
}

function withoutHoles({ value, holes }: Text): string {
  return [...holes].reverse().reduce((rest, hole) => rest.slice(0, hole.start) + rest.slice(hole.end), value);
}

/** Tags of a Pod Identity session that a statement can demand. Source: EKS user guide, pod-id-abac-tags. */
export type SessionTag = 'kubernetes-namespace' | 'kubernetes-service-account' | 'eks-cluster-name' | 'eks-cluster-arn';

/** What a statement for Pod Identity demands; a tag that it doesn't demand is absent. */
export interface PodStatement {
  readonly statement: Statement;
  readonly tags: Readonly<Partial<Record<SessionTag, { readonly key: ConditionKey; readonly values: readonly ListValue[] }>>>;
  /** True where it demands nothing but those tags and the source account, by plain comparison, and allows nothing but the two actions. */
  readonly plain: boolean;
}

/** The Allow statements whose only principal is that of Pod Identity. */
export function podStatements(policy: PolicyDocument): PodStatement[] {
  return policy.statements.flatMap((statement) => {
    if (literal(statement.effect?.text) !== 'Allow' || statement.open || statement.notPrincipal || statement.principal?.open) return [];
    const kinds = statement.principal?.kinds ?? [];
    const [only] = kinds;
    if (kinds.length !== 1 || only?.key.value !== 'Service' || only.open) return [];
    if (only.values.length !== 1 || literal(only.values[0]) !== podIdentityPrincipal) return [];
    return [readPodStatement(statement)];
  });
}

const tagPrefix = 'aws:requesttag/';
const ownTags: ReadonlySet<string> = new Set<SessionTag>([
  'kubernetes-namespace',
  'kubernetes-service-account',
  'eks-cluster-name',
  'eks-cluster-arn',
]);

function readPodStatement(statement: Statement): PodStatement {
  const tags: Partial<Record<SessionTag, { key: ConditionKey; values: readonly ListValue[] }>> = {};
  let plain = !statement.notAction && !statement.action?.open && statement.condition?.open !== true;
  for (const action of statement.action?.values ?? []) if (!/^sts:(?:AssumeRole|TagSession)$/i.test(action.value)) plain = false;
  for (const { key, keys, open } of statement.condition?.operators ?? []) {
    const isEquals = key.value === 'StringEquals' && !open;
    for (const condition of keys) {
      const name = condition.key.value.toLowerCase();
      const tag = name.startsWith(tagPrefix) ? name.slice(tagPrefix.length) : undefined;
      const isOwn = tag !== undefined && ownTags.has(tag) && tags[tag as SessionTag] === undefined;
      if (!isEquals || !isPlainList(condition, name) || (!isOwn && name !== 'aws:sourceaccount')) plain = false;
      else if (isOwn) tags[tag as SessionTag] = { key: condition, values: condition.values.values };
    }
  }
  return { statement, tags, plain };
}

/**
 * Whether a condition's values are all told. A single expression may be a list, too: of the source account and the cluster
 * any more would still restrict, and what is one value with a part of a subject is a text.
 */
function isPlainList({ values }: ConditionKey, name: string): boolean {
  if (!values.open) return true;
  const [only, another] = values.values;
  if (!only || another) return false;
  return !name.includes('kubernetes-') || (only.holes.length > 0 && only.holes.every((hole) => hole.identity !== undefined));
}

/** Whether a plain statement names an account: by its namespace and its name, each exactly. */
export function namesAccount({ tags, plain }: PodStatement, { namespace, name }: Named): boolean {
  return (
    plain &&
    (tags['kubernetes-namespace']?.values ?? []).some((value) => isSame(value, namespace)) &&
    (tags['kubernetes-service-account']?.values ?? []).some((value) => isSame(value, name))
  );
}
