import { parseProviderArn } from '../model/arn';
import { parseConditionKey } from '../model/conditionKey';
import { issuerKind } from '../model/issuer';
import type { ConditionKey, ListValue, PolicyDocument, Statement } from '../model/policy';
import { literal } from '../text/texts';
import { candidateProviders } from '../trust/providers';
import { isSame, podStatements, subjectValues, type Named, type PodStatement } from './admissions';
import type { Move } from './moves';
import type { Removal } from './types';

/** What leaves a trust policy, and what that allowed: the statements with nothing but the values that leave. */
export interface Leaving {
  readonly removals: readonly Removal[];
  readonly allowed: PolicyDocument;
}

/** The values of conditions that leave, by the key that they stand under. */
type Values = Map<ConditionKey, Set<ListValue>>;

/**
 * The subjects of accounts leave: as values where others stay in the list, else with their statement. What isn't named
 * exactly stays, and so does what is compared with tokens of another issuer. What that allowed is theirs alone as tokens of
 * their cluster: a statement may have other principals.
 */
export function subjectsLeaving(policy: PolicyDocument, moves: readonly Move[]): Leaving {
  const byStatement = new Map<number, Values>();
  const isOnlyProvider = countProviders(policy) <= 1;
  for (const { admissions, request } of moves)
    for (const { statement, exact } of admissions)
      for (const { key, value } of exact) if (isOfIssuer(key, request.issuer, isOnlyProvider)) add(byStatement, statement, key, value);
  const left = leaving(policy, byStatement, (statement) => new Set(subjectValues(statement).map(({ key }) => key)));
  const issuers = new Set(moves.map(({ request }) => request.issuer));
  return { ...left, allowed: { ...left.allowed, statements: left.allowed.statements.map((each) => ofProviders(each, issuers)) } };
}

/** How many clusters' providers a policy may have, each once. */
function countProviders(policy: PolicyDocument): number {
  return candidateProviders(policy).filter(({ issuer }) => literal(issuer) === undefined || issuerKind(issuer.value) !== 'known-other')
    .length;
}

/**
 * False where a condition is on tokens of another issuer than the account's, or where that isn't known: of several providers each may
 * be another cluster's.
 */
function isOfIssuer({ key }: ConditionKey, issuer: string | undefined, isOnlyProvider: boolean): boolean {
  const written = literal(parseConditionKey(key)?.issuer);
  if (!isOnlyProvider && issuer !== undefined && written === undefined) return false;
  return issuer === undefined || written === undefined || written.toLowerCase() === issuer.toLowerCase();
}

/** The statement for the OIDC providers of issuers alone, without its other principals; a provider that is the only one is theirs. */
function ofProviders(statement: Statement, issuers: ReadonlySet<string | undefined>): Statement {
  const { principal } = statement;
  const [kind, another] = principal?.kinds ?? [];
  if (!principal || (kind?.key.value === 'Federated' && !another && kind.values.length === 1 && !principal.wildcard)) return statement;
  const { wildcard: _, ...rest } = principal;
  const kinds = principal.kinds.flatMap((each) =>
    each.key.value === 'Federated'
      ? [{ ...each, values: each.values.filter((value) => issuers.has(literal(parseProviderArn(value)?.issuer) ?? 'unknown')) }]
      : [],
  );
  return { ...statement, principal: { ...rest, kinds } };
}

/**
 * The accounts leave the statements for Pod Identity that name them exactly. A statement for several namespaces and
 * several names at once loses a name only where it is named in one namespace.
 */
