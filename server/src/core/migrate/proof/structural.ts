import { meaningOf } from '../../trust/compare/symbols';
import type { PolicyDocument, Statement, ValueList } from '../../model/policy';
import { literal } from '../../text/texts';
import { parseOperator } from '../../trust/operators';
import { refusals } from '../../trust/refusals';
import type { PolicySet } from '../../trust/compare/types';

/**
 * Whether everything that one side allows is allowed by the other, as far as their texts alone tell: each statement that
 * allows stands on the other side too, as it is or with more values where values are alternatives, in a document that denies
 * no more and that IAM takes. True is a proof, also where values aren't known: a text that both sides have is one value.
 * False says nothing.
 */
export function isIncludedByText(all: PolicySet, part: PolicySet): boolean {
  const accepted = all.filter((document) => !document.open || part.some((other) => other.open)).map(summaryOf);
  return part.every((document) => {
    if (document.open && !all.some((other) => other.open)) return false;
    const { allows, denies, version, refused } = summaryOf(document);
    return allows.every((statement) =>
      accepted.some(
        (other) =>
          other.version === version &&
          (other.refused === 0 || (other.refused <= refused && accepted.length === part.length)) &&
          [...other.denies].every((deny) => denies.has(deny)) &&
          other.allows.some((candidate) => allowsAll(candidate, statement)),
      ),
    );
  });
}

interface Summary {
  readonly version: string;
  readonly refused: number;
  readonly allows: readonly Statement[];
  readonly denies: ReadonlySet<string>;
}

function summaryOf(document: PolicyDocument): Summary {
  const isAllow = (statement: Statement): boolean => literal(statement.effect?.text) === 'Allow';
  return {
    version: document.version?.text?.value ?? '',
    refused: refusals(document).length + document.problems.length,
    allows: document.statements.filter(isAllow),
    denies: new Set(document.statements.filter((statement) => !isAllow(statement)).map(meaningOf)),
  };
}

/** Whether a statement is another one, or that with more values in lists of alternatives. */
function allowsAll(statement: Statement, part: Statement): boolean {
  if (meaningOf(statement) === meaningOf(part)) return true;
  if (statement.open || part.open) return false;
  const rest = ({ condition: _condition, sid: _sid, ...others }: Statement): string => meaningOf(others);
  if (rest(statement) !== rest(part)) return false;
  const [own, other] = [statement.condition?.operators ?? [], part.condition?.operators ?? []];
  if (own.length !== other.length || statement.condition?.open || part.condition?.open) return false;
  return own.every((operator, i) => {
    const same = other[i]!;
    if (operator.key.value !== same.key.value || operator.open || same.open || operator.keys.length !== same.keys.length) return false;
    const { known, negated } = parseOperator(operator.key);
    const isWidening = known && !negated && /^(?:String|Arn)(?:Equals|Like|EqualsIgnoreCase)$/.test(operator.key.value);
    return operator.keys.every((key, k) => {
      const others = same.keys[k]!;
      if (key.key.value !== others.key.value) return false;
      return isWidening ? hasAll(key.values, others.values) : written(key.values) === written(others.values);
    });
  });
}

function hasAll(list: ValueList, part: ValueList): boolean {
  if (list.open !== part.open || (part.open && list.values.length < part.values.length)) return false;
  const values = new Set(list.values.map(valueKey));
  return part.values.length > 0 && part.values.every((value) => values.has(valueKey(value)));
}

function written(list: ValueList): string {
  return JSON.stringify([list.open, list.values.map(valueKey)]);
}

/** A value by what it is: holes by their identity, which in one text at one place is the text itself. */
function valueKey({ value, holes, type }: ValueList['values'][number]): string {
  return JSON.stringify([value, type, holes.map(({ start, end, identity, source }) => [start, end, identity ?? source])]);
}
