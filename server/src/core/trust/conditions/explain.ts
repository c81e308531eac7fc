import { shownText } from '../../text/shown';
import type { ConditionKey } from '../../model/policy';
import type { Tri } from '../../text/tri';
import type { Operator } from '../operators';
import type { Lookup } from '../request/lookup';
import { isUnsettled } from './evaluate';

/** One sentence on one operator with one key: what was compared with what, and the outcome. */
export function explainCondition(operator: Operator, key: ConditionKey, lookup: Lookup, matched: Tri): string {
  if (operator.hole) return `The operator ${operator.written} is unknown.`;
  if (!operator.known) return `IAM has no condition operator ${operator.written}.`;
  const { name } = lookup;
  if (operator.family === 'Null') return explainNull(key, lookup, matched);
  if (isUnsettled(operator, key.values))
    return `${operator.written} has no value for ${name}: AWS doesn't document whether an empty list matches.`;
  if (lookup.presence === false) return explainAbsent(operator, lookup, matched);
  const actual = lookup.values.map(shownText).join(', ');
  const written = listed(key);
  if (matched === null) {
    const why = lookup.presence === null || lookup.why ? (lookup.why ?? 'its value is unknown') : 'a part of it is unknown';
    return `${name} is compared with ${written}: ${why}.`;
  }
  if (key.values.values.length === 0)
    return `${operator.written} has no value for ${name}, so it ${matched ? 'always matches' : 'never matches'}.`;
  const outcome = matched !== operator.negated;
  return `${name} ${actual} ${relation(operator, outcome)} ${written}.`;
}

function explainNull(key: ConditionKey, lookup: Lookup, matched: Tri): string {
  const state =
    lookup.presence === null ? 'may or may not be in the request' : lookup.presence ? 'is in the request' : 'is not in the request';
  const wanted = key.values.values.map((v) => v.value.toLowerCase()).join(' or ');
  return `${lookup.name} ${state}; Null requires it to be ${wanted === 'true' ? 'absent' : wanted === 'false' ? 'present' : wanted}${matched === null && lookup.presence === null && lookup.why ? `: ${lookup.why}` : ''}.`;
}

function explainAbsent(operator: Operator, lookup: Lookup, matched: Tri): string {
  const why = lookup.why ? ` (${lookup.why})` : '';
  if (matched === false) return `${lookup.name} is not in the request${why}, so ${operator.written} doesn't match.`;
  if (matched === null)
    return `${lookup.name} is not in the request${why}: AWS doesn't document how ${operator.written} treats an absent key.`;
  const because = operator.ifExists
    ? 'IfExists is true'
    : operator.set === 'ForAllValues'
      ? 'ForAllValues is true'
      : 'a negated operator is true';
  return `${lookup.name} is not in the request${why}: for an absent key ${because}.`;
}

function relation(operator: Operator, holds: boolean): string {
  const is = holds ? 'is' : 'is not';
  switch (operator.family) {
    case 'IpAddress':
      return `${is} in`;
    case 'Numeric':
    case 'Date':
      return `${is} ${order[operator.comparison!] ?? 'equal to'}`;
    default:
      return operator.like ? `${is} like` : is;
  }
}

const order: Partial<Record<string, string>> = {
  less: 'less than',
  'less-or-equal': 'at most',
  greater: 'greater than',
  'greater-or-equal': 'at least',
};

/** The written values, cut where they are many or long. */
function listed(key: ConditionKey): string {
  const { values, open } = key.values;
  if (values.length === 0) return open ? 'unknown values' : 'no value';
  const shown = values
    .slice(0, 3)
    .map(shownText)
    .map((v) => (v.length > 120 ? `${v.slice(0, 119)}…` : v === '' ? '""' : v));
  const rest = values.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} or ${rest} more` : shown.join(' or ');
}
