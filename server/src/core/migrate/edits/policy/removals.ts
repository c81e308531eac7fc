import type { PolicyDocument, Statement, ValueList } from '../../../model/policy';
import type { Span } from '../../../text/span';
import type { Made, Removal } from '../../types';

/** Entries of one list or map, and which of them leave. */
export interface EntryCut {
  readonly entries: readonly Span[];
  readonly leaving: ReadonlySet<number>;
  /** The list or map that holds them. */
  readonly holder: Span;
}

/**
 * What has to be cut for some removals, all of one policy. The only statement and the only value of a condition are refused: the
 * policy would mean something else. A kind of principal leaves with its last value where other kinds stay; an operator, and the
 * whole condition, with their last key.
 */
export function cutsFor(policy: PolicyDocument, removals: readonly Removal[]): Made<readonly EntryCut[]> {
  const { statements, statementSpan } = policy;
  if (removals.length === 0 || !statementSpan) return { refused: 'Nothing is given that could be removed.' };
  const whole = new Set(removals.flatMap((each) => (each.kind === 'statement' ? [each.statement] : [])));
  if (removals.some(({ statement }) => !statements[statement])) return { refused: 'The trust policy has no such statement.' };
  if (whole.size === statements.length)
    return { refused: "It is the only statement, and IAM doesn't allow an empty trust policy: delete the role instead." };
  const cuts: EntryCut[] = [];
  if (whole.size > 0) cuts.push({ entries: statements.map(({ span }) => span), leaving: whole, holder: statementSpan });
  for (const statement of statements) {
    if (whole.has(statement.index)) continue;
    const own = removals.filter((each) => each.statement === statement.index);
    if (own.length === 0) continue;
    const made = [valueCuts(statement, own), keyCuts(statement, own)];
    for (const each of made) {
      if ('refused' in each) return each;
      cuts.push(...each.made);
    }
  }
  for (const each of removals)
    if (statements[each.statement]!.open) return { refused: 'A template adds parts to this statement: change it manually.' };
  return { made: cuts };
}

/** The lists of a statement from which a value may leave. */
function listsOf({ principal, action, condition }: Statement): ValueList[] {
  return [
    ...(principal?.kinds ?? []),
    ...(action ? [action] : []),
    ...(condition?.operators.flatMap(({ keys }) => keys.map(({ values }) => values)) ?? []),
  ];
}

function valueCuts(statement: Statement, removals: readonly Removal[]): Made<readonly EntryCut[]> {
  const places = removals.flatMap((each) => (each.kind === 'value' ? [each.place.span] : []));
  const found = new Set<Span>();
  const cuts: EntryCut[] = [];
  const kinds = new Set<number>();
  for (const list of listsOf(statement)) {
    const leaving = new Set<number>();
    for (const [i, value] of list.values.entries()) {
      const place = places.find((span) => isAt(span, value.outer) || isAt(span, value.span));
      if (!place) continue;
      leaving.add(i);
      found.add(place);
    }
    if (leaving.size === 0) continue;
    if (list.open) return { refused: `Not all values of ${list.key.value} are known: change it manually.` };
    if (leaving.size < list.values.length) {
      cuts.push({ entries: list.values.map(({ outer }) => outer), leaving, holder: list.span });
      continue;
    }
    const kind = statement.principal?.kinds.indexOf(list) ?? -1;
    if (kind < 0 || statement.principal!.open)
      return { refused: `No other value of ${list.key.value} would be left: remove the statement instead.` };
    kinds.add(kind);
  }
  if (found.size < places.length) return { refused: 'A value is not where it was: read the files again.' };
  const { principal } = statement;
  if (principal && kinds.size > 0) {
    if (kinds.size === principal.kinds.length)
      return { refused: 'No other principal would be left in the statement: remove the statement instead.' };
    cuts.push({ entries: principal.kinds.map(entryOf), leaving: kinds, holder: principal.span });
  }
  return { made: cuts };
}

function keyCuts(statement: Statement, removals: readonly Removal[]): Made<readonly EntryCut[]> {
  const places = removals.flatMap((each) => (each.kind === 'key' ? [each.place.span] : []));
  const { condition } = statement;
  if (places.length === 0) return { made: [] };
  if (!condition || condition.open) return { refused: 'Not all conditions of the statement are known: change it manually.' };
  let found = 0;
  const cuts: EntryCut[] = [];
  const operators = new Set<number>();
  for (const [i, operator] of condition.operators.entries()) {
    const leaving = new Set(
      operator.keys.flatMap(({ span, key }, k) => (places.some((each) => isAt(each, span) || isAt(each, key.outer)) ? [k] : [])),
    );
    found += leaving.size;
    if (leaving.size === 0) continue;
    if (leaving.size === operator.keys.length) operators.add(i);
    else
      cuts.push({
        entries: operator.keys.map(({ span }) => span),
        leaving,
        holder: { start: operator.key.outer.end, end: operator.span.end },
      });
  }
  if (found < places.length) return { refused: 'A condition is not where it was: read the files again.' };
  if (operators.size === 0) return { made: cuts };
  if (operators.size < condition.operators.length)
    cuts.push({ entries: condition.operators.map(({ span }) => span), leaving: operators, holder: condition.span });
  else {
    const elements = elementsOf(statement);
    cuts.push({
      entries: elements,
      leaving: new Set([elements.findIndex(({ end }) => end === condition.span.end)]),
      holder: statement.span,
    });
  }
  return { made: cuts };
}

/** The elements of a statement in the order of the text. */
function elementsOf({ sid, effect, principal, notPrincipal, action, notAction, resource, notResource, condition }: Statement): Span[] {
  const elements = [sid, effect, principal, notPrincipal, action, notAction, resource, notResource, condition];
  return elements.flatMap((each) => (each ? [entryOf(each)] : [])).sort((a, b) => a.start - b.start);
}

function entryOf({ key, span }: { readonly key: { readonly outer: Span }; readonly span: Span }): Span {
  return { start: key.outer.start, end: span.end };
}

function isAt(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
