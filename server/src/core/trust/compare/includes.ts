import { parseEksIssuer } from '../../model/issuer';
import { literal } from '../../text/texts';
import { actionFormula, waysToAssume, type Needed } from './actions';
import { callersOf, principalFormula, type Caller } from './callers';
import { CallerConditions } from './conditions';
import { all, any, not, unknown, unknownsIn, type Formula } from './formula';
import { CallerKeys } from './keys';
import { Names, type PreparedPolicy, type PreparedStatement } from './prepared';
import { solve, spend, TooMuch, type Budget } from './solve';
import type { ComparisonScope, Inclusion, PolicySet } from './types';
import { witnessOf } from './witness';

/** So many steps a comparison takes: a second at most. Ordinary policies take some thousands. */
const mostSteps = 5_000_000;

/**
 * Whether everything that `part` allows is allowed by `all`: who can assume a role by any policy of the one can by some policy of the
 * other, with a token, through EKS Pod Identity, or as any other principal. By the rules of `judge`, for all requests at once.
 *
 * Exact for what the policies tell: literals, wildcards, negation, absent keys, Deny. What they don't tell (holes, templates, policy
 * variables, operators of addresses) is the same wherever it is written alike, and else unknown: the answer is `included` only if it
 * holds whatever that is. Never throws. Past a limit of work the answer is `unknown`.
 *
 * Named holes count as the same by their source: give documents of one place (before and after an edit), or holes with identities.
 * IAM's quota is not compared.
 */
export function includes(all: PolicySet, part: PolicySet, scope: ComparisonScope = {}): Inclusion {
  try {
    return new Comparison(all, part, scope).run();
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { kind: 'unknown', because: 'The policies have too many statements, values and wildcards to compare.' };
  }
}

class Comparison {
  private readonly budget: Budget = { left: mostSteps };
  private readonly all: readonly PreparedPolicy[];
  private readonly part: readonly PreparedPolicy[];
  /** For a policy of `part` the ids of statements that are in `all` as they are, below no other Deny. */
  private readonly kept = new Map<PreparedPolicy, ReadonlySet<string>>();
  private doubt: string | undefined;

  constructor(
    private readonly allowing: PolicySet,
    private readonly allowed: PolicySet,
    private readonly scope: ComparisonScope,
  ) {
    const names = new Names();
    this.all = names.side(allowing).filter(({ accepted }) => accepted !== false);
    this.part = names.side(allowed).filter((policy) => policy.accepted !== false && !this.all.some((other) => keepsAll(policy, other)));
    for (const policy of this.part) this.kept.set(policy, keptIn(policy, this.all));
  }

  run(): Inclusion {
    const statements = [...this.part, ...this.all].flatMap((policy) => policy.statements);
    if (this.part.length === 0) return { kind: 'included' };
    for (const caller of callersOf(statements, this.scope)) {
      const found = this.compare(caller, statements);
      if (found) return found;
    }
    for (const { document } of this.part) {
      if (!document.open) continue;
      const words = document.tooLarge ? 'a policy that is too large to read' : 'statements that a template may add';
      this.doubt ??= `It depends on ${words}.`;
    }
    return this.doubt === undefined ? { kind: 'included' } : { kind: 'unknown', because: this.doubt };
  }

  /** A witness, or undefined. What can't be told for the caller becomes the doubt. */
  private compare(caller: Caller, statements: readonly PreparedStatement[]): Inclusion | undefined {
    const principals = new Map<PreparedStatement, Formula>();
    for (const statement of statements) {
      spend(this.budget, 4);
      const formula = principalFormula(statement, caller, this.scope);
      if (formula !== false) principals.set(statement, formula);
    }
    const own = [...principals.keys()];
    if (!own.some(({ effect, policy }) => effect !== 'Deny' && this.kept.has(policy))) return undefined;
    const issuer = caller.kind === 'token' ? literal(caller.issuer?.text) : undefined;
    const ways = waysToAssume(caller, own, issuer !== undefined && parseEksIssuer(issuer) !== undefined);
    const conditions = new CallerConditions(own, new CallerKeys(caller, this.scope), this.budget);
    const applies: Applies = (statement, action) => {
      const principal = principals.get(statement);
      if (principal === undefined) return false;
      return all([
        principal,
        actionFormula(statement, action),
        conditions.formula(statement),
        !statement.statement.open || unknown(`${statement.id} open`, 'elements that a template may add to a statement'),
      ]);
    };
    for (const way of ways) {
      const found = this.compareWay(caller, way, conditions, applies);
      if (found) return found;
    }
    return undefined;
  }

