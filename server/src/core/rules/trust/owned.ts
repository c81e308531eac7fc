import type { Rule } from '../rule';
import type { ConditionRule } from './conditionRule';
import { reportOwned } from './owners';

/** Makes a rule for the registry: it reports the conditions that are its own. */
export function owned(rule: ConditionRule): Rule {
  const { find: _, ...meta } = rule;
  return { ...meta, checks: { trustPolicy: (fact, context) => reportOwned(rule.id, fact, context) } };
}
