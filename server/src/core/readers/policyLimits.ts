import type { Fact, TrustPolicyFact } from '../model/facts';
import type { PolicyDocument, Statement, ValueList } from '../model/policy';

/** IAM takes trust policies of 4,096 characters at most, which hold fewer than a hundred statements, keys and values. */
const mostPolicyParts = 500;
/** The longest value of a policy that is judged: IAM takes no policy so long. */
const longestPolicyValue = 10_000;

/**
 * The fact with a policy that is judged in time. One beyond the limits is as if its statements were not written out:
 * what it grants is unknown, and `tooLarge` says why, in plain words.
 */
export function withinLimits<F extends Fact>(fact: F): F;
export function withinLimits(fact: Fact): Fact {
  const tooLarge = fact.kind === 'trustPolicy' ? excess(fact.policy) : undefined;
  if (tooLarge === undefined) return fact;
  const { policy } = fact as TrustPolicyFact;
  return { ...(fact as TrustPolicyFact), policy: { ...policy, statements: [], open: true, tooLarge } };
}

function excess({ statements }: PolicyDocument): string | undefined {
  if (statements.length > mostPolicyParts) return `${grouped(statements.length)} statements; the limit is ${grouped(mostPolicyParts)}`;
  let parts = 0;
  let longest = 0;
  for (const statement of statements) {
    for (const list of listsOf(statement)) {
      parts += 1 + list.values.length;
      for (const { value } of list.values) longest = Math.max(longest, value.length);
    }
    for (const operator of statement.condition?.operators ?? []) {
      longest = Math.max(longest, operator.key.value.length, ...operator.keys.slice(0, mostPolicyParts).map(({ key }) => key.value.length));
    }
  }
  if (parts > mostPolicyParts) return `${grouped(parts)} keys and values; the limit is ${grouped(mostPolicyParts)}`;
  if (longest > longestPolicyValue) return `a value of ${grouped(longest)} characters; the limit is ${grouped(longestPolicyValue)}`;
  return undefined;
}

function* listsOf({ principal, notPrincipal, action, notAction, condition }: Statement): Generator<Pick<ValueList, 'values'>> {
  yield* principal?.kinds ?? [];
  yield* notPrincipal?.kinds ?? [];
  if (action) yield action;
  if (notAction) yield notAction;
  for (const { keys } of condition?.operators ?? []) for (const { values } of keys) yield values;
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
