import type { Text } from '../text/text';
import { literal } from '../text/texts';

/** What an operator compares. */
export type OperatorFamily = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn' | 'Null';
/** How it compares, negation aside. */
export type Comparison = 'equals' | 'like' | 'less' | 'less-or-equal' | 'greater' | 'greater-or-equal' | 'exists';

/** A condition operator taken apart: `ForAnyValue:StringNotLikeIfExists`. */
export interface Operator {
  readonly written: string;
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  /** The name in IAM's own case, without set prefix and `IfExists`; as written where it is not known. */
  readonly base: string;
  readonly ifExists: boolean;
  /** False for a name that IAM does not have, and for a hole (see {@link hole}). */
  readonly known: boolean;
  /** True when a hole stands in it: it may be any operator. */
  readonly hole: boolean;
  readonly family?: OperatorFamily;
  readonly comparison?: Comparison;
  /** `StringNotEquals` and its like: true for an absent key. */
  readonly negated: boolean;
  /** Expands `*` and `?`: `StringLike`, `StringNotLike` and all ARN operators. */
  readonly like: boolean;
  readonly ignoreCase: boolean;
  /** Takes policy variables in its values. */
  readonly variables: boolean;
}

type Shape = Pick<Operator, 'base' | 'family' | 'comparison' | 'negated' | 'like' | 'ignoreCase' | 'variables'>;

function shape(base: string, family: OperatorFamily, comparison: Comparison, negated = false): Shape {
  return {
    base,
    family,
    comparison,
    negated,
    like: comparison === 'like',
    ignoreCase: base.endsWith('IgnoreCase'),
    variables: family === 'String' || family === 'Arn' || family === 'Bool',
  };
}

/** Every operator that IAM has. Source: IAM guide, reference_policies_elements_condition_operators. */
const shapes: readonly Shape[] = [
  shape('StringEquals', 'String', 'equals'),
  shape('StringNotEquals', 'String', 'equals', true),
  shape('StringEqualsIgnoreCase', 'String', 'equals'),
  shape('StringNotEqualsIgnoreCase', 'String', 'equals', true),
  shape('StringLike', 'String', 'like'),
  shape('StringNotLike', 'String', 'like', true),
  ...(['Numeric', 'Date'] as const).flatMap((family) => [
    shape(`${family}Equals`, family, 'equals'),
    shape(`${family}NotEquals`, family, 'equals', true),
    shape(`${family}LessThan`, family, 'less'),
    shape(`${family}LessThanEquals`, family, 'less-or-equal'),
    shape(`${family}GreaterThan`, family, 'greater'),
    shape(`${family}GreaterThanEquals`, family, 'greater-or-equal'),
  ]),
  shape('Bool', 'Bool', 'equals'),
  shape('BinaryEquals', 'Binary', 'equals'),
  shape('IpAddress', 'IpAddress', 'equals'),
  shape('NotIpAddress', 'IpAddress', 'equals', true),
  // ArnEquals and ArnLike behave alike: both expand wildcards. Source: the same page.
  shape('ArnEquals', 'Arn', 'like'),
  shape('ArnLike', 'Arn', 'like'),
  shape('ArnNotEquals', 'Arn', 'like', true),
  shape('ArnNotLike', 'Arn', 'like', true),
  shape('Null', 'Null', 'exists'),
];

const byName = new Map(shapes.map((s) => [s.base.toLowerCase(), s]));
const sets = { forallvalues: 'ForAllValues', foranyvalue: 'ForAnyValue' } as const;

/** The operators by their plain names, for completion and near misses. */
export const operatorNames: readonly string[] = shapes.map((s) => s.base);

/** Takes a condition operator apart. Names are read without regard to case. Never throws; see `known`. */
export function parseOperator(text: Text | string): Operator {
  const written = typeof text === 'string' ? text : text.value;
  const hole = typeof text !== 'string' && literal(text) === undefined;
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? undefined : sets[written.slice(0, colon).toLowerCase() as keyof typeof sets];
  const rest = prefix ? written.slice(colon + 1) : written;
  const ifExists = /ifexists$/i.test(rest);
  const name = ifExists ? rest.slice(0, -'IfExists'.length) : rest;
  const found = hole ? undefined : byName.get(name.toLowerCase());
  // Null asks for existence itself, so that IfExists is an error there. Source: access analyzer policy checks.
  const known = found !== undefined && !(found.family === 'Null' && ifExists);
  return {
    written,
    base: name,
    negated: false,
    like: false,
    ignoreCase: false,
    variables: false,
    ...found,
    ifExists,
    known,
    hole,
    ...(prefix ? { set: prefix } : {}),
  };
}
