import type { ConditionKey, ConditionOperator, ListValue, Statement } from '../../model/policy';
import { claimName, parseConditionKey, type ClaimKey } from '../../trust/conditionKey';
import { isUnsettled, whenAbsent } from '../../trust/conditions/evaluate';
import { parseOperator, type Operator } from '../../trust/operators';
import type { Text } from '../../text/text';
import { literal, plain } from '../../text/texts';
import type { Tri } from '../../text/tri';
import { matchText } from '../../text/wildcards/match';
import { issuerOfProviders, type Provider } from './providers';

/** One condition of a statement: an operator, a key and its values. The smallest thing that can fail. */
export interface Atom {
  readonly node: ConditionOperator;
  readonly operator: Operator;
  readonly entry: ConditionKey;
  readonly key: Text;
  readonly values: readonly ListValue[];
  /** Set when the key is a claim of a token. */
  readonly claim?: ClaimKey;
  /** The claim in lower case: `sub`, `aud`. Absent for other keys and holes. */
  readonly name?: string;
  /** Whether the claim's issuer is that of the statement's provider. */
  readonly ours: Tri;
}

export function atomsOf(statement: Statement, providers: readonly Provider[]): readonly Atom[] {
  return (statement.condition?.operators ?? []).flatMap((node) => {
    const operator = parseOperator(node.key);
    return node.keys.map((entry) => {
      const claim = parseConditionKey(entry.key);
      const name = claim && claimName(claim);
      return {
        node,
        operator,
        entry,
        key: entry.key,
        values: entry.values.values,
        ours: claim ? issuerOfProviders(claim.issuer, providers) : false,
        ...(claim ? { claim } : {}),
        ...(name !== undefined ? { name } : {}),
      };
    });
  });
}

/** What a condition comes to for every token: false for all, true for all, or it depends. */
export type Holds = 'never' | 'always' | 'partly';

/** A value that differs from the token's whatever the pod: positive operators fail, negated ones hold. */
export function holdsWhenDifferent(operator: Operator): Holds {
  return operator.negated ? 'always' : 'never';
}

/**
 * The same for a key that the request does not have; undefined where no source says.
 * Source: IAM guide, condition operators: negated operators, IfExists and ForAllValues are true without the key.
 */
export function holdsWhenAbsent(atom: Atom): Holds | undefined {
  const { operator } = atom;
  if (operator.family === 'Null') {
    // Values are ORed; one that is neither "true" nor "false" matches nothing.
    const values = atom.values.map((value) => literal(value)?.toLowerCase());
    if (values.includes('true') && !operator.set) return 'always';
    return operator.set || atom.entry.values.open || values.includes(undefined) ? undefined : 'never';
  }
  if (isUnsettled(operator, atom.entry.values)) return undefined;
  const holds = whenAbsent(operator);
  return holds === null ? undefined : holds ? 'always' : 'never';
}

/** Whether a value of a String operator may match a text: a policy variable may be anything. A value with holes is taken to match nothing. */
export function mayTake(value: Text, { like, ignoreCase }: Pick<Operator, 'like' | 'ignoreCase'>, text: string): boolean {
  return value.holes.length === 0 && matchText(value, plain(text), { like, ignoreCase, variables: 'unknown' }) !== false;
}
