import { plain, split } from '../../text/texts';
import type { Text } from '../../text/text';
import {
  compilePattern,
  ANY_ONE,
  STAR,
  UNKNOWN,
  WITHIN_PART,
  type PatternSymbol,
  type VariableResolver,
} from '../../text/wildcards/compile';
import type { Comparison, Operator } from '../operators';
import { ONE_WITHIN_COLONS, WITHIN_COLONS, type Pattern } from './automata';
import { add, cellsWhere, noCells, type Cells } from './cells';
import { codesOf } from '../../text/regular/expression';
import type { Variable } from './formula';
import { partOfCluster, type ClusterPart, type FreeKey } from './keys';
import { compareValue, numberOf, ordered } from '../conditions/compare';
import { representatives } from './partition';
import { spend, type Budget } from './solve';

/** One value that a condition compares a key with. */
export interface Compared {
  readonly operator: Operator;
  readonly value: Text;
  readonly variables: VariableResolver | undefined;
  readonly part: ClusterPart | undefined;
}

/** Families whose comparison is one of texts; all others are exact by themselves alone. */
const ofTexts: ReadonlySet<string> = new Set(['String', 'Arn', 'Bool', 'Binary']);

/** The values of one key in a caller's requests, divided by all that conditions compare it with. */
export class KeyVariable {
  /** What is compared by its order: a family of numbers or dates, where nothing else is compared with the key. */
  readonly ordered: 'Numeric' | 'Date' | undefined;
  private readonly thresholds: readonly number[];
  /** The values that stand for the cells; undefined for the key's absence, which is cell 0. */
  readonly values: readonly (string | undefined)[];
  readonly variable: Variable;
  /** The cells of values that are texts by themselves. */
  readonly cellOf = new Map<string, number>();

  constructor(
    readonly key: FreeKey,
    compared: readonly Compared[],
    certain: boolean,
    budget: Budget,
  ) {
    const families = new Set(compared.map(({ operator }) => operator.family));
    const [family] = families;
    this.ordered = families.size === 1 && !key.isCluster && (family === 'Numeric' || family === 'Date') ? family : undefined;
    this.thresholds = this.ordered ? thresholdsOf(this.ordered, compared) : [];
    const texts = this.ordered ? orderedValues(this.ordered, this.thresholds) : textValues(key, compared, budget);
    this.values = key.presence === 'always' ? texts : [undefined, ...texts];
    for (const [cell, value] of this.values.entries()) if (value !== undefined) this.cellOf.set(value, cell);
    const size = this.values.length;
    this.variable = {
      size,
      certain,
      words: `the value of ${key.name}`,
      assumed: cellsWhere(size, (cell) => key.presence !== 'assumed' || this.values[cell] !== undefined),
    };
  }

  get present(): Cells {
    return cellsWhere(this.values.length, (cell) => this.values[cell] !== undefined);
  }

  /**
   * The cells in which a value of a policy matches, negation aside, and those in which it is unknown whether it does; undefined where
   * cells don't tell.
   */
  matching(compared: Compared, budget: Budget): { readonly sure: Cells; readonly open: Cells } | undefined {
    const { operator, value, variables, part } = compared;
    const none = noCells(this.values.length);
    if (this.ordered) return this.orderedMatching(operator.comparison, value);
    if (!ofTexts.has(operator.family!) || (operator.family === 'Binary' && value.holes.length > 0)) return undefined;
    const text = exactText(compared);
    if (text !== undefined) {
      const sure = noCells(this.values.length);
      const cell = this.cellOf.get(text);
      if (cell !== undefined) add(sure, cell);
      spend(budget, sure.length + 1);
      return { sure, open: none };
    }
    spend(budget, this.values.length * 8);
    const answers = this.values.map((each) =>
      each === undefined
        ? false
        : compareValue(
            operator,
            value,
            plain(this.key.isCluster ? partOfCluster(each, part) : each),
            operator.variables ? variables : undefined,
          ),
    );
    return {
      sure: cellsWhere(answers.length, (cell) => answers[cell] === true),
      open: cellsWhere(answers.length, (cell) => answers[cell] === null),
    };
  }

  private orderedMatching(comparison: Comparison | undefined, value: Text) {
    const number = value.holes.length === 0 ? numberOf(this.ordered!, value.value) : undefined;
    const none = noCells(this.values.length);
    if (number === undefined) return value.holes.length === 0 ? { sure: none, open: none } : undefined;
    const index = this.thresholds.indexOf(number);
    if (index < 0) return undefined;
    // The key's absence and what is no number come first.
    const first = this.values.length - this.thresholds.length * 2 - 1;
    const at = first + 1 + index * 2;
    return { sure: cellsWhere(this.values.length, (cell) => cell >= first && ordered(comparison, cell, at)), open: none };
  }
}

