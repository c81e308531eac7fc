import { all, any, not, type Tri } from '../../text/tri';
import type { Text } from '../../text/text';
import { isIdentical, literal } from '../../text/texts';
import type { ConditionKey } from '../../model/policy';
import type { Operator } from '../operators';
import type { VariableResolver } from '../../text/wildcards/compile';
import type { Lookup } from '../request/lookup';
import { compareValue } from './compare';

/**
 * Whether one operator with one key holds. Sources: IAM guide, reference_policies_elements_condition_operators
 * (missing keys, IfExists, Null) and reference_policies_multi-value-conditions (values, negation, set operators).
 */
export function evaluate(operator: Operator, key: ConditionKey, lookup: Lookup, variables: VariableResolver | undefined): Tri {
  if (!operator.known) return null;
  if (operator.family === 'Null') return operator.set ? null : evaluateNull(key, lookup.presence);
  if (isUnsettled(operator, key.values)) return null;
  if (lookup.presence === false) return whenAbsent(operator);
  const there = whenPresent(operator, key, lookup, variables);
  if (lookup.presence === true) return there;
  return there === whenAbsent(operator) ? there : null;
}

/** A negated operator with an empty list of values: no source says whether it holds. */
export function isUnsettled(operator: Operator, values: { readonly values: readonly unknown[]; readonly open: boolean }): boolean {
  return operator.negated && values.values.length === 0 && !values.open;
}

/**
 * What holds when the request lacks the key. Null for `ForAnyValue:…IfExists`: by the text of IfExists it holds, in the
 * one published test on AWS (re:Post, 2024) it does not.
 */
export function whenAbsent(operator: Operator): Tri {
  if (operator.set === 'ForAnyValue') return operator.ifExists ? null : false;
  return operator.ifExists || operator.set === 'ForAllValues' || operator.negated;
}

function evaluateNull(key: ConditionKey, presence: Tri): Tri {
  const results = key.values.values.map((value): Tri => {
    const text = literal(value)?.toLowerCase();
    if (text === 'true') return not(presence);
    if (text === 'false') return presence;
    return text === undefined ? null : false;
  });
  return any(key.values.open ? [...results, null] : results);
}

function whenPresent(operator: Operator, key: ConditionKey, lookup: Lookup, variables: VariableResolver | undefined): Tri {
  const one = (actual: Lookup['values'][number]): Tri => {
    const matches: Tri[] = [];
    for (const written of key.values.values) {
      const match = isSameValue(operator, written, lookup) || compareValue(operator, written, actual, variables);
      matches.push(match);
      if (match === true) break;
    }
    if (key.values.open) matches.push(null);
    const found = any(matches);
    return operator.negated ? not(found) : found;
  };
  const each = lookup.values.map(one);
  if (operator.set === 'ForAllValues') return all(each);
  if (operator.set === 'ForAnyValue') return any(each);
  // Without a set operator a key of several values is not defined; it is sure only where all agree.
  return each.every((r) => r === each[0]) ? (each[0] ?? null) : null;
}

/** Whether a value written in the policy surely is the request's though no file tells it: both are one value of one program. */
function isSameValue(operator: Operator, written: Text, { identified }: Lookup): boolean {
  return identified !== undefined && operator.family === 'String' && (written === identified || isIdentical(written, identified));
}
