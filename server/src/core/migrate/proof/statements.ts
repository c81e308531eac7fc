import { meaningOf } from '../../trust/compare/symbols';
import type { PolicyDocument, Statement } from '../../model/policy';
import { isSame, podStatements, subjectValues, type Named } from '../admissions';
import { parseSubject } from '../../model/subject';
import { literal } from '../../text/texts';
import type { MigrationStep, Direction } from '../types';

/** The statements of a policy that an earlier one doesn't have, by what they say. */
export function addedStatements(before: PolicyDocument, after: PolicyDocument): Statement[] {
  const known = new Map<string, number>();
  for (const statement of before.statements) known.set(meaningOf(statement), (known.get(meaningOf(statement)) ?? 0) + 1);
  return after.statements.filter((statement) => {
    const left = known.get(meaningOf(statement)) ?? 0;
    known.set(meaningOf(statement), left - 1);
    return left <= 0;
  });
}

/**
 * Whether statements that a step added allow none but the accounts that move: by EKS Pod Identity, each by its namespace and
 * name; by IRSA, each by its subject. A list of names counts with all its pairs.
 */
export function allowOnly(
  statements: readonly Statement[],
  policy: PolicyDocument,
  accounts: readonly Named[],
  direction: Direction,
): boolean {
  return statements.every((statement) => {
    if (direction === 'to-irsa') return subjectsAreOf(statement, accounts);
    const [own] = podStatements({ ...policy, statements: [statement] });
    const [namespaces, names] = [own?.tags['kubernetes-namespace']?.values ?? [], own?.tags['kubernetes-service-account']?.values ?? []];
    if (!own?.plain || namespaces.length === 0 || names.length === 0) return false;
    return namespaces.every((namespace) =>
      names.every((name) => accounts.some((account) => isSame(account.namespace, namespace) && isSame(account.name, name))),
    );
  });
}

function subjectsAreOf(statement: Statement, accounts: readonly Named[]): boolean {
  const kinds = statement.principal?.kinds ?? [];
  if (kinds.length !== 1 || kinds[0]!.key.value !== 'Federated' || kinds[0]!.values.length !== 1) return false;
  const subjects = subjectValues(statement);
  return (
    subjects.length > 0 &&
    literal(statement.effect?.text) === 'Allow' &&
    subjects.every(({ value, like }) => {
      const parts = like && /[*?]/.test(value.value) ? undefined : parseSubject(value);
      return parts !== undefined && accounts.some(({ namespace, name }) => isSame(namespace, parts.namespace) && isSame(name, parts.name));
    })
  );
}

/** Which mechanism a step adds or takes away. */
export function effectOf(step: MigrationStep, direction: Direction): 'add-pods' | 'add-irsa' | 'drop-pods' | 'drop-irsa' {
  const toPods = direction === 'to-pod-identity';
  if (step === 'expand') return toPods ? 'add-pods' : 'add-irsa';
  return (step === 'contract') === toPods ? 'drop-irsa' : 'drop-pods';
}
