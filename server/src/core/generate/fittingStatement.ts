import { parseConditionKey, claimName } from '../model/conditionKey';
import { formatSubject } from '../model/subject';
import type { ConditionKey, PolicyDocument, Statement } from '../model/policy';
import { literal } from '../text/texts';
import type { Pair } from './pair';
import { podsPrincipal, tagKeys } from './trust';

/** Where one value more lets the account in, and nobody else. */
export interface Place {
  readonly statement: number;
  /** Operator and key as written. */
  readonly operator: string;
  readonly key: string;
  readonly value: string;
}

/** The statements of a policy that are as the pair's own would be, but for one value. In the order of the policy. */
export function fittingPlaces(policy: PolicyDocument, pair: Pair): Place[] {
  return policy.statements.flatMap(
    (statement) => (pair.mechanism === 'irsa' ? irsaPlace(statement, pair) : podsPlace(statement, pair)) ?? [],
  );
}

interface Plain {
  readonly operator: string;
  readonly key: ConditionKey;
  readonly values: readonly string[];
}

function irsaPlace(statement: Statement, pair: Pair): Place | undefined {
  const conditions = plainAllow(statement, 'Federated', pair.provider!.arn, ['sts:assumerolewithwebidentity'], ['sts:tagsession']);
  if (!conditions) return undefined;
  let subject: Plain | undefined;
  for (const condition of conditions) {
    const claim = parseConditionKey(condition.key.key);
    if (!claim || literal(claim.issuer) !== pair.provider!.issuer) return undefined;
    const name = claimName(claim);
    if (name === 'sub' && !subject) subject = condition;
    else if (name !== 'aud' || !condition.values.includes(pair.audience)) return undefined;
  }
  return subject && placeOf(statement, subject, formatSubject(pair.account.namespace, pair.account.name));
}

/** Namespaces and accounts are compared apart: one of them must be the pair's alone, else others would come in too. */
function podsPlace(statement: Statement, pair: Pair): Place | undefined {
  const conditions = plainAllow(statement, 'Service', podsPrincipal, ['sts:assumerole', 'sts:tagsession'], []);
  if (!conditions) return undefined;
  const found = new Map<string, Plain>();
  for (const condition of conditions) {
    const key = condition.key.key.value.toLowerCase();
    if (found.has(key)) return undefined;
    found.set(key, condition);
  }
  const take = (key: string): Plain | undefined => {
    const condition = found.get(key.toLowerCase());
    found.delete(key.toLowerCase());
    return condition;
  };
  const [cluster, namespace, account] = [take(tagKeys.clusterArn), take(tagKeys.namespace), take(tagKeys.serviceAccount)];
  if (found.size > 0 || !isJust(cluster, pair.cluster!.arn) || !namespace || !account) return undefined;
  if (isJust(namespace, pair.account.namespace)) return placeOf(statement, account, pair.account.name);
  return isJust(account, pair.account.name) ? placeOf(statement, namespace, pair.account.namespace) : undefined;
}

function isJust(condition: Plain | undefined, value: string): boolean {
  return condition?.values.length === 1 && condition.values[0] === value;
}

function placeOf(statement: Statement, { operator, key }: Plain, value: string): Place {
  return { statement: statement.index, operator, key: key.key.value, value };
}

/**
 * The conditions of an Allow statement for just this principal and these actions, where all of them compare texts for
 * equality or likeness; undefined for every other statement.
 */
function plainAllow(
  statement: Statement,
  kind: string,
  principal: string,
  needed: readonly string[],
  tolerated: readonly string[],
): Plain[] | undefined {
  if (literal(statement.effect?.text) !== 'Allow' || statement.open || !statement.action || statement.notAction || statement.resource)
    return undefined;
  const [only, second] = statement.principal?.kinds ?? [];
  if (!only || second || only.key.value !== kind || only.values.length !== 1 || literal(only.values[0]) !== principal) return undefined;
  const actions = statement.action.values.map((value) => value.value.toLowerCase());
  if (
    !needed.every((action) => actions.includes(action)) ||
    !actions.every((action) => needed.includes(action) || tolerated.includes(action))
  )
    return undefined;
  const conditions: Plain[] = [];
  for (const { key: operator, keys, open } of statement.condition?.operators ?? []) {
    if (open || !/^String(Equals|Like)$/.test(operator.value)) return undefined;
    for (const key of keys) {
      if (key.values.open || key.values.values.length === 0 || key.values.values.some(({ type }) => type !== 'string')) return undefined;
      conditions.push({ operator: operator.value, key, values: key.values.values.map(({ value }) => value) });
    }
  }
  return conditions;
}