/** The text that a value matches alone, and that matches nothing but it; undefined for any other value. */
export function exactText({ operator, value, variables, part }: Compared): string | undefined {
  if (part !== undefined || value.holes.length > 0 || operator.ignoreCase) return undefined;
  if (operator.family !== 'String' && operator.family !== 'Binary') return undefined;
  if (operator.like && /[*?]/.test(value.value)) return undefined;
  return variables && operator.variables && value.value.includes('${') ? undefined : value.value;
}

function textValues(key: FreeKey, compared: readonly Compared[], budget: Budget): string[] {
  const literals = new Set<string>(key.usual);
  const patterns = new Map<string, Pattern>();
  for (const each of compared) {
    if (!ofTexts.has(each.operator.family!)) continue;
    const text = exactText(each);
    if (text !== undefined) literals.add(text);
    else for (const pattern of patternsOf(each)) patterns.set(`${pattern.ignoreCase} ${pattern.symbols.join()}`, pattern);
  }
  const { domain, preferred } = key;
  return representatives(
    { patterns: [...patterns.values()], literals, ...(domain ? { domain } : {}), ...(preferred ? { preferred } : {}) },
    budget,
  );
}

/** The patterns by which it is told whether a value may match. What no file tells counts as any text there. */
function patternsOf({ operator, value, variables, part }: Compared): Pattern[] {
  const read = (text: Text): number[] => {
    const how = { like: operator.like, ignoreCase: operator.ignoreCase || operator.family === 'Bool' };
    const symbols = compilePattern(text, variables && operator.variables ? { ...how, variables: 'unknown' } : how) ?? [];
    return symbols.map(asKnown);
  };
  const ignoreCase = operator.ignoreCase || operator.family === 'Bool';
  if (operator.family === 'Binary') return [];
  if (operator.family === 'Arn') {
    // As conditions/compare.ts splits them: six parts, the last of which holds every further colon.
    const parts = split(value, ':', 6).map(read);
    const own = parts.length < 6 ? [] : parts.map((symbols, i) => (i < 5 ? symbols.map(withinColons) : symbols));
    return [anyArn, ...(own.length > 0 ? [joined(own)] : [])].map((symbols) => ({ symbols: inCluster(symbols, part), ignoreCase }));
  }
  return [{ symbols: inCluster(read(value), part), ignoreCase }];
}

function asKnown(symbol: PatternSymbol): number {
  return typeof symbol === 'string' || symbol <= UNKNOWN ? STAR : symbol;
}

function withinColons(symbol: number): number {
  return symbol === STAR ? WITHIN_COLONS : symbol === ANY_ONE ? ONE_WITHIN_COLONS : symbol;
}

function joined(parts: readonly (readonly number[])[]): number[] {
  return parts.flatMap((part, i) => (i === 0 ? part : [COLON, ...part]));
}

const COLON = 0x3a;
const anyArn = joined([...Array.from({ length: 5 }, () => [WITHIN_COLONS]), [STAR]]);

/** A pattern of a part of a cluster's ARN as one of the whole. */
function inCluster(symbols: readonly number[], part: ClusterPart | undefined): readonly number[] {
  if (part === undefined) return symbols;
  const head = [...codesOf('arn:'), WITHIN_PART, ...codesOf(':eks:'), WITHIN_PART, COLON];
  return part === 'account'
    ? [...head, ...symbols, ...codesOf(':cluster/'), STAR]
    : [...head, WITHIN_PART, ...codesOf(':cluster/'), ...symbols];
}

/** The numbers that are written, ascending. */
function thresholdsOf(family: 'Numeric' | 'Date', compared: readonly Compared[]): number[] {
  const numbers = new Set<number>();
  for (const { value } of compared) {
    const number = value.holes.length === 0 ? numberOf(family, value.value) : undefined;
    if (number !== undefined && Number.isFinite(number)) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** A value that is no number, and then by their order: one below all thresholds, the first of them, one between it and the next, … */
function orderedValues(family: 'Numeric' | 'Date', thresholds: readonly number[]): string[] {
  const text = (number: number): string => {
    if (family === 'Numeric') return String(number);
    return Math.abs(number) < 8e15 ? new Date(number).toISOString() : 'x';
  };
  const [first, last] = [thresholds[0] ?? 0, thresholds[thresholds.length - 1] ?? 0];
  const values = ['x', text(first - 1000)];
  for (const [i, threshold] of thresholds.entries()) {
    const next = thresholds[i + 1];
    values.push(text(threshold), text(next === undefined ? last + 1000 : (threshold + next) / 2));
  }
  return values;
}
