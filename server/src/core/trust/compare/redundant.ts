import type { PolicyDocument } from '../../model/policy';
import { includes } from './includes';
import type { ComparisonScope } from './types';

/** More statements are not tried: each takes two comparisons. IAM's quota has room for some dozens. */
const most = 60;

/**
 * The statements, by number, that can all be removed together and nobody gains or loses access: proven. Of two statements either of
 * which could go, the narrower one goes, else the later one. Empty where nothing is proven.
 */
export function redundantStatements(policy: PolicyDocument, scope: ComparisonScope = {}): readonly number[] {
  if (policy.statements.length > most || policy.open || includes([], [policy], scope).kind === 'included') return [];
  let rest = policy;
  const found: number[] = [];
  for (const statement of byBreadth(policy)) {
    const without = { ...rest, statements: rest.statements.filter((each) => each !== statement) };
    if (without.statements.length === 0) continue;
    if (includes([rest], [without], scope).kind !== 'included' || includes([without], [rest], scope).kind !== 'included') continue;
    found.push(statement.index);
    rest = without;
  }
  return found.sort((a, b) => a - b);
}

/** Statements with few values first, later ones before earlier ones. */
function byBreadth({ statements }: PolicyDocument) {
  const breadth = ({ condition }: PolicyDocument['statements'][number]): number => {
    const values = (condition?.operators ?? []).flatMap(({ keys }) => keys.map(({ values }) => values.values.length));
    return values.length === 0 ? Infinity : values.reduce((product, each) => product * Math.max(1, each), 1);
  };
  return [...statements].sort((a, b) => breadth(a) - breadth(b) || b.index - a.index);
}
