import type { Statement } from '../model/policy';
import { shownText } from '../text/shown';
import { literal } from '../text/texts';
import { all, type Tri } from '../text/tri';
import { matchesAction } from './actions';
import { evaluate } from './conditions/evaluate';
import { explainCondition } from './conditions/explain';
import { parseOperator } from './operators';
import type { VariableResolver } from '../text/wildcards/compile';
import { matchPrincipal, type Caller } from './principals';
import type { RequestKeys } from './request/lookup';
import type { TraceStep } from './verdict';

/** What statements are judged against. */
export interface World {
  readonly caller: Caller;
  readonly keys: RequestKeys;
  readonly variables: VariableResolver | undefined;
  /** The actions that must be allowed: one for IRSA, two for Pod Identity. */
  readonly actions: readonly string[];
  /** Whether statements tell their steps. */
  readonly traced: boolean;
}

export interface StatementResult {
  /** Null: a hole, or not readable. */
  readonly effect: 'Allow' | 'Deny' | null;
  /** Whether the statement applies to each of the world's actions. */
  readonly applies: readonly Tri[];
  /** The world's actions. */
  readonly actions: readonly string[];
  readonly trace: readonly TraceStep[];
  readonly notes: readonly string[];
}

/** Judges one statement: Principal, Action and every condition, all of which must hold. */
export function judgeStatement(statement: Statement, world: World): StatementResult {
  const effectText = literal(statement.effect?.text);
  const effect = effectText === 'Allow' || effectText === 'Deny' ? effectText : null;
  const base: Pick<TraceStep, 'statement' | 'effect'> = { statement: statement.index, ...(effect ? { effect } : {}) };
  const principal = statement.principal
    ? matchPrincipal(statement.principal, world.caller)
    : {
        matched: statement.open ? null : false,
        notes: [],
        steps: [
          {
            element: 'Principal' as const,
            matched: statement.open ? null : false,
            message: statement.open ? 'The Principal is in a template.' : 'The statement has no Principal.',
            span: statement.span,
          },
        ],
      };
  const steps: Omit<TraceStep, 'statement' | 'effect'>[] = [...principal.steps];
  const notes = new Set<string>();
  const actions = world.actions.map((action) => matchesAction(statement, action));
  let conditions: Tri = true;
  // Another caller's statement is not looked at further.
  if (principal.matched !== false) {
    if (world.traced) steps.push(actionStep(statement, world.actions, actions));
    const judged = judgeConditions(statement, world);
    steps.push(...judged.steps);
    judged.notes.forEach((note) => notes.add(note));
    conditions = judged.matched;
  }
  if (principal.matched !== false) principal.notes.forEach((note) => notes.add(note));
  const applies = actions.map((action) => all([principal.matched, action, conditions, statement.open ? null : true]));
  if (!world.traced) return { effect, applies, actions: world.actions, trace: [], notes: [...notes] };
  const head: TraceStep = {
    ...base,
    element: 'Statement',
    matched: summary(applies),
    message: headline(statement, effect, applies, world.actions),
    span: statement.span,
  };
  return { effect, applies, actions: world.actions, trace: [head, ...steps.map((step) => ({ ...base, ...step }))], notes: [...notes] };
}

function judgeConditions(statement: Statement, world: World) {
  const steps: Omit<TraceStep, 'statement' | 'effect'>[] = [];
  const notes: string[] = [];
  const results: Tri[] = [];
  const { condition } = statement;
  for (const block of condition?.operators ?? []) {
    const operator = parseOperator(block.key);
    for (const key of block.keys) {
      const lookup = world.keys.lookup(key.key);
      const matched = evaluate(operator, key, lookup, operator.variables ? world.variables : undefined);
      results.push(matched);
      if (lookup.note) notes.push(lookup.note);
      if (!world.traced) continue;
      steps.push({
        element: 'Condition',
        operator: block.key.value,
        key: shownText(key.key),
        matched,
        message: explainCondition(operator, key, lookup, matched),
        span: key.span,
      });
    }
    if (block.open) results.push(null);
  }
  if (condition?.open) results.push(null);
  if (condition && (condition.open || condition.operators.some((o) => o.open))) {
    steps.push({ element: 'Condition', matched: null, message: 'A template may add conditions.', span: condition.span });
  }
  return { matched: all(results), steps, notes };
}

function actionStep(statement: Statement, wanted: readonly string[], results: readonly Tri[]): Omit<TraceStep, 'statement' | 'effect'> {
  const list = statement.action ?? statement.notAction;
  const matched = summary(results);
  const base = { element: 'Action' as const, matched, span: list?.span ?? statement.span, ...(list ? { key: list.key.value } : {}) };
  if (!list) return { ...base, message: statement.open ? 'The Action is in a template.' : 'The statement has no Action.' };
  const names = (result: Tri) => wanted.filter((_, i) => results[i] === result).join(' and ');
  const written =
    list.values
      .slice(0, 3)
      .map((v) => shownText(v))
      .join(', ') || 'nothing';
  const parts = [
    names(true) && `${list.key.value} includes ${names(true)}`,
    names(false) && `${list.key.value} ${written} doesn't include ${names(false)}`,
    names(null) && `it is unknown whether ${list.key.value} ${written} includes ${names(null)}`,
  ].filter(Boolean);
  const message = `${parts.join('; ')}.`;
  return { ...base, message: message[0]!.toUpperCase() + message.slice(1) };
}

/** One answer for several actions: the same for all, true where some are met, else unknown or false. */
function summary(results: readonly Tri[]): Tri {
  if (results.includes(true)) return true;
  return results.includes(null) ? null : false;
}

function headline(statement: Statement, effect: 'Allow' | 'Deny' | null, applies: readonly Tri[], actions: readonly string[]): string {
  const sid = literal(statement.sid?.text);
  const name = `Statement ${statement.index + 1}${sid ? ` (${sid.slice(0, 80)})` : ''}`;
  const verb =
    effect === 'Allow'
      ? ['allows', "doesn't allow", 'may allow']
      : effect === 'Deny'
        ? ['denies', "doesn't deny", 'may deny']
        : ['applies to', "doesn't apply to", 'may apply to'];
  const parts = (
    [
      [true, verb[0]],
      [null, verb[2]],
      [false, verb[1]],
    ] as const
  )
    .map(([result, word]) => [word, actions.filter((_, i) => applies[i] === result)] as const)
    .filter(([, names]) => names.length > 0)
    .map(([word, names]) => `${word} ${names.join(' and ')}`);
  return `${name} ${parts.join(', ')}.`;
}
