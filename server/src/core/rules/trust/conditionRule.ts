import type { Finding, Fix, Level, Rule, RuleContext } from '../rule';
import type { Span } from '../../text/span';
import type { Atom, Holds } from './atoms';
import type { PodStatement } from './statements';

/**
 * A rule on one condition. It only finds; owners.ts asks the rules in turn and gives each condition to the first
 * that claims it, so that one mistake is reported once.
 */
export interface ConditionRule extends Omit<Rule, 'checks'> {
  /** Empty: this condition is none of this rule's. */
  find(atom: Atom, statement: PodStatement): readonly Mistake[];
}

/** What is wrong with a condition, or with one of its values. */
export interface Mistake {
  readonly span: Span;
  /** What it makes of the condition for every token; `partly` when other values still can match. */
  readonly holds: Holds;
  /** The whole message. */
  readonly message: string;
  readonly level?: Exclude<Level, 'off'>;
  readonly fixes?: (context: RuleContext) => readonly Fix[];
  readonly related?: Finding['related'];
  /** True where the same mistake is reported at another place: the condition is owned, and nothing is said here. */
  readonly silent?: boolean;
  /** True when something elsewhere in the workspace makes it right after all (a custom audience). */
  readonly unless?: (context: RuleContext) => boolean;
}
