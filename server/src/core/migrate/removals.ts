import type { ConditionKey, ListValue, PolicyDocument, Statement } from '../model/policy';
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

/** The subjects of accounts leave: as values where others stay in the list, else with their statement. What isn't named exactly stays. */
export function subjectsLeaving(policy: PolicyDocument, moves: readonly Move[]): Leaving {
  const byStatement = new Map<number, Values>();
  for (const { admissions } of moves)
    for (const { statement, exact } of admissions) for (const { key, value } of exact) add(byStatement, statement, key, value);
  return leaving(policy, byStatement, (statement) => new Set(subjectValues(statement).map(({ key }) => key)));
}

/**
 * The accounts leave the statements for Pod Identity that name them exactly. A statement for several namespaces and
 * several names at once loses a name only where it is named in one namespace.
 */
export function podsLeaving(policy: PolicyDocument, accounts: readonly Named[]): Leaving {
  const byStatement = new Map<number, Values>();
  for (const each of podStatements(policy)) {
    const [namespaces, names] = [each.tags['kubernetes-namespace'], each.tags['kubernetes-service-account']];
    if (!each.plain || !namespaces || !names) continue;
    const pairs = namespaces.values.length * names.values.length;
    const own = accounts.filter((account) => isNamedBy(each, account));
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

/** Removals with the document that they are in. */
export function placed(removals: readonly Removal[], doc: { uri: string; index: number; start: number }): Removal[] {
  return removals.map((removal) => (removal.kind === 'statement' ? removal : { ...removal, place: { ...removal.place, doc } }));
}
