import { all, any, not, type Tri } from '../text/tri';
import type { Statement, ValueList } from '../model/policy';
import { matchText } from '../text/wildcards/match';
import { plain } from '../text/texts';

/**
 * Whether a statement speaks of an action (`sts:AssumeRoleWithWebIdentity`).
 * Prefix and name are compared without regard to case, `*` and `?` are wildcards.
 * Source: IAM guide, reference_policies_elements_action.
 */
export function matchesAction(statement: Statement, action: string): Tri {
  const { action: list, notAction } = statement;
  if (!list && !notAction) return statement.open ? null : false;
  return all([list ? anyMatches(list, action) : true, notAction ? not(anyMatches(notAction, action)) : true]);
}

function anyMatches(list: ValueList, action: string): Tri {
  const value = plain(action);
  const options = { like: true, ignoreCase: true };
  const found = any(list.values.map((pattern) => matchText(pattern, value, options)));
  return list.open ? any([found, null]) : found;
}
