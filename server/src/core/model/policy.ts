import type { Span } from '../text/span';
import type { Text } from '../text/text';

/**
 * An IAM policy document as written: nothing is normalised away, so that rules can point at it.
 * Made by readers/policyDocument.ts from any tree (JSON, YAML, later HCL), judged by trust/.
 */
export interface PolicyDocument {
  readonly span: Span;
  readonly version?: PolicyValue;
  readonly id?: PolicyValue;
  readonly statements: readonly Statement[];
  /** True when `Statement` is absent altogether; an empty list gives no statements and false. */
  readonly statementMissing: boolean;
  /** Where the statement list stands, for edits and for "empty" problems. */
  readonly statementSpan?: Span;
  /** What the grammar of IAM policies does not allow, found while reading (keys twice, unknown elements, wrong shapes). */
  readonly problems: readonly PolicyProblem[];
  /** True when a template may add statements. */
  readonly open: boolean;
  /** Set where the policy holds more than is judged: how much, and the limit, in plain words. Then no statement is here and `open` is true. */
  readonly tooLarge?: string;
  /** The number of characters that count for the quota (no white space), or undefined where holes or templates hide it. */
  readonly quotaLength?: number;
  /**
   * How the document is written, for edits: JSON text, a YAML map, an HCL object, the blocks of Terraform's
   * `aws_iam_policy_document`, or the arguments of a Terraform module that makes it: there nothing can be added.
   */
  readonly form: 'json' | 'yaml' | 'hcl' | 'hcl-blocks' | 'hcl-module';
}

/** A value with its key's place. `text` is absent where the value is not a scalar. */
export interface PolicyValue {
  readonly key: Text;
  readonly text?: Text;
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'map' | 'list' | 'unknown';
  readonly span: Span;
}

export interface PolicyProblem {
  readonly code:
    | 'json' // not JSON: IAM answers "This policy contains invalid Json"
    | 'duplicate-key'
    | 'unknown-element'
    | 'wrong-type'
    | 'empty-statement'
    | 'characters';
  readonly span: Span;
  /** What is so, in a sentence without the consequence. */
  readonly message: string;
  /** The element concerned (`Statement`, `Condition`, …), where there is one. */
  readonly element?: string;
}

export interface Statement {
  /** From 0, in the order of the document. */
  readonly index: number;
  readonly span: Span;
  readonly sid?: PolicyValue;
  readonly effect?: PolicyValue;
  readonly principal?: PrincipalElement;
  readonly notPrincipal?: PrincipalElement;
  readonly action?: ValueList;
  readonly notAction?: ValueList;
  readonly resource?: ValueList;
  readonly notResource?: ValueList;
  readonly condition?: ConditionElement;
  /** True when a template may add elements to the statement. */
  readonly open: boolean;
}

/** One or several values of an element. */
export interface ValueList {
  readonly key: Text;
  /** The whole value: the string, or the list with its brackets. */
  readonly span: Span;
  readonly values: readonly ListValue[];
  /** True when it is written as a list. */
  readonly list: boolean;
  /** True when a template may add values, or the value is not readable. */
  readonly open: boolean;
}

export interface ListValue extends Text {
  readonly type: 'string' | 'number' | 'boolean' | 'null';
}

export interface PrincipalElement {
  readonly key: Text;
  readonly span: Span;
  /** Set when the element is a string: `"*"`, or a template. */
  readonly wildcard?: Text;
  /** `Federated`, `Service`, `AWS`, `CanonicalUser`: in source order. */
  readonly kinds: readonly ValueList[];
  readonly open: boolean;
}

export interface ConditionElement {
  readonly key: Text;
  readonly span: Span;
  readonly operators: readonly ConditionOperator[];
  readonly open: boolean;
}

export interface ConditionOperator {
  /** The operator as written, set prefix and IfExists included: `ForAnyValue:StringLikeIfExists`. */
  readonly key: Text;
  readonly span: Span;
  readonly keys: readonly ConditionKey[];
  readonly open: boolean;
}

/** One condition key with its values: the smallest thing that can fail. */
export interface ConditionKey {
  readonly key: Text;
  /** Key and values. */
  readonly span: Span;
  readonly values: ValueList;
}
