import type { Text } from '../../text/text';
import { equal, isHole, literal, split } from '../../text/texts';
import { all, type Tri } from '../../text/tri';
import type { Comparison, Operator } from '../operators';
import type { PatternOptions, VariableResolver } from '../../text/wildcards/compile';
import { matchText } from '../../text/wildcards/match';
import { parseDate } from './date';
import { inRange } from './ip';

/**
 * Whether one value of the request meets one value of the policy, negation aside: StringNotLike answers
 * as StringLike does. `null` where holes decide. Values that the operator cannot read match nothing.
 */
export function compareValue(operator: Operator, written: Text, actual: Text, variables: VariableResolver | undefined): Tri {
  switch (operator.family) {
    case 'String':
      return matches(operator, written, actual, variables);
    case 'Arn':
      return matchArn(operator, written, actual, variables);
    case 'Bool':
      return matchBool(written, actual, variables);
    case 'Binary':
      return equal(written, actual);
    case 'IpAddress':
      return literally(written, actual, (a, b) => inRange(b, a));
    case 'Numeric':
      return literally(written, actual, (a, b) => ordered(operator.comparison, parseNumber(b), parseNumber(a)));
    case 'Date':
      return literally(written, actual, (a, b) => ordered(operator.comparison, parseDate(b), parseDate(a)));
    default:
      return null;
  }
}

function matches(
  how: Pick<PatternOptions, 'like' | 'ignoreCase'>,
  written: Text,
  actual: Text,
  variables: VariableResolver | undefined,
): Tri {
  return matchText(written, actual, { like: how.like, ignoreCase: how.ignoreCase, ...(variables ? { variables } : {}) });
}

/** `true` and `false`. Whether equal texts of another kind match under Bool is documented nowhere. */
function matchBool(written: Text, actual: Text, variables: VariableResolver | undefined): Tri {
  const same = matches({ like: false, ignoreCase: true }, written, actual, variables);
  return same === true && !/^(true|false)$/i.test(actual.value) ? null : same;
}

/** Six colon parts, each matched alone; the last holds every further colon. Source: IAM guide, ARN operators. */
function matchArn(operator: Operator, written: Text, actual: Text, variables: VariableResolver | undefined): Tri {
  const value = split(actual, ':', 6);
  const pattern = split(written, ':', 6);
  // A hole may hold colons, and nothing says whether a lone star counts as an ARN.
  const vague = written.holes.length > 0 && (pattern.length < 6 || pattern.some(isHole));
  if (value.length < 6) return isHole(actual) ? null : false;
  if (vague || written.value === '*') return null;
  if (pattern.length < 6) return false;
  return all(pattern.map((part, i) => matches(operator, part, value[i]!, variables)));
}

function literally(written: Text, actual: Text, test: (written: string, actual: string) => boolean): Tri {
  const a = literal(written);
  const b = literal(actual);
  return a === undefined || b === undefined ? null : test(a, b);
}

/** A number or a moment as operators of the two families read it; undefined for anything else. */
export function numberOf(family: 'Numeric' | 'Date', text: string): number | undefined {
  return family === 'Numeric' ? parseNumber(text) : parseDate(text);
}

function parseNumber(text: string): number | undefined {
  const value = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : undefined;
}

/** Whether a number of the request meets one of the policy, negation aside. */
export function ordered(comparison: Comparison | undefined, actual: number | undefined, written: number | undefined): boolean {
  if (actual === undefined || written === undefined) return false;
  switch (comparison) {
    case 'less':
      return actual < written;
    case 'less-or-equal':
      return actual <= written;
    case 'greater':
      return actual > written;
    case 'greater-or-equal':
      return actual >= written;
    default:
      return actual === written;
  }
}
