import type { ConditionKey } from '../../model/policy';
import { shownText } from '../../text/shown';
import { literal } from '../../text/texts';
import type { VariableResolver } from '../../text/wildcards/compile';
import { evaluate, isUnsettled, whenAbsent } from '../conditions/evaluate';
import { parseOperator, type Operator } from '../operators';
import { without } from './cells';
import { all, any, inside, not, unknown, whole, type Formula } from './formula';
import type { CallerKeys, FreeKey, KeyOfRequest } from './keys';
import type { PreparedStatement } from './prepared';
import type { Budget } from './solve';
import { named } from './symbols';
import { KeyVariable, type Compared } from './variables';

/** One operator with one key, in a statement. */
interface Entry {
  readonly operator: Operator;
  readonly key: ConditionKey;
  readonly of: KeyOfRequest;
  readonly place: string;
  readonly variables: VariableResolver | undefined;
  readonly reading: string;
}

/** The conditions of statements as they are for one caller: first all of them are looked at, then each is told apart from the others. */
export class CallerConditions {
  private readonly entries = new Map<PreparedStatement, readonly Entry[]>();
  private readonly variables = new Map<string, KeyVariable>();

  constructor(
    statements: Iterable<PreparedStatement>,
    keys: CallerKeys,
    private readonly budget: Budget,
  ) {
    const compared = new Map<string, { readonly key: FreeKey; readonly values: Compared[] }>();
    for (const statement of statements) {
      const entries = entriesOf(statement, keys);
      this.entries.set(statement, entries);
      for (const { operator, key, of, variables } of entries) {
        if (!('free' in of)) continue;
        let own = compared.get(of.free.id);
        if (!own) compared.set(of.free.id, (own = { key: of.free, values: [] }));
        if (!operator.known || operator.family === 'Null' || of.free.multivalued) continue;
        for (const value of key.values.values) own.values.push({ operator, value, variables, part: of.part });
      }
    }
    const dependent = [...compared.values()].filter(({ key }) => key.dependent).length;
    for (const [id, { key, values }] of compared)
      this.variables.set(id, new KeyVariable(key, values, key.certain && (!key.dependent || dependent === 1), budget));
  }

  /** The keys that are up to the request. */
  get free(): Iterable<KeyVariable> {
    return this.variables.values();
  }

  /** When the conditions of a statement hold. */
  formula(statement: PreparedStatement): Formula {
    const { condition } = statement.statement;
    const open = condition && (condition.open || condition.operators.some((each) => each.open));
    return all([
      ...this.entries.get(statement)!.map((entry) => this.ofEntry(entry)),
      ...(open ? [unknown(`${statement.id} condition`, 'conditions that a template may add')] : []),
    ]);
  }

  private ofEntry(entry: Entry): Formula {
    const { operator, key, of } = entry;
    if ('fixed' in of) {
      const result = evaluate(operator, key, of.fixed, operator.variables ? entry.variables : undefined);
      return result ?? this.whole(entry, of.fixed.name);
    }
    const variable = this.variables.get(of.free.id)!;
    if (!operator.known || isUnsettled(operator, key.values)) return this.whole(entry, of.free.name);
    if (operator.family === 'Null') return operator.set ? this.whole(entry, of.free.name) : this.ofNull(entry, variable);
    const present = inside(variable.variable, variable.present);
    const absent = whenAbsent(operator);
    const ifPresent = of.free.multivalued ? this.whole(entry, of.free.name, present) : this.ofPresent(entry, variable);
    return any([all([present, ifPresent]), all([not(present), absent ?? this.whole(entry, of.free.name, not(present))])]);
  }

  /** What is told by the condition as a whole alone: the same for the same condition. */
  private whole({ operator, key, of, place, reading }: Entry, name: string, within: Formula = true): Formula {
    const id = 'free' in of ? `${of.free.id} ${of.part}` : named(key.key, place).symbol;
    const values = key.values.values.map((value, i) => named(value, `${place}.${i}`).symbol).sort();
    const open = key.values.open ? place : '';
    const written = `${operator.set} ${operator.base.toLowerCase()} ${operator.ifExists} ${operator.hole ? place : ''}`;
    return unknown(
      `condition ${JSON.stringify([id, written, reading, values, open])}`,
      `the condition ${operator.written} on ${name}`,
      within,
    );
  }

  private ofNull({ key, place }: Entry, { variable, present }: KeyVariable): Formula {
    const results = key.values.values.map((value, i): Formula => {
      const text = literal(value)?.toLowerCase();
      if (text === 'true') return inside(variable, without(whole(variable), present));
      if (text === 'false') return inside(variable, present);
      return text === undefined && unknown(`null ${named(value, `${place}.${i}`).symbol}`, `the value ${shownText(value)} of Null`);
    });
    return any(key.values.open ? [...results, unknown(`${place} open`, 'values that a template may add')] : results);
  }

  private ofPresent({ operator, key, of, place, variables, reading }: Entry, variable: KeyVariable): Formula {
    const free = (of as { readonly free: FreeKey; readonly part?: string }).free;
    const { part } = of as { readonly part?: Compared['part'] };
    const results = key.values.values.map((value, i): Formula => {
      const found = variable.matching({ operator, value, variables, part }, this.budget);
      const sure = found ? inside(variable.variable, found.sure) : false;
      const open = found ? inside(variable.variable, found.open) : inside(variable.variable, variable.present);
      const how = [operator.family, operator.comparison, operator.ignoreCase, operator.variables && reading];
      const id = `value ${JSON.stringify([free.id, part, how, named(value, `${place}.${i}`).symbol])}`;
      return any([sure, unknown(id, `the value ${shownText(value)} of ${operator.written} on ${free.name}`, open)]);
    });
    if (key.values.open) results.push(unknown(`${place} open`, `values that a template may add to ${free.name}`));
    return operator.negated ? not(any(results)) : any(results);
  }
}

function entriesOf(each: PreparedStatement, keys: CallerKeys): Entry[] {
  const entries: Entry[] = [];
  for (const [o, block] of (each.statement.condition?.operators ?? []).entries()) {
    const operator = parseOperator(block.key);
    for (const [k, key] of block.keys.entries()) {
      const place = `${each.id}.c${o}.${k}`;
      const { variables, reading } = each.policy;
      entries.push({ operator, key, of: keys.of(key.key, place), place, variables, reading });
    }
  }
  return entries;
}
