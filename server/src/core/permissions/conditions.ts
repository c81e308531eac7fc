import type { ConditionElement, ConditionKey } from '../model/policy';
import { parseOperator, type Operator } from '../trust/operators';

/** So many values of a key are said; the rest are counted. */
const shownValues = 3;

/** A statement's conditions in words, all of which must hold: `kms:ViaService = s3.eu-west-1.amazonaws.com`. Undefined without any. */
export function conditionWords(condition: ConditionElement | undefined): string | undefined {
  const parts = (condition?.operators ?? []).flatMap((operator) =>
    operator.keys.map((key) => oneCondition(parseOperator(operator.key), key)),
  );
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function oneCondition(operator: Operator, condition: ConditionKey): string {
  const key = condition.key.value;
  const values = condition.values.values.map((value) => value.value);
  const words = listed(values);
  if (operator.base === 'Null') return `${key} is ${values.some((value) => value.toLowerCase() === 'true') ? 'absent' : 'present'}`;
  const set = operator.set === 'ForAllValues' ? 'every ' : operator.set === 'ForAnyValue' ? 'one of ' : '';
  return `${set}${key} ${sign(operator)} ${words}${operator.ifExists || operator.set === 'ForAllValues' ? ' (or is absent)' : ''}`;
}

function sign(operator: Operator): string {
  switch (operator.comparison) {
    case 'like':
      return operator.negated ? 'not like' : 'like';
    case 'less':
      return '<';
    case 'less-or-equal':
      return '≤';
    case 'greater':
      return '>';
    case 'greater-or-equal':
      return '≥';
    default:
      if (operator.family === 'IpAddress') return operator.negated ? 'not in' : 'in';
      return operator.known ? (operator.negated ? '≠' : '=') : operator.written;
  }
}

function listed(values: readonly string[]): string {
  if (values.length === 0) return 'nothing';
  const shown = values.slice(0, shownValues);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} or ${more} more`;
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} or ${shown[shown.length - 1]!}`;
}