export function podsLeaving(policy: PolicyDocument, moves: readonly Pick<Move, 'named' | 'cluster'>[]): Leaving {
  const byStatement = new Map<number, Values>();
  for (const each of podStatements(policy)) {
    const [namespaces, names] = [each.tags['kubernetes-namespace'], each.tags['kubernetes-service-account']];
    if (!each.plain || !namespaces || !names) continue;
    const pairs = namespaces.values.length * names.values.length;
    const own = moves.flatMap(({ named, cluster }) => (named && isNamedBy(each, named) && isOfCluster(each, cluster) ? [named] : []));
    if (own.length === 0) continue;
    if (namespaces.values.length === 1)
      for (const value of names.values) if (own.some(({ name }) => isSame(name, value))) add(byStatement, each.statement, names.key, value);
    if (namespaces.values.length > 1 && names.values.length === 1)
      for (const value of namespaces.values)
        if (own.some(({ namespace }) => isSame(namespace, value))) add(byStatement, each.statement, namespaces.key, value);
    // All pairs of a larger product: then the whole statement is theirs.
    if (namespaces.values.length > 1 && names.values.length > 1 && own.length === pairs)
      for (const value of names.values) add(byStatement, each.statement, names.key, value);
  }
  return leaving(policy, byStatement, (statement) => {
    const own = podStatements({ ...policy, statements: [statement] })[0];
    return new Set(
      [own?.tags['kubernetes-namespace']?.key, own?.tags['kubernetes-service-account']?.key].filter((key) => key !== undefined),
    );
  });
}

/** False where a statement is for another cluster, too. */
function isOfCluster({ tags }: PodStatement, { name, arn }: Move['cluster']): boolean {
  const isOnly = (values: readonly ListValue[] = [], own: string | undefined): boolean =>
    values.every((value) => own === undefined || literal(value) === undefined || literal(value) === own) &&
    (values.length <= 1 || values.every((value) => literal(value) === own));
  return isOnly(tags['eks-cluster-name']?.values, name) && isOnly(tags['eks-cluster-arn']?.values, arn);
}

function isNamedBy({ tags }: PodStatement, { namespace, name }: Named): boolean {
  return (
    tags['kubernetes-namespace']!.values.some((value) => isSame(value, namespace)) &&
    tags['kubernetes-service-account']!.values.some((value) => isSame(value, name))
  );
}

function add(byStatement: Map<number, Values>, { index }: Statement, key: ConditionKey, value: ListValue): void {
  const values = byStatement.get(index) ?? new Map<ConditionKey, Set<ListValue>>();
  byStatement.set(index, values);
  values.set(key, (values.get(key) ?? new Set()).add(value));
}

function leaving(
  policy: PolicyDocument,
  byStatement: Map<number, Values>,
  keysOf: (statement: Statement) => ReadonlySet<ConditionKey>,
): Leaving {
  const removals: Removal[] = [];
  const allowed: Statement[] = [];
  for (const statement of policy.statements) {
    const values = byStatement.get(statement.index);
    if (!values) continue;
    const isEmptied = [...values].some(([key, gone]) => key.values.values.every((value) => gone.has(value)) && keysOf(statement).has(key));
    if (isEmptied) removals.push({ kind: 'statement', statement: statement.index });
    else
      for (const gone of values.values())
        for (const value of gone)
          removals.push({ kind: 'value', statement: statement.index, place: { doc: { uri: '', index: 0, start: 0 }, span: value.outer } });
    allowed.push(only(statement, values));
  }
  return { removals, allowed: { ...policy, statements: allowed, open: false } };
}

/** The statement with the values that leave alone. */
function only(statement: Statement, values: Values): Statement {
  const { condition } = statement;
  if (!condition) return statement;
  return {
    ...statement,
    condition: {
      ...condition,
      operators: condition.operators.map((operator) => ({
        ...operator,
        keys: operator.keys.map((key) => {
          const gone = values.get(key);
          return gone ? { ...key, values: { ...key.values, values: key.values.values.filter((value) => gone.has(value)) } } : key;
        }),
      })),
    },
  };
}

/**
 * Removals with the document that they are in.
 * @param isUndone whether they take back what the move has added
 */
export function placed(removals: readonly Removal[], doc: { uri: string; index: number; start: number }, isUndone = false): Removal[] {
  return removals.map((removal) =>
    removal.kind === 'statement'
      ? { ...removal, ...(isUndone ? { added: true as const } : {}) }
      : { ...removal, place: { ...removal.place, doc } },
  );
}