  private compareWay(caller: Caller, way: Needed, conditions: CallerConditions, applies: Applies): Inclusion | undefined {
    const part = any(
      this.part.map((policy) => allows(policy, way.actions, applies, way.actions.length === 1 ? this.kept.get(policy)! : none)),
    );
    if (part === false) return undefined;
    const rest = not(any(this.all.map((policy) => allows(policy, way.actions, applies, none))));
    if (!solve(part, rest, 'possibly', this.budget)) return undefined;
    const model = solve(part, rest, 'surely', this.budget);
    const witness = model && witnessOf({ caller, model, conditions, scope: this.scope, all: this.allowing, part: this.allowed });
    if (witness) return { kind: 'not-included', witness };
    const uncertain = [...conditions.free].find(({ variable }) => !variable.certain)?.variable.words;
    const open = deciding(part, rest) ?? uncertain;
    // A model without a witness: the policies don't leave it open, but the evaluator does.
    const words = (model ? (way.doubt ?? open) : (open ?? way.doubt)) ?? 'values that no file has';
    this.doubt ??= `It depends on ${words}.`;
    return undefined;
  }
}

/** When a statement is about a caller's request for an action. */
type Applies = (statement: PreparedStatement, action: string) => Formula;

const none: ReadonlySet<string> = new Set();

/** When a policy allows all of some actions. */
function allows(
  { statements, accepted, document, id }: PreparedPolicy,
  actions: readonly string[],
  applies: Applies,
  leftOut: ReadonlySet<string>,
): Formula {
  const template = (what: string): Formula => document.open && unknown(`${id} ${what}`, 'statements that a template may add');
  const weighed = (statement: PreparedStatement, effect: 'Allow' | 'Deny', action: string): Formula => {
    if (statement.effect === effect) return applies(statement, action);
    if (statement.effect !== undefined) return false;
    const isAllow = unknown(`${statement.id} effect`, 'the effect of a statement');
    return all([effect === 'Allow' ? isAllow : not(isAllow), applies(statement, action)]);
  };
  return all([
    accepted,
    ...actions.map((action) =>
      any([
        ...statements.filter((each) => !leftOut.has(each.id)).map((each) => weighed(each, 'Allow', action)),
        template(`allows ${action}`),
      ]),
    ),
    ...actions.map((action) => not(any([...statements.map((each) => weighed(each, 'Deny', action)), template(`denies ${action}`)]))),
  ]);
}

/** Whether a policy denies nothing that the other one doesn't, by its text, and IAM takes it if it takes the other one. */
function deniesNoMore(policy: PreparedPolicy, than: PreparedPolicy): boolean {
  if (policy.document.open && policy.id !== than.id) return false;
  const own = new Set(than.statements.map(({ id }) => id));
  return (
    [...policy.doubts].every((doubt) => than.doubts.has(doubt)) &&
    policy.statements.every(({ effect, id }) => effect === 'Allow' || own.has(id))
  );
}

/** Whether a policy is in another one, by its text. */
function keepsAll(policy: PreparedPolicy, other: PreparedPolicy): boolean {
  if (policy.document.open && policy.id !== other.id) return false;
  const there = new Set(other.statements.map(({ id }) => id));
  return deniesNoMore(other, policy) && policy.statements.every(({ effect, id }) => effect === 'Deny' || there.has(id));
}

function keptIn(policy: PreparedPolicy, all: readonly PreparedPolicy[]): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const other of all) {
    if (!deniesNoMore(other, policy)) continue;
    for (const { effect, id } of other.statements) if (effect === 'Allow') kept.add(id);
  }
  return kept;
}

/** What decides, in words: what one side alone rests on, if there is any. */
function deciding(part: Formula, rest: Formula): string | undefined {
  const [a, b] = [unknownsIn(part), unknownsIn(rest)];
  for (const [id, words] of [...a, ...b]) if (a.has(id) !== b.has(id)) return words;
  return [...a.values(), ...b.values()][0];
}
